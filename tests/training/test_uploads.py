"""Files with attendance, from the reading to the decision: nothing lost, nothing overwritten."""

import hashlib
import json
from dataclasses import replace
from datetime import date

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agano_dx.lib.errors import DomainError
from tests.conftest import TODAY, account
from tests.factories import (
    AttendanceFactory,
    CompletionFactory,
    CourseFactory,
    FrozenYearFactory,
    OfferingFactory,
    StaffMemberFactory,
)
from tests.roster_makers import everything, listed
from tests.together import together
from training.imports.elearning import LogOptions
from training.imports.left import Left
from training.imports.lines import LEAVE_OUT
from training.imports.plan import Outcome
from training.models import (
    Attendance,
    AttendanceChange,
    AttendanceUpload,
    Category,
    Mode,
    Offering,
    UploadKind,
    UploadState,
)
from training.services.marking import Mark, mark
from training.services.uploads import (
    Decisions,
    StalePreviewError,
    UndecidedError,
    UploadDecidedError,
    apply_upload,
    decide_upload,
    discard_upload,
    preview_of,
    start_upload,
)

HELD = date(2026, 6, 1)
ROUNDS = 10


@pytest.fixture
def offering(db):
    return OfferingFactory(starts_on=HELD)


def row(number, mark="○", **cells):
    return {"職員番号": number, "氏名": None, "出欠": mark} | cells


def started(offering, *rows, by, kind=UploadKind.SHEET, **options):
    return start_upload(
        kind=kind,
        offering=offering,
        book=replace(listed(*rows), sha256=hashlib.sha256(repr(rows).encode()).hexdigest()),
        options=LogOptions(Category.ELEARNING, **options),
        by=by,
        today=TODAY,
    )


def preview(upload, by):
    upload.refresh_from_db()
    return preview_of(upload, by=by, today=TODAY)


def applied(upload, by, seen=None, **decisions):
    return apply_upload(
        upload=upload,
        decisions=Decisions(**decisions),
        seen=preview(upload, by).fingerprint if seen is None else seen,
        by=by,
        today=TODAY,
        at=timezone.now(),
    )


def outcomes(upload, by):
    return [one.outcome for one in preview(upload, by).planned]


def state(place):
    place.refresh_from_db()
    return place.status


def test_nothing_is_written_to_the_records_before_the_decision(offering, hr):
    place = AttendanceFactory(offering=offering)
    before = everything(without=("training.AttendanceUpload", "auditlog.LogEntry"))

    upload = started(offering, row(place.staff.number), by=hr)
    decide_upload(upload=upload, decisions=Decisions(ticks={0: True}))
    preview(upload, hr)

    assert everything(without=("training.AttendanceUpload", "auditlog.LogEntry")) == before
    assert (upload.row_count, upload.state) == (1, UploadState.PREVIEW)


def test_what_is_applied_leaves_its_trail_and_what_was_kept_of_people_goes(offering, hr):
    places = AttendanceFactory.create_batch(3, offering=offering)
    marks = ("○", "欠", "公務")
    rows = [row(one.staff.number, mark) for one, mark in zip(places, marks, strict=True)]
    upload = started(offering, *rows, by=hr)

    assert applied(upload, hr) == 3

    assert [state(place) for place in places] == ["present", "absent", "notified"]
    assert (places[0].completed_on, places[2].absence_reason) == (HELD, "duty")
    changes = AttendanceChange.objects.values_list("old", "by", "reason")
    assert set(changes) == {("booked", hr.pk, "出席簿の取込")}
    upload.refresh_from_db()
    assert (upload.state, upload.imported, upload.rows) == (UploadState.APPLIED, 3, [])
    assert upload.options["result"]["left_out"] == 0


def test_neither_names_nor_numbers_are_in_the_audit_log_of_the_file(offering, hr):
    place = AttendanceFactory(offering=offering, staff__name="秘密　太郎", staff__number="777001")
    upload = started(offering, row("777001", 氏名="秘密　太郎"), by=hr)
    applied(upload, hr)

    entries = LogEntry.objects.filter(content_type__model__in=["attendanceupload", "attendance"])
    said = json.dumps(list(entries.values_list("changes", "object_repr")), ensure_ascii=False)

    assert place.offering == offering
    assert "秘密" not in said
    assert "777001" not in said
    assert entries.filter(content_type__model="attendanceupload", actor=None).count() == 2


