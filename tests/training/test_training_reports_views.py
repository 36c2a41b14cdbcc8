"""受講報告書: writing it, reading it, and who may."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from tests.conftest import account, placed
from tests.factories import (
    AttendanceFactory,
    CompletionFactory,
    DepartmentFactory,
    HeadRankFactory,
    TrainingReportFactory,
)
from training.models import TrainingReport

pytestmark = pytest.mark.django_db

LIST = "/training/reports/"
HANDED_IN = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
LATER = datetime(2026, 11, 21, tzinfo=UTC)
TEXTS = {"learned": "業務の見直し方", "use": "窓口の申請書を減らす"}


def edit(place):
    return reverse("training:report_edit", args=[place.pk])


def read(report):
    return reverse("training:report_read", args=[report.pk])


def handed_in(member, **values):
    return TrainingReportFactory(attendance__staff=member, **{"submitted_at": HANDED_IN} | values)


def html(client, address):
    return client.get(address).content.decode()


# --- writing ------------------------------------------------------------------------------------


def test_a_report_is_kept_as_a_draft_and_handed_in_later(client_of, staff):
    client, place = client_of(staff), CompletionFactory(staff=staff.staff)

    kept = client.post(edit(place), {"learned": "途中まで", "do": "draft"}, follow=True)
    shown = html(client, edit(place))
    client.post(edit(place), TEXTS | {"do": "submit"})

    assert "下書きを保存しました。まだ提出していません。" in kept.content.decode()
    assert "途中まで" in shown
    report = TrainingReport.objects.get()
    assert (report.learned, report.use) == (TEXTS["learned"], TEXTS["use"])
    assert report.submitted_at is not None


def test_a_report_with_a_part_missing_is_not_handed_in_and_loses_nothing(client_of, staff):
    place = CompletionFactory(staff=staff.staff)

    page = client_of(staff).post(edit(place), {"learned": "業務の見直し方", "do": "submit"})

    assert "入力してください。下書きなら空欄でも保存できます。" in page.content.decode()
    assert "業務の見直し方" in page.content.decode()
    assert not TrainingReport.objects.exists()


def test_a_report_too_long_for_a_sheet_is_refused_in_words(client_of, staff):
    place = CompletionFactory(staff=staff.staff)

    page = client_of(staff).post(edit(place), TEXTS | {"learned": "あ" * 1001})

    assert "1000" in page.content.decode()
    assert not TrainingReport.objects.exists()


def test_a_report_that_was_read_is_shown_and_no_more_written(client_of, staff, head):
    report = handed_in(staff.staff, read_at=LATER, read_by=head, comment="了解")
    client = client_of(staff)

    answer = client.get(edit(report.attendance))
    refused = client.post(edit(report.attendance), TEXTS).content.decode()

    assert answer.headers["Location"] == report.get_absolute_url()
    assert "確認済みの報告書は直せません。" in refused
    report.refresh_from_db()
    assert report.use == "窓口の申請書を減らします。"


@pytest.mark.parametrize("status", ["left_early", "absent", "booked"])
def test_there_is_no_report_about_what_was_not_completed(client_of, staff, status):
    place = AttendanceFactory(staff=staff.staff, status=status)

    assert client_of(staff).get(edit(place)).status_code == 404


# --- the list -----------------------------------------------------------------------------------


def test_a_head_reads_the_reports_of_their_people_those_unread_first(client_of, head, section):
    read_one = handed_in(placed(section), read_at=LATER, submitted_at=LATER)
    unread = handed_in(placed(section))
    handed_in(placed(section), submitted_at=None)
    handed_in(placed(DepartmentFactory()))
    handed_in(head.staff)

    page = client_of(head).get(LIST)

    assert [report for report, _ in page.context["rows"]] == [unread, read_one]
    assert "未確認 1件" in page.content.decode()
    assert section.name in page.content.decode()


def test_those_who_keep_the_training_read_all_that_was_handed_in(client_of, hr, section):
    handed_in(placed(section))
    handed_in(placed(DepartmentFactory()))
    handed_in(placed(section), submitted_at=None)

    assert len(client_of(hr).get(LIST).context["rows"]) == 2


def test_the_list_takes_the_same_queries_for_one_and_for_eleven(
    client_of, head, section, django_assert_max_num_queries
):
    client = client_of(head)
    handed_in(placed(section))
    client.get(LIST)
    with django_assert_max_num_queries(40) as one:
        client.get(LIST)
    for _ in range(10):
        handed_in(placed(section), read_by=head, read_at=LATER)
    with django_assert_max_num_queries(40) as eleven:
        client.get(LIST)

    assert len(eleven) == len(one)


# --- reading ------------------------------------------------------------------------------------


def test_a_head_confirms_with_a_comment_the_author_reads(client_of, staff, head):
    report = handed_in(staff.staff)
    seen = client_of(head).get(report.get_absolute_url()).context["form"]["seen"].value()

    client_of(head).post(read(report), {"comment": "窓口で試してください。", "seen": seen})

    report.refresh_from_db()
    assert (report.read_by, report.comment) == (head, "窓口で試してください。")
    shown = html(client_of(staff), report.get_absolute_url())
    assert "窓口で試してください。" in shown
    assert head.staff.name in shown


def test_a_report_changed_meanwhile_is_shown_anew_with_what_was_typed(client_of, staff, head):
    report = handed_in(staff.staff, submitted_at=LATER, use="直した使い方")
    client = client_of(head)

    page = client.post(read(report), {"comment": "了解です", "seen": HANDED_IN.isoformat()})

    words = page.content.decode()
    assert "本人が報告書を直しました。" in words
    assert "直した使い方" in words
    assert "了解です" in words
    assert page.context["form"]["seen"].value() == LATER.isoformat()
    report.refresh_from_db()
    assert report.read_at is None


@pytest.mark.parametrize("seen", ["", "昨日", "2026-11-20T01:30:00", "9" * 500])
def test_a_confirmation_of_no_known_submission_confirms_nothing(client_of, staff, head, seen):
    report = handed_in(staff.staff)

    answer = client_of(head).post(read(report), {"seen": seen})

    assert answer.status_code == 200
    report.refresh_from_db()
    assert report.read_at is None


def test_those_who_keep_the_training_read_but_leave_the_confirming_to_the_head(
    client_of, staff, hr
):
    report = handed_in(staff.staff)

    page = client_of(hr).get(report.get_absolute_url())
    answer = client_of(hr).post(read(report), {"seen": HANDED_IN.isoformat()})

    assert page.context["form"] is None
    assert answer.status_code == 403
    report.refresh_from_db()
    assert report.read_at is None


def test_a_heads_own_report_is_confirmed_by_the_head_above_or_the_personnel_office(
    client_of, head, hr, section
):
    division = DepartmentFactory(code="DIV")
    section.parent = division
    section.save()
    above = account(placed(division, rank=HeadRankFactory()))
    report = handed_in(head.staff)

    forms = {
        user: client_of(user).get(report.get_absolute_url()).context["form"] is not None
        for user in (head, above, hr)
    }

    assert forms == {head: False, above: True, hr: True}
    answer = client_of(head).post(read(report), {"seen": HANDED_IN.isoformat()})
    assert answer.status_code == 403


def test_a_draft_is_read_by_nobody_but_its_author(client_of, staff, head, hr):
    report = handed_in(staff.staff, submitted_at=None)

    answers = [client_of(user).get(report.get_absolute_url()) for user in (head, hr, staff)]

    assert [answer.status_code for answer in answers] == [404, 404, 302]
    assert answers[2].headers["Location"] == edit(report.attendance)


def test_a_report_follows_its_author_to_the_new_head(client_of, head, section):
    moved_away = handed_in(placed(DepartmentFactory()))
    moved_here = handed_in(placed(section))
    client = client_of(head)

    assert client.get(moved_here.get_absolute_url()).status_code == 200
    assert client.get(moved_away.get_absolute_url()).status_code == 404
