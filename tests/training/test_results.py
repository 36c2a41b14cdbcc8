"""Reports and answers as services take them: by whom, until when, once."""

from datetime import date, datetime

import pytest
from auditlog.models import LogEntry

from tests.conftest import JAPAN, TODAY, account
from tests.factories import (
    AttendanceFactory,
    CompletionFactory,
    SurveyAnswerFactory,
    TrainingReportFactory,
    UserFactory,
)
from tests.together import together
from training.models import AttendanceStatus, SurveyAnswer, TrainingReport
from training.services.results import (
    AlreadyAnsweredError,
    NotCompletedError,
    NotOwnTrainingError,
    OwnReportError,
    ReportChangedError,
    ReportReadError,
    SurveyShutError,
    answer_survey,
    confirm_report,
    save_draft,
    submit_report,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=JAPAN)
LATER = datetime(2026, 11, 23, 15, tzinfo=JAPAN)
TEXTS = {"learned": "見直し方", "use": "窓口の申請書を減らす"}
BEST = {"understanding": 5, "usefulness": 5, "satisfaction": 5, "comment": "よかったです。"}


def finished(**values):
    """A completion of last week, and the account of the person."""
    place = CompletionFactory(offering__starts_on=date(2026, 11, 16), **values)
    return place, account(place.staff)


def confirm(report, by, seen=NOON, comment=""):
    return confirm_report(report=report, seen=seen, comment=comment, by=by, at=LATER)


# --- 受講報告書 ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_draft_is_kept_and_then_handed_in():
    place, user = finished()

    save_draft(place=place, learned="途中まで", use="", by=user)
    report = submit_report(place=place, **TEXTS, by=user, at=NOON)

    stored = TrainingReport.objects.get()
    assert stored == report
    assert (stored.learned, stored.use, stored.submitted_at) == (*TEXTS.values(), NOON)


@pytest.mark.django_db
def test_the_same_report_twice_is_handed_in_once():
    place, user = finished()

    submit_report(place=place, **TEXTS, by=user, at=NOON)
    submit_report(place=place, **TEXTS, by=user, at=LATER)

    assert TrainingReport.objects.get().submitted_at == NOON


@pytest.mark.django_db
def test_a_report_handed_in_may_be_corrected_until_it_is_read(head):
    place, user = finished()
    report = submit_report(place=place, **TEXTS, by=user, at=NOON)

    corrected = submit_report(place=place, learned="直した", use="直した", by=user, at=LATER)
    confirm(report, head, seen=LATER)

    assert corrected.submitted_at == LATER
    with pytest.raises(ReportReadError, match="確認済みの報告書は直せません。"):
        submit_report(place=place, **TEXTS, by=user, at=LATER)
    assert TrainingReport.objects.get().learned == "直した"


@pytest.mark.django_db
def test_a_report_handed_in_does_not_become_a_draft_again():
    place, user = finished()
    submit_report(place=place, **TEXTS, by=user, at=NOON)

    with pytest.raises(ReportReadError, match="下書きに戻せません。"):
        save_draft(place=place, learned="消す", use="", by=user)

    assert TrainingReport.objects.get().learned == TEXTS["learned"]


@pytest.mark.django_db
def test_a_report_is_written_by_nobody_else():
    place, _ = finished()

    with pytest.raises(NotOwnTrainingError):
        save_draft(place=place, **TEXTS, by=UserFactory())

    assert not TrainingReport.objects.exists()


@pytest.mark.django_db
def test_a_report_is_about_a_completion_only():
    place = AttendanceFactory(status=AttendanceStatus.LEFT_EARLY)

    with pytest.raises(NotCompletedError, match="修了した研修だけ"):
        submit_report(place=place, **TEXTS, by=account(place.staff), at=NOON)


@pytest.mark.django_db
def test_reading_is_written_down_with_who_when_and_what(head):
    report = TrainingReportFactory(submitted_at=NOON)

    confirm(report, head, comment="よく書けています。")

    report.refresh_from_db()
    assert (report.read_by, report.read_at, report.comment) == (head, LATER, "よく書けています。")