def test_the_same_file_again_is_the_same_upload_until_it_is_decided(offering, hr, admin):
    place = AttendanceFactory(offering=offering)
    first, again = (started(offering, row(place.staff.number), by=hr) for _ in range(2))
    another_clerks = started(offering, row(place.staff.number), by=admin)
    discard_upload(upload=first, at=timezone.now())
    later = started(offering, row(place.staff.number), by=hr)

    assert first == again
    assert len({first.pk, another_clerks.pk, later.pk}) == 3


def test_a_second_click_changes_nothing_and_is_told(offering, hr):
    place = AttendanceFactory(offering=offering)
    upload = started(offering, row(place.staff.number), by=hr)
    seen = preview(upload, hr).fingerprint
    applied(upload, hr, seen)
    before = everything()

    for act in (
        lambda: applied(upload, hr, seen),
        lambda: decide_upload(upload=upload, decisions=Decisions()),
        lambda: discard_upload(upload=upload, at=timezone.now()),
    ):
        with pytest.raises(UploadDecidedError):
            act()

    assert everything() == before


def test_a_mark_made_meanwhile_is_shown_and_not_overwritten_unless_ticked(offering, hr, admin):
    contested, free = AttendanceFactory.create_batch(2, offering=offering)
    upload = started(offering, row(contested.staff.number), row(free.staff.number), by=hr)
    seen = preview(upload, hr).fingerprint
    by_hand = [Mark(contested.pk, "booked", "absent")]
    mark(offering=offering, marks=by_hand, by=admin, today=TODAY)

    with pytest.raises(StalePreviewError, match="もう一度確かめてください。"):
        applied(upload, hr, seen)
    assert [state(contested), state(free)] == ["absent", "booked"]

    assert outcomes(upload, hr) == [Outcome.CONFLICT, Outcome.WRITE]
    assert applied(upload, hr) == 1
    assert [state(contested), state(free)] == ["absent", "present"]


def test_a_ticked_conflict_takes_the_files_word_and_keeps_the_history(offering, hr):
    place = CompletionFactory(offering=offering)
    upload = started(offering, row(place.staff.number, "欠"), by=hr)

    assert applied(upload, hr, ticks={0: True}) == 1

    assert (state(place), place.completed_on) == ("absent", None)
    assert [(one.old, one.new) for one in place.changes.all()] == [("present", "absent")]


def test_a_completion_of_a_frozen_year_stays_whatever_is_ticked(hr):
    offering = OfferingFactory(
        mode=Mode.ON_DEMAND, starts_on=date(2025, 10, 1), ends_on=date(2026, 12, 28)
    )
    frozen = CompletionFactory(offering=offering, completed_on=date(2026, 3, 31))
    free = CompletionFactory(offering=offering, completed_on=date(2026, 4, 1))
    FrozenYearFactory(fiscal_year=2025)
    upload = started(offering, *(row(one.staff.number, "欠") for one in (frozen, free)), by=hr)

    assert outcomes(upload, hr) == [Outcome.REFUSED, Outcome.CONFLICT]
    assert applied(upload, hr, ticks={0: True, 1: True}) == 1

    assert [state(frozen), state(free)] == ["present", "absent"]
    assert frozen.completed_on == date(2026, 3, 31)


def test_a_tick_for_one_record_does_not_hold_for_the_next(offering, hr, admin):
    place = AttendanceFactory(offering=offering, status="absent")
    upload = started(offering, row(place.staff.number), by=hr)
    decide_upload(upload=upload, decisions=Decisions(ticks={0: True}))
    seen = preview(upload, hr).fingerprint
    by_hand = [Mark(place.pk, "absent", "excused")]
    mark(offering=offering, marks=by_hand, by=admin, today=TODAY)

    with pytest.raises(StalePreviewError):
        applied(upload, hr, seen)

    assert state(place) == "excused"


def test_walk_ins_are_added_when_ticked(offering, hr):
    members = StaffMemberFactory.create_batch(2)
    upload = started(offering, *(row(one.number) for one in members), by=hr)

    assert applied(upload, hr, ticks={0: True, 1: False}) == 1

    place = offering.attendances.get()
    assert (place.staff, place.status, place.category) == (members[0], "present", "mind")
    assert [(one.old, one.new) for one in place.changes.all()] == [("", "present")]


