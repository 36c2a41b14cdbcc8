"""Cohorts, nominations, terms, specialists: what cannot be written, and what questions answer."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from agano_dx.lib.fiscal import FiscalYear
from leaders.models import (
    OPEN_NOMINATIONS,
    Cohort,
    EndReason,
    LeaderTerm,
    Nomination,
    NominationStatus,
    SpecialistDesignation,
)
from staff.access import Access
from tests import constraints
from tests.factories import (
    ActivityCommentFactory,
    ActivityFactory,
    ActivityStepFactory,
    AssignmentFactory,
    CohortFactory,
    ContinuationFactory,
    CourseFactory,
    CurriculumCourseFactory,
    DepartmentFactory,
    LeaderCertificateFactory,
    LeaderTermFactory,
    LeaderUploadFactory,
    NominationEventFactory,
    NominationFactory,
    SpecialistDesignationFactory,
    StaffMemberFactory,
    SuitabilityNoteFactory,
    TransferRequestFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


# --- What may never be --------------------------------------------------------------------------


def _nomination(**values):
    whole = {
        "cohort": CohortFactory(),
        "department": DepartmentFactory(),
        "staff": StaffMemberFactory(),
    }
    return NominationFactory.build(**(whole | values))


def _term(**values):
    whole = {
        "cohort": CohortFactory(),
        "department": DepartmentFactory(),
        "staff": StaffMemberFactory(),
    }
    return LeaderTermFactory.build(**(whole | values))


def _designation(**values):
    return SpecialistDesignationFactory.build(staff=StaffMemberFactory(), **values)


def _same_term_twice():
    term = LeaderTermFactory(ends_on=date(2026, 3, 31))
    return _term(staff=term.staff, ends_on=date(2026, 3, 31))


def _second_open_term():
    return _term(staff=LeaderTermFactory().staff, starts_on=date(2026, 4, 1))


def _activity(**values):
    return ActivityFactory.build(term=LeaderTermFactory(), **values)


def _event(**values):
    return NominationEventFactory.build(nomination=NominationFactory(), **values)


def _continuation(**values):
    whole = {"term": LeaderTermFactory(), "department": DepartmentFactory()}
    return ContinuationFactory.build(**(whole | values))


def _same_continuation():
    there = ContinuationFactory()
    return _continuation(term=there.term, department=there.department)


def _paper(**values):
    term = LeaderTermFactory(ends_on=date(2026, 10, 31), completed=True)
    return LeaderCertificateFactory.build(**({"term": term} | values))


def _same_number():
    there = LeaderCertificateFactory()
    return _paper(serial=there.serial)


def _second_paper():
    return _paper(term=LeaderCertificateFactory().term)


BROKEN = {
    "leaders.Cohort.number": lambda: Cohort(
        number=CohortFactory().number,
        first_year=FiscalYear(2025),
        last_year=FiscalYear(2026),
        seats=23,
    ),
    "leaders_cohort_years_in_order": lambda: CohortFactory.build(last_year=FiscalYear(2024)),
    "leaders_cohort_round_in_order": lambda: CohortFactory.build(
        nominations_open_on=date(2026, 4, 1), nominations_close_on=date(2026, 3, 31)
    ),
    "leaders_nomination_once_per_person": lambda: _nomination(staff=NominationFactory().staff),
    "leaders_nomination_status_known": lambda: _nomination(status="forgotten"),
    "leaders_nomination_reason_filled": lambda: _nomination(status="submitted", reason=""),
    "leaders_nomination_return_has_comment": lambda: _nomination(status="returned", comment=""),
    "leaders_leaderterm_once_per_day": _same_term_twice,
    "leaders_leaderterm_one_open_per_person": _second_open_term,
    "leaders_leaderterm_ends_after_start": lambda: _term(
        starts_on=date(2026, 4, 1), ends_on=date(2026, 3, 31)
    ),
    "leaders_leaderterm_completed_has_end": lambda: _term(completed=True, ends_on=None),
    "leaders_leaderterm_decided_has_end": lambda: _term(decided_on=date(2026, 4, 1), ends_on=None),
    "leaders_leaderterm_end_reason_known": lambda: _term(end_reason="eloped"),
    "leaders_nomination_entered_as_known": lambda: _nomination(entered_as="ghost"),
    "leaders_nomination_consent_given": lambda: _nomination(status="submitted", has_consent=False),
    "leaders_nominationevent_act_known": lambda: _event(act="forgotten"),
    "leaders_nominationevent_entered_as_known": lambda: _event(entered_as="ghost"),
    "leaders.LeaderTerm.nomination": lambda: _term(
        nomination=LeaderTermFactory(nomination=NominationFactory()).nomination
    ),
    "leaders_continuation_once": _same_continuation,
    "leaders_continuation_kind_known": lambda: _continuation(kind="whim"),
    "leaders_continuation_reason_filled": lambda: _continuation(reason=""),
    "leaders_leadercertificate_number_once": _same_number,
    "leaders_leadercertificate_once_per_term": _second_paper,
    "leaders_leadercertificate_serial_positive": lambda: _paper(serial=0),
    "leaders_curriculumcourse_strand_known": lambda: CurriculumCourseFactory.build(
        course=CourseFactory(), strand="cooking"
    ),
    "leaders.CurriculumCourse.course": lambda: CurriculumCourseFactory.build(
        course=CurriculumCourseFactory().course
    ),
    "leaders_activity_status_known": lambda: _activity(status="dreamt"),
    "leaders_activity_hours_not_negative": lambda: _activity(hours_before=-1),
    "leaders_activitystep_text_filled": lambda: ActivityStepFactory.build(
        activity=ActivityFactory(), text=""
    ),
    "leaders_activitycomment_text_filled": lambda: ActivityCommentFactory.build(
        activity=ActivityFactory(), by=UserFactory(), text=""
    ),
    "leaders_activitycomment_author_known": lambda: ActivityCommentFactory.build(
        activity=ActivityFactory(), by=UserFactory(), written_as="mayor"
    ),
    "leaders_transferrequest_preference_known": lambda: TransferRequestFactory.build(
        staff=StaffMemberFactory(), preference="perhaps"
    ),
    "leaders.SuitabilityNote.staff": lambda: SuitabilityNoteFactory.build(
        staff=SuitabilityNoteFactory().staff
    ),
    "leaders_leaderupload_state_known": lambda: LeaderUploadFactory.build(
        state="lost", decided_at=datetime(2026, 11, 2, tzinfo=UTC)
    ),
    "leaders_leaderupload_decided_has_moment": lambda: LeaderUploadFactory.build(state="applied"),
    "leaders_specialistdesignation_one_open": lambda: SpecialistDesignationFactory.build(
        staff=SpecialistDesignationFactory().staff, starts_on=date(2026, 4, 1)
    ),
    "leaders_specialistdesignation_route_known": lambda: _designation(route="heaven"),
    "leaders_specialistdesignation_ends_after_start": lambda: _designation(
        starts_on=date(2026, 4, 1), ends_on=date(2026, 3, 31)
    ),
}
ROWS = (
    CohortFactory,
    NominationFactory,
    NominationEventFactory,
    LeaderTermFactory,
    ContinuationFactory,
    LeaderCertificateFactory,
    CurriculumCourseFactory,
    ActivityFactory,
    ActivityStepFactory,
    ActivityCommentFactory,
    SpecialistDesignationFactory,
    TransferRequestFactory,
    SuitabilityNoteFactory,
    LeaderUploadFactory,
)
SENTENCES = constraints.sentences("leaders")


def test_every_promise_of_the_database_is_broken_here():
    assert set(BROKEN) == set(constraints.promises("leaders"))
    constraints.assert_covers("leaders", ROWS)


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


@pytest.mark.parametrize("missing", ["nominations_open_on", "nominations_close_on"])
def test_a_round_has_both_its_days_or_none(missing):
    CohortFactory(number=5, nominations_open_on=None, nominations_close_on=None)

    constraints.assert_never(CohortFactory, **{missing: None})


@pytest.mark.parametrize("status", ["submitted", "approved"])
def test_what_is_handed_in_has_its_reason(status):
    for lies_on_the_desk_or_is_gone in ("draft", "returned", "withdrawn"):
        NominationFactory(status=lies_on_the_desk_or_is_gone, reason="", comment="再考")

    constraints.assert_never(NominationFactory, status=status, reason="", comment="再考")


@pytest.mark.parametrize("status", NominationStatus.values)
def test_a_person_has_one_open_nomination_in_a_cohort(status):
    first = NominationFactory(status=status, comment="再考")
    again = _nomination(staff=first.staff)

    if status in OPEN_NOMINATIONS:
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save()
    else:
        again.save()

    assert Nomination.objects.count() == (1 if status in OPEN_NOMINATIONS else 2)


def test_a_person_may_be_nominated_again_for_the_next_cohort():
    first = NominationFactory()

    NominationFactory(staff=first.staff, cohort=CohortFactory(number=2))

    assert Nomination.objects.filter(staff=first.staff).count() == 2


def test_a_person_may_serve_again_when_the_first_term_is_over():
    first = LeaderTermFactory(ends_on=date(2026, 3, 31), completed=True)

    LeaderTermFactory(staff=first.staff, starts_on=date(2026, 4, 1))

    assert LeaderTerm.objects.filter(staff=first.staff).count() == 2


def test_a_person_may_be_designated_again_when_the_first_designation_is_over():
    first = SpecialistDesignationFactory(ends_on=date(2026, 3, 31))

    SpecialistDesignationFactory(staff=first.staff, starts_on=date(2026, 4, 1))

    assert SpecialistDesignation.objects.filter(staff=first.staff).count() == 2


@pytest.mark.parametrize("reason", ["", *EndReason.values])
def test_a_term_ends_for_a_known_reason_or_none(reason):
    assert LeaderTermFactory(end_reason=reason, ends_on=date(2026, 3, 31)).pk


# --- Cohorts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2025, 3, 31), None),
        (date(2025, 4, 1), 1),
        (date(2027, 3, 31), 1),
        (date(2027, 4, 1), 2),
        (date(2028, 2, 29), 2),
        (date(2029, 3, 31), 2),
        (date(2029, 4, 1), None),
    ],
)
def test_a_cohort_runs_from_its_first_1_april_to_its_last_31_march(day, number):
    CohortFactory()
    CohortFactory(number=2, first_year=FiscalYear(2027), last_year=FiscalYear(2028))

    running = Cohort.objects.running_on(day)

    assert (running.number if running else None) == number


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 10, 31), False),
        (date(2026, 11, 1), True),
        (date(2026, 11, 30), True),
        (date(2026, 12, 1), False),
    ],
)
def test_a_round_is_open_on_its_first_and_its_last_day(day, is_open):
    assert CohortFactory().takes_nominations(day) is is_open


def test_a_cohort_without_a_round_takes_no_nominations(today):
    cohort = CohortFactory(nominations_open_on=None, nominations_close_on=None)

    assert not cohort.takes_nominations(today)


# --- Nominations --------------------------------------------------------------------------------


def test_a_head_sees_the_nominations_of_their_units_whoever_is_nominated():
    own, other = NominationFactory(), NominationFactory()

    as_head = Access(headed=frozenset([own.department_id]))

    assert list(Nomination.objects.all().visible_to(as_head)) == [own]
    assert set(Nomination.objects.all().visible_to(Access(is_hr=True))) == {own, other}
    assert set(Nomination.objects.all().visible_to(Access(is_admin=True))) == {own, other}


def test_neither_a_manager_nor_the_nominated_sees_a_nomination():
    nomination = NominationFactory()
    asker = Access(staff_id=nomination.staff_id, is_manager=True)

    assert not Nomination.objects.all().visible_to(asker).exists()


# --- Terms --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "sits"),
    [
        (date(2026, 3, 31), False),
        (date(2026, 4, 1), True),
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
    ],
)
def test_a_leader_sits_on_the_first_and_the_last_day_of_the_term(day, sits):
    LeaderTermFactory(starts_on=date(2026, 4, 1), ends_on=date(2026, 9, 30))

    assert LeaderTerm.objects.all().sitting(day).exists() is sits


@pytest.mark.parametrize(("day", "sits"), [(date(2027, 3, 31), True), (date(2027, 4, 1), False)])
def test_an_open_term_sits_no_longer_than_its_cohort_runs(day, sits):
    LeaderTermFactory()

    assert LeaderTerm.objects.all().sitting(day).exists() is sits


@pytest.mark.parametrize(("day", "sits"), [(date(2026, 6, 30), True), (date(2026, 7, 1), False)])
def test_who_has_left_the_city_no_longer_sits(day, sits):
    LeaderTermFactory(staff__left_on=date(2026, 6, 30))

    assert LeaderTerm.objects.all().sitting(day).exists() is sits


@pytest.mark.parametrize(
    ("day", "is_done"), [(date(2027, 3, 30), False), (date(2027, 3, 31), True)]
)
def test_a_term_is_completed_from_its_last_day_on(day, is_done):
    LeaderTermFactory(ends_on=date(2027, 3, 31), completed=True)
    LeaderTermFactory(ends_on=date(2027, 3, 31), completed=False)
    LeaderTermFactory()

    assert LeaderTerm.objects.all().completed(day).count() == int(is_done)


# --- Specialists --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "is_active"),
    [
        (date(2027, 3, 31), False),
        (date(2027, 4, 1), True),
        (date(2028, 2, 29), True),
        (date(2028, 3, 1), False),
    ],
)
def test_a_designation_is_active_on_its_first_and_its_last_day(day, is_active):
    member = AssignmentFactory().staff
    SpecialistDesignationFactory(
        staff=member, starts_on=date(2027, 4, 1), ends_on=date(2028, 2, 29)
    )

    assert SpecialistDesignation.objects.all().active(day).exists() is is_active
    assert SpecialistDesignation.objects.all().places(day).exists() is is_active


@pytest.mark.parametrize(
    ("day", "is_active"),
    [
        (date(2026, 3, 31), False),
        (date(2026, 4, 1), True),
        (date(2027, 3, 31), True),
        (date(2027, 4, 1), False),
    ],
)
def test_only_people_in_service_are_specialists(day, is_active):
    member = AssignmentFactory(
        staff__hired_on=date(2026, 4, 1), staff__left_on=date(2027, 3, 31)
    ).staff
    SpecialistDesignationFactory(staff=member)

    assert SpecialistDesignation.objects.all().active(day).exists() is is_active
    assert SpecialistDesignation.objects.all().places(day).exists() is is_active


def test_a_specialist_is_counted_once_where_they_stand_that_day():
    member = StaffMemberFactory()
    before = AssignmentFactory(staff=member, starts_on=date(2025, 4, 1))
    after = AssignmentFactory(staff=member, starts_on=date(2026, 4, 1))
    SpecialistDesignationFactory(staff=member, ends_on=date(2030, 3, 31))
    SpecialistDesignationFactory(staff=member, route="leader")
    AssignmentFactory()

    def places(day):
        return list(SpecialistDesignation.objects.all().places(day))

    assert places(date(2026, 3, 31)) == [before]
    assert places(date(2026, 4, 1)) == [after]
