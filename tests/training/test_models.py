"""Courses, attendance and the counting rule: what cannot be written, and what questions answer."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from agano_dx.lib.fiscal import FiscalYear
from tests import constraints
from tests.conftest import TODAY
from tests.factories import (
    AttendanceChangeFactory,
    AttendanceFactory,
    AttendanceUploadFactory,
    CertificateFactory,
    CompletionFactory,
    CountingRuleFactory,
    CourseFactory,
    EvidenceFactory,
    EvidenceFileFactory,
    FrozenYearFactory,
    InvitationFactory,
    OfferingDayFactory,
    OfferingEventFactory,
    OfferingFactory,
    PlanPeriodFactory,
    PlanReviewFactory,
    ProgrammeFactory,
    ReminderFactory,
    StaffMemberFactory,
    SurveyAnswerFactory,
    TrainingReportFactory,
)
from training.models import (
    COMPLETING,
    DEFAULT_RULE,
    Attendance,
    AttendanceStatus,
    Category,
    Counting,
    CountingRule,
    Offering,
    Reminder,
)

pytestmark = pytest.mark.django_db


# --- What may never be --------------------------------------------------------------------------


def _offering(**values):
    return OfferingFactory.build(course=CourseFactory(), **values)


def _attendance(**values):
    return AttendanceFactory.build(offering=OfferingFactory(), staff=StaffMemberFactory(), **values)


def _same_place_twice():
    place = AttendanceFactory()
    return AttendanceFactory.build(offering=place.offering, staff=place.staff)


def _again(factory, **values):
    factory(**values)
    return factory.build(**values)


def _evidence(**values):
    return EvidenceFactory.build(staff=StaffMemberFactory(), **values)


def _same_invitation_twice():
    there = InvitationFactory()
    return InvitationFactory.build(programme=there.programme, staff=there.staff)


BROKEN = {
    "training.Programme.code": lambda: _again(ProgrammeFactory, code="MIND-ALL"),
    "training_programme_category_known": lambda: ProgrammeFactory.build(category="cooking"),
    "training_programme_audience_known": lambda: ProgrammeFactory.build(audience="citizens"),
    "training_programme_frequency_known": lambda: ProgrammeFactory.build(frequency="daily"),
    "training_programme_years_in_order": lambda: ProgrammeFactory.build(
        first_year=FiscalYear(2026), last_year=FiscalYear(2025)
    ),
    "training_course_once_per_category": lambda: _again(CourseFactory, title="見本研修"),
    "training_course_category_known": lambda: CourseFactory.build(category="cooking"),
    "training_course_hours_positive": lambda: CourseFactory.build(hours=0),
    "training_course_material_on_the_web": lambda: CourseFactory.build(
        material_url="javascript:alert(1)"
    ),
    "training_offering_mode_known": lambda: _offering(mode="by_post"),
    "training_offering_ends_after_start": lambda: _offering(
        starts_on=date(2026, 4, 1), ends_on=date(2026, 3, 31)
    ),
    "training_offering_capacity_positive": lambda: _offering(capacity=0),
    "training_offering_ends_at_after_start": lambda: _offering(
        starts_at=time(13, 30), ends_at=time(13, 30)
    ),
    "training_offering_booking_closes_in_time": lambda: _offering(
        booking_closes_on=date(2026, 6, 2)
    ),
    "training_offeringday_once": lambda: OfferingDayFactory.build(
        offering=OfferingDayFactory().offering
    ),
    "training_offeringday_ends_at_after_start": lambda: OfferingDayFactory.build(
        offering=OfferingFactory(), ends_at=time(17)
    ),
    "training_offeringevent_kind_known": lambda: OfferingEventFactory.build(
        offering=OfferingFactory(), kind="burnt", reason="火事"
    ),
    "training_offeringevent_reason_given": lambda: OfferingEventFactory.build(
        offering=OfferingFactory(), kind="reopened"
    ),
    "training.PlanReview.fiscal_year": lambda: _again(PlanReviewFactory),
    "training.FrozenYear.fiscal_year": lambda: _again(FrozenYearFactory),
    "training.PlanPeriod.first_year": lambda: _again(PlanPeriodFactory),
    "training_planperiod_years_in_order": lambda: PlanPeriodFactory.build(
        last_year=FiscalYear(2024)
    ),
    "training_attendance_once_per_offering": _same_place_twice,
    "training_attendance_status_known": lambda: _attendance(status="asleep"),
    "training_attendance_category_known": lambda: _attendance(category="cooking"),
    "training_attendance_completed_has_date": lambda: _attendance(
        status=AttendanceStatus.PRESENT, completed_on=None
    ),
    "training_attendance_waiting_since_while_waiting": lambda: _attendance(
        waiting_since=datetime(2026, 5, 1, tzinfo=UTC)
    ),
    "training_attendance_absence_reason_when_notified": lambda: _attendance(
        status=AttendanceStatus.NOTIFIED, absence_reason=""
    ),
    "training_attendancechange_statuses_known": lambda: AttendanceChangeFactory.build(
        attendance=AttendanceFactory(), new="asleep"
    ),
    "training.CountingRule.in_force_from": lambda: _again(CountingRuleFactory),
    "training_countingrule_counts_somebody": lambda: CountingRuleFactory.build(
        counted_employments=[]
    ),
    "training_evidence_once": lambda: EvidenceFactory.build(staff=EvidenceFactory().staff),
    "training_evidence_kind_known": lambda: _evidence(kind="hearsay"),
    "training_evidence_state_known": lambda: _evidence(state="doubtful"),
    "training_evidence_confirmed_has_day": lambda: _evidence(state="confirmed"),
    "training_evidence_only_ojt_has_attendance": lambda: _evidence(attendance=AttendanceFactory()),
    "training_evidence_hours_positive": lambda: _evidence(hours=0),
    "training.EvidenceFile.evidence": lambda: EvidenceFileFactory.build(
        evidence=EvidenceFileFactory().evidence
    ),
    "training_certificate_once_per_completion": lambda: CertificateFactory.build(
        attendance=CertificateFactory().attendance
    ),
    "training_certificate_number_once": lambda: CertificateFactory.build(
        attendance=CompletionFactory(), serial=CertificateFactory().serial
    ),
    "training_certificate_serial_positive": lambda: CertificateFactory.build(
        attendance=CompletionFactory(), serial=0
    ),
    "training.TrainingReport.attendance": lambda: TrainingReportFactory.build(
        attendance=TrainingReportFactory().attendance
    ),
    "training_trainingreport_read_after_submitted": lambda: TrainingReportFactory.build(
        attendance=CompletionFactory(), read_at=datetime(2026, 6, 2, tzinfo=UTC)
    ),
    "training_invitation_once_a_day": _same_invitation_twice,
    "training_reminder_once": lambda: ReminderFactory.build(
        attendance=ReminderFactory().attendance
    ),
    "training_reminder_kind_known": lambda: ReminderFactory.build(
        attendance=AttendanceFactory(), kind="threat"
    ),
    "training_reminder_sent_to_somebody": lambda: ReminderFactory.build(
        attendance=AttendanceFactory(), sent_at=datetime(2026, 5, 28, tzinfo=UTC)
    ),
    "training_attendanceupload_kind_known": lambda: AttendanceUploadFactory.build(kind="gossip"),
    "training_attendanceupload_state_known": lambda: AttendanceUploadFactory.build(
        state="lost", decided_at=datetime(2026, 6, 2, tzinfo=UTC)
    ),
    "training_attendanceupload_sheet_has_offering": lambda: AttendanceUploadFactory.build(
        kind="sheet"
    ),
    "training_attendanceupload_decided_has_moment": lambda: AttendanceUploadFactory.build(
        state="applied"
    ),
    "training.SurveyAnswer.attendance": lambda: SurveyAnswerFactory.build(
        attendance=SurveyAnswerFactory().attendance
    ),
    "training_surveyanswer_five_steps": lambda: SurveyAnswerFactory.build(
        attendance=AttendanceFactory(), understanding=6
    ),
}
ROWS = (
    ProgrammeFactory,
    CourseFactory,
    OfferingFactory,
    PlanPeriodFactory,
    AttendanceFactory,
    AttendanceChangeFactory,
    CountingRuleFactory,
    EvidenceFactory,
    EvidenceFileFactory,
    SurveyAnswerFactory,
    OfferingDayFactory,
    OfferingEventFactory,
    PlanReviewFactory,
    FrozenYearFactory,
    CertificateFactory,
    TrainingReportFactory,
    InvitationFactory,
    ReminderFactory,
    AttendanceUploadFactory,
)
SENTENCES = constraints.sentences("training")


def test_every_promise_of_the_database_is_broken_here():
    assert set(BROKEN) == set(constraints.promises("training"))
    constraints.assert_covers("training", ROWS)


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses_past_every_form(name):
    constraints.assert_refused(name, BROKEN[name]())


@pytest.mark.parametrize("name", SENTENCES)
def test_the_refusal_is_told_in_japanese(name):
    constraints.assert_told(name, BROKEN[name](), SENTENCES[name])


@pytest.mark.parametrize(("row", "field"), constraints.choice_fields(ROWS))
def test_choices_bind_the_database_too(row, field):
    constraints.assert_never(row, **{field: "nowhere"})


@pytest.mark.parametrize(("row", "field"), constraints.counting_fields(ROWS))
def test_a_count_is_never_below_nothing(row, field):
    constraints.assert_never(row, **{field: -1})


@pytest.mark.parametrize("status", [s for s in AttendanceStatus if s not in COMPLETING])
def test_a_place_that_is_no_completion_has_no_day_of_completion(status):
    constraints.assert_never(AttendanceFactory, status=status, completed_on=date(2026, 6, 1))


@pytest.mark.parametrize("status", COMPLETING)
def test_a_completion_has_its_day(status):
    AttendanceFactory(status=status, completed_on=date(2026, 6, 1))

    constraints.assert_never(AttendanceFactory, status=status, completed_on=None)


@pytest.mark.parametrize("field", ["counted_employments", "required_categories"])
def test_a_rule_that_counts_nobody_is_no_rule(field):
    constraints.assert_never(CountingRuleFactory, **{field: []})


@pytest.mark.parametrize("field", ["understanding", "usefulness", "satisfaction"])
@pytest.mark.parametrize("steps", [0, 6])
def test_a_rating_has_five_steps(field, steps):
    constraints.assert_never(SurveyAnswerFactory, **{field: steps})


def test_the_same_title_may_stand_in_two_categories():
    CourseFactory(title="見本研修", category=Category.MIND)
    CourseFactory(title="見本研修", category=Category.SKILL)

    with pytest.raises(IntegrityError), transaction.atomic():
        CourseFactory(title="見本研修", category=Category.SKILL)


def test_an_unknown_old_state_cannot_be_recorded():
    constraints.assert_never(AttendanceChangeFactory, old="asleep")


def test_the_first_state_of_a_place_comes_from_nothing():
    assert AttendanceChangeFactory(old="").pk


# --- Completions --------------------------------------------------------------------------------


@pytest.mark.parametrize("status", AttendanceStatus.values)
def test_only_present_and_late_are_completions(status):
    is_completion = status in ("present", "late")
    place = AttendanceFactory(
        status=status, completed_on=date(2026, 6, 1) if is_completion else None
    )

    assert Attendance.objects.completed(date(2026, 6, 1)).exists() is is_completion
    assert place.is_completion is is_completion


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        (date(2026, 3, 30), False),
        (date(2026, 3, 31), True),
        (date(2026, 4, 1), True),
        (date(2099, 3, 31), True),
    ],
)
def test_a_completion_counts_from_its_day_on_and_for_ever(day, counts):
    CompletionFactory(offering__starts_on=date(2026, 3, 31))

    assert Attendance.objects.completed(day, DEFAULT_RULE).exists() is counts


@pytest.mark.parametrize(
    ("completed_on", "years", "last_day"),
    [
        (date(2026, 4, 1), 1, date(2027, 3, 31)),
        (date(2026, 3, 31), 1, date(2027, 3, 30)),
        (date(2026, 4, 1), 3, date(2029, 3, 31)),
        (date(2027, 2, 28), 1, date(2028, 2, 27)),
        (date(2027, 3, 1), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 1, date(2029, 2, 28)),
        (date(2028, 2, 29), 4, date(2032, 2, 28)),
    ],
)
def test_with_a_validity_a_completion_lapses_on_the_same_day_years_later(
    completed_on, years, last_day
):
    CompletionFactory(offering__starts_on=completed_on)
    rule = Counting((), (), (Category.MIND,), validity_years=years)

    assert Attendance.objects.completed(completed_on, rule).exists()
    assert Attendance.objects.completed(last_day, rule).exists()
    assert not Attendance.objects.completed(last_day + timedelta(days=1), rule).exists()


@pytest.mark.parametrize("status", AttendanceStatus.values)
def test_everybody_not_cancelled_waiting_or_known_to_be_absent_fills_a_seat(status):
    AttendanceFactory(
        status=status,
        completed_on=date(2026, 6, 1) if status in ("present", "late") else None,
    )

    assert Attendance.objects.all().taking_a_seat().exists() is (
        status not in ("cancelled", "waiting", "notified")
    )


# --- Offerings ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts_on", "year"),
    [
        (date(2026, 3, 31), 2025),
        (date(2026, 4, 1), 2026),
        (date(2027, 3, 31), 2026),
        (date(2028, 2, 29), 2027),
    ],
)
def test_an_offering_belongs_to_the_year_it_begins_in(starts_on, year):
    OfferingFactory(starts_on=starts_on, ends_on=date(2028, 12, 31))

    found = [n for n in range(2024, 2030) if Offering.objects.all().in_year(FiscalYear(n)).exists()]

    assert found == [year]


@pytest.mark.parametrize(
    ("ends_on", "awaits"),
    [(date(2026, 11, 22), True), (date(2026, 11, 23), True), (date(2026, 11, 24), False)],
)
def test_marks_are_awaited_from_the_last_day_on(today, ends_on, awaits):
    AttendanceFactory(offering__starts_on=date(2026, 11, 1), offering__ends_on=ends_on)

    assert Offering.objects.all().awaiting_marks(today).exists() is awaits


def test_an_offering_awaits_marks_once_however_many_are_missing(today):
    offering = OfferingFactory()
    AttendanceFactory.create_batch(3, offering=offering)

    assert list(Offering.objects.all().awaiting_marks(today)) == [offering]


def test_the_years_beside_a_frozen_one_still_await_marks(today):
    FrozenYearFactory()
    for day in (date(2025, 3, 31), date(2026, 4, 1)):
        AttendanceFactory(offering__starts_on=day)

    assert Offering.objects.all().awaiting_marks(today).count() == 2


def test_an_offering_awaits_nothing_when_closed_marked_or_empty(today):
    AttendanceFactory(offering__closed_at=timezone.now())
    AttendanceFactory(status=AttendanceStatus.ABSENT)
    AttendanceFactory(status=AttendanceStatus.CANCELLED)
    OfferingFactory()
    FrozenYearFactory()
    for day in (date(2025, 4, 1), date(2026, 3, 31)):
        AttendanceFactory(offering__starts_on=day)

    assert not Offering.objects.all().awaiting_marks(today).exists()


# --- The counting rule --------------------------------------------------------------------------


def test_a_rule_holds_from_its_day_until_the_day_before_the_next():
    CountingRuleFactory(in_force_from=date(2027, 4, 1), validity_years=3)
    CountingRuleFactory(in_force_from=date(2025, 4, 1), validity_years=None)
    CountingRuleFactory(in_force_from=date(2028, 2, 29), validity_years=2)
    expected = {
        date(2025, 4, 1): None,
        date(2027, 3, 31): None,
        date(2027, 4, 1): 3,
        date(2028, 2, 28): 3,
        date(2028, 2, 29): 2,
        date(2099, 1, 1): 2,
    }

    found = CountingRule.objects.in_force_on(expected)

    assert {day: rule.validity_years for day, rule in found.items()} == expected


def test_before_the_first_rule_the_plans_own_is_in_force():
    CountingRuleFactory(in_force_from=date(2025, 4, 1))

    assert CountingRule.objects.in_force(date(2025, 3, 31)) == DEFAULT_RULE
    assert CountingRule.objects.in_force(date(2025, 4, 1)) == Counting(
        ("regular",), ("leave",), ("mind",), None
    )


def test_all_the_days_of_a_report_are_asked_in_one_query(django_assert_num_queries):
    CountingRuleFactory()
    days = [date(2025, 4, 1) + timedelta(days=n) for n in range(400)]

    with django_assert_num_queries(1):
        found = CountingRule.objects.in_force_on(days)

    assert list(found) == days


# --- Reminders ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "sent", "state"),
    [("a@example.jp", True, "sent"), ("", False, "on_paper"), ("a@example.jp", False, "unclear")],
)
def test_a_reminder_with_an_address_that_was_not_sent_is_unclear(address, sent, state):
    sent_at = datetime(2026, 11, 20, tzinfo=UTC) if sent else None
    reminder = ReminderFactory(address=address, sent_at=sent_at)

    assert reminder.state == state
    assert list(Reminder.objects.unclear()) == ([reminder] if state == "unclear" else [])
    assert list(Reminder.objects.settled()) == ([] if state == "unclear" else [reminder])


@pytest.mark.parametrize(
    ("mode", "starts_on", "ends_on", "takes"),
    [
        ("classroom", TODAY, TODAY, True),
        ("classroom", TODAY - timedelta(days=1), TODAY, False),
        ("on_demand", TODAY - timedelta(days=1), TODAY, True),
        ("ojt", TODAY - timedelta(days=2), TODAY - timedelta(days=1), False),
    ],
)
def test_an_offering_takes_people_until_it_begins_a_period_until_it_ends(
    mode, starts_on, ends_on, takes
):
    offering = OfferingFactory(mode=mode, starts_on=starts_on, ends_on=ends_on)

    assert list(Offering.objects.takes_people(TODAY)) == ([offering] if takes else [])