def test_a_person_who_is_not_on_the_offering_is_never_dropped_without_an_answer(offering, hr):
    members = StaffMemberFactory.create_batch(2)
    upload = started(offering, *(row(one.number) for one in members), by=hr)

    with pytest.raises(UndecidedError, match="2行"):
        applied(upload, hr)
    decide_upload(upload=upload, decisions=Decisions(ticks={0: False}))
    with pytest.raises(UndecidedError, match="1行"):
        applied(upload, hr)

    assert applied(upload, hr, leaves_rest=True) == 0
    assert not offering.attendances.exists()


def test_rows_that_were_not_taken_are_kept_by_row_mark_and_reason_without_the_person(offering, hr):
    taken, absent = AttendanceFactory(offering=offering), CompletionFactory(offering=offering)
    left, asked = StaffMemberFactory.create_batch(2)
    rows = [
        *(row(taken.staff.number), row(taken.staff.number), row(absent.staff.number, "欠")),
        *(row("000001", "寝坊"), row(left.number, "遅"), row(asked.number)),
        *(row(None, "△", 氏名="だれか"), row(None, 氏名="だれも"), row(hr.staff.number, None)),
    ]
    upload = started(offering, *rows, by=hr)

    choices = {6: LEAVE_OUT}
    assert applied(upload, hr, ticks={3: False}, choices=choices, leaves_rest=True) == 1

    upload.refresh_from_db()
    assert [(one.row, one.mark, one.why) for one in Left.all_from_json(upload.rows)] == [
        (4, "欠席", "今の記録（出席）のままにしました。"),
        (5, "－", "誤りのある行です。"),
        (6, "遅刻", "受講者に登録されていない人で、加えないことにしました。"),
        (7, "出席", "受講者に登録されていない人で、加えるかどうかを決めませんでした。"),
        (8, "遅刻（△）", "職員を決めませんでした。"),
        (9, "出席", "取り込まないことにしました。"),
    ]
    kept = json.dumps(upload.rows, ensure_ascii=False)
    assert not [
        one for one in (absent.staff, left, asked) if one.number in kept or one.name in kept
    ]
    assert "だれ" not in kept


def test_rows_of_nobody_are_assigned_by_hand_or_left_out(offering, hr):
    place = AttendanceFactory(offering=offering)
    unknown = [row(None, 氏名=name) for name in ("だれか", "だれも", "いない")]
    upload = started(offering, *unknown, by=hr)
    assert outcomes(upload, hr) == [Outcome.ASKED] * 3

    with pytest.raises(UndecidedError, match="3行"):
        applied(upload, hr)
    choices = {0: place.staff.number, 1: LEAVE_OUT}
    with pytest.raises(UndecidedError, match="1行"):
        applied(upload, hr, choices=choices)
    assert state(place) == "booked"

    assert applied(upload, hr, choices=choices, leaves_rest=True) == 1
    assert state(place) == "present"
    upload.refresh_from_db()
    assert upload.options["result"]["left_out"] == 2


def test_a_choice_that_opens_a_new_question_is_shown_before_anything_is_written(offering, hr):
    marked, stranger = CompletionFactory(offering=offering), StaffMemberFactory()
    upload = started(offering, row(None, "欠", 氏名="甲"), row(None, 氏名="乙"), by=hr)
    decisions = Decisions(choices={0: marked.staff.number, 1: stranger.number})

    with pytest.raises(StalePreviewError, match="取り込むかどうか"):
        applied(upload, hr, choices=decisions.choices)
    decide_upload(upload=upload, decisions=decisions)

    assert outcomes(upload, hr) == [Outcome.CONFLICT, Outcome.WALK_IN]
    assert applied(upload, hr, ticks={1: False}) == 0
    assert state(marked) == "present"