@pytest.mark.django_db
def test_reading_twice_is_once_and_a_second_reader_is_told(head, hr):
    report = TrainingReportFactory(submitted_at=NOON)
    confirm(report, head, comment="了解")
    confirm(report, head, comment="了解")

    with pytest.raises(ReportReadError, match="ほかの人が先に確認済みに"):
        confirm(report, hr, comment="別の言葉")

    report.refresh_from_db()
    assert (report.read_by, report.comment) == (head, "了解")


@pytest.mark.django_db
def test_a_report_changed_since_it_was_opened_is_not_confirmed_unread(head):
    report = TrainingReportFactory(submitted_at=LATER)

    with pytest.raises(ReportChangedError, match="本人が報告書を直しました。"):
        confirm(report, head, seen=NOON)

    report.refresh_from_db()
    assert report.read_at is None


@pytest.mark.django_db
def test_a_draft_is_not_confirmed(head):
    with pytest.raises(ReportChangedError):
        confirm(TrainingReportFactory(), head)


@pytest.mark.django_db
def test_nobody_confirms_their_own_report():
    report = TrainingReportFactory(submitted_at=NOON)

    with pytest.raises(OwnReportError):
        confirm(report, account(report.attendance.staff))


@pytest.mark.django_db(transaction=True)
def test_a_correction_and_a_confirmation_at_once_leave_what_was_read_as_it_was_read():
    place, user = finished()
    report = submit_report(place=place, **TEXTS, by=user, at=NOON)
    reader = UserFactory()

    for _ in range(5):
        TrainingReport.objects.update(
            **TEXTS, submitted_at=NOON, read_at=None, read_by=None, comment=""
        )
        answers = together(
            [
                lambda: submit_report(place=place, learned="直", use="直", by=user, at=LATER),
                lambda: confirm(report, reader),
            ]
            * 3
        )

        stored = TrainingReport.objects.get()
        refused = {type(one) for one in answers if isinstance(one, Exception)}
        assert (stored.learned, stored.read_at, refused) in (
            ("直", None, {ReportChangedError}),
            (TEXTS["learned"], LATER, {ReportReadError}),
        )


# --- アンケート ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_answers_are_kept():
    place, user = finished()

    answer_survey(place=place, **BEST, by=user, today=TODAY)

    stored = SurveyAnswer.objects.get(attendance=place)
    assert (stored.understanding, stored.usefulness, stored.satisfaction) == (5, 5, 5)
    assert stored.comment == "よかったです。"


@pytest.mark.django_db
def test_one_person_answers_once():
    place, user = finished()
    SurveyAnswerFactory(attendance=place)

    with pytest.raises(AlreadyAnsweredError, match="回答済みです。"):
        answer_survey(place=place, **BEST, by=user, today=TODAY)

    assert SurveyAnswer.objects.get().satisfaction == 3


@pytest.mark.django_db(transaction=True)
def test_the_same_answers_at_once_are_one():
    place, user = finished()

    answers = together([lambda: answer_survey(place=place, **BEST, by=user, today=TODAY)] * 4)

    assert SurveyAnswer.objects.count() == 1
    assert sum(isinstance(one, AlreadyAnsweredError) for one in answers) == 3


@pytest.mark.django_db
def test_a_survey_that_is_over_takes_no_answer():
    place, user = finished()

    with pytest.raises(SurveyShutError):
        answer_survey(place=place, **BEST, by=user, today=date(2027, 1, 16))

    assert not SurveyAnswer.objects.exists()


@pytest.mark.django_db
def test_nobody_answers_for_somebody_else():
    place, _ = finished()

    with pytest.raises(NotOwnTrainingError):
        answer_survey(place=place, **BEST, by=UserFactory(), today=TODAY)


@pytest.mark.django_db
def test_the_audit_log_does_not_say_what_was_answered():
    place, user = finished()

    answer = answer_survey(place=place, **BEST, by=user, today=TODAY)

    entry = LogEntry.objects.get_for_object(answer).get()
    said = {"understanding", "usefulness", "satisfaction", "comment"}
    assert not said & set(entry.changes)
    assert "よかったです。" not in str(entry.changes)