def test_a_triangle_is_late_as_our_own_sheet_prints_it_unless_somebody_says_otherwise(offering, hr):
    place, other = AttendanceFactory.create_batch(2, offering=offering)
    ours = started(offering, row(place.staff.number, "△"), by=hr)
    theirs = started(offering, row(other.staff.number, "△"), by=hr)

    assert applied(ours, hr) == 1
    assert applied(theirs, hr, triangle="left_early") == 1

    assert (state(place), place.completed_on) == ("late", HELD)
    assert (state(other), other.completed_on) == ("left_early", None)


def test_one_of_two_contradicting_rows_is_left_out_by_hand(offering, hr):
    place = AttendanceFactory(offering=offering)
    number = place.staff.number
    upload = started(offering, row(number), row(number, "欠"), by=hr)

    assert applied(upload, hr, choices={0: LEAVE_OUT}) == 1
    assert state(place) == "absent"


def test_nobody_marks_themself_by_a_file(offering, hr):
    own = AttendanceFactory(offering=offering, staff=hr.staff)
    upload = started(offering, row(hr.staff.number), by=hr)

    assert outcomes(upload, hr) == [Outcome.REFUSED]
    assert applied(upload, hr) == 0
    assert state(own) == "booked"


@pytest.mark.parametrize("what", ["frozen", "closed", "cancelled"])
def test_what_was_shut_since_the_preview_takes_nothing(offering, hr, what):
    place = AttendanceFactory(offering=offering)
    upload = started(offering, row(place.staff.number), by=hr)
    seen = preview(upload, hr).fingerprint
    if what == "frozen":
        FrozenYearFactory(fiscal_year=2026)
    else:
        Offering.objects.update(**{f"{what}_at": timezone.now()})

    with pytest.raises(DomainError, match="変更できません"):
        applied(upload, hr, seen)

    assert state(place) == "booked"
    assert outcomes(upload, hr) == [Outcome.REFUSED]


def test_a_dropped_file_leaves_nothing_but_its_name(offering, hr):
    upload = started(offering, row("999999"), by=hr)

    discard_upload(upload=upload, at=timezone.now())

    upload.refresh_from_db()
    assert (upload.state, upload.rows, upload.imported) == (UploadState.DISCARDED, [], 0)


# --- Histories and logs -------------------------------------------------------------------------


def past(number, **cells):
    own = {"研修名": "見本研修", "研修区分": "スキル", "開催日": "R7.7.15", "職員番号": number}
    return own | {"出欠": "出席"} | cells


def history(*rows, by):
    return started(None, *rows, by=by, kind=UploadKind.HISTORY)


def test_a_history_makes_its_courses_and_offerings_when_applied(hr):
    members = StaffMemberFactory.create_batch(2)
    upload = history(*(past(one.number) for one in members), by=hr)
    assert not Offering.objects.exists()

    assert applied(upload, hr) == 2

    offering = Offering.objects.get()
    assert (offering.course.title, offering.course.category) == ("見本研修", "skill")
    assert offering.attendances.count() == 2
    assert set(AttendanceChange.objects.values_list("reason", flat=True)) == {"受講履歴の取込"}


def test_rows_of_a_frozen_year_and_of_days_to_come_stay_out_and_the_others_go_in(hr):
    FrozenYearFactory(fiscal_year=2025)
    number = StaffMemberFactory().number
    upload = history(
        past(number), past(number, 開催日="R8.7.15"), past(number, 開催日="R8.12.1"), by=hr
    )

    refused = preview(upload, hr).with_outcome(Outcome.REFUSED)

    assert "令和7年度の数値は確定済み" in refused[0].words
    assert "今日より後" in refused[1].words
    assert applied(upload, hr) == 1
    assert Attendance.objects.get().offering.starts_on == date(2026, 7, 15)


def test_an_unknown_number_of_a_history_is_assigned_by_hand(hr):
    member = StaffMemberFactory()
    upload = history(past("999999"), by=hr)

    assert applied(upload, hr, choices={0: member.number}) == 1
    assert Attendance.objects.get().staff == member


def test_the_options_of_a_log_tell_two_uploads_of_one_file_apart(hr):
    member, course = StaffMemberFactory(), CourseFactory(category=Category.KNOWLEDGE)
    rows = [{"職員番号": member.number, "コース名": "安全", "修了日": "R7.12.1"}]

    plain, of_course = (
        started(None, *rows, by=hr, kind=UploadKind.ELEARNING, course=chosen)
        for chosen in (None, course)
    )

    assert plain != of_course
    assert applied(of_course, hr) == 1
    assert Attendance.objects.get().offering.course == course


def test_a_file_without_rows_is_refused_in_one_sentence(hr):
    with pytest.raises(DomainError, match="見出しの下に行がありません。"):
        history(dict.fromkeys(past("1")), by=hr)


def test_a_file_of_too_many_rows_is_refused_with_what_to_do(hr, monkeypatch):
    monkeypatch.setattr("training.services.uploads.MOST_ROWS", 2)

    with pytest.raises(DomainError, match="ファイルを分けてから読み込んでください。"):
        history(past("1"), past("2"), past("3"), by=hr)


# --- Many, and at once --------------------------------------------------------------------------


def queries_for(count, by):
    offering = OfferingFactory(starts_on=HELD)
    booked = AttendanceFactory.create_batch(count, offering=offering)
    marked = CompletionFactory.create_batch(count, offering=offering)
    strangers = StaffMemberFactory.create_batch(count)
    rows = [
        *(row(one.staff.number) for one in booked),
        *(row(one.staff.number, "欠") for one in marked),
        *(row(one.number) for one in strangers),
    ]
    upload = started(offering, *rows, by=by)
    with CaptureQueriesContext(connection) as looking:
        seen = preview(upload, by).fingerprint
    with CaptureQueriesContext(connection) as writing:
        applied(upload, by, seen, ticks=dict.fromkeys(range(3 * count), True))
    assert not offering.attendances.filter(status="booked").exists()
    return len(looking), len(writing)


def test_six_hundred_rows_take_as_many_queries_as_thirty(hr):
    queries_for(1, hr)

    assert queries_for(10, hr) == queries_for(200, hr)


@pytest.mark.django_db(transaction=True)
def test_of_two_clerks_who_press_at_once_one_applies_and_the_other_is_told():
    hr, other = account(StaffMemberFactory()), account(StaffMemberFactory())
    offering = OfferingFactory(starts_on=HELD)
    places = AttendanceFactory.create_batch(5, offering=offering)
    upload = started(offering, *(row(one.staff.number) for one in places), by=hr)
    seen = preview(upload, hr).fingerprint

    answers = together([lambda: applied(upload, hr, seen), lambda: applied(upload, other, seen)])

    told = [one for one in answers if isinstance(one, Exception)]
    assert [type(one) for one in told] == [UploadDecidedError]
    assert [one for one in answers if one not in told] == [5]
    assert AttendanceChange.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_load_the_same_history_at_once_make_its_course_once():
    clerks = [account(StaffMemberFactory()) for _ in range(2)]
    numbers = [member.number for member in StaffMemberFactory.create_batch(5)]
    uploads = [history(*(past(number) for number in numbers), by=one) for one in clerks]
    seen = preview(uploads[0], clerks[0]).fingerprint

    answers = together(
        [
            lambda pair=pair: applied(pair[0], pair[1], seen)
            for pair in zip(uploads, clerks, strict=True)
        ]
    )

    assert [one for one in answers if not isinstance(one, Exception)] == [5]
    assert [type(one) for one in answers if isinstance(one, Exception)] == [StalePreviewError]
    assert (Offering.objects.count(), Attendance.objects.count()) == (1, 5)
    assert AttendanceUpload.objects.filter(state=UploadState.APPLIED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_mark_by_hand_and_a_file_at_once_never_overwrite_each_other():
    hr, other = account(StaffMemberFactory()), account(StaffMemberFactory())
    offering = OfferingFactory(starts_on=HELD)
    for _ in range(ROUNDS):
        place = AttendanceFactory(offering=offering)
        upload = started(offering, row(place.staff.number), by=hr)
        seen = preview(upload, hr).fingerprint
        by_hand = [Mark(place.pk, "booked", "absent")]

        file, hand = together(
            [
                lambda upload=upload, seen=seen: applied(upload, hr, seen),
                lambda marks=by_hand: mark(offering=offering, marks=marks, by=other, today=TODAY),
            ]
        )

        file_won = file == 1
        assert file_won or isinstance(file, StalePreviewError)
        assert len(hand.conflicts) == int(file_won)
        assert state(place) == ("present" if file_won else "absent")
        assert place.changes.count() == 1
