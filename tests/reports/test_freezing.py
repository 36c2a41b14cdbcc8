"""A year is frozen by HR with everything that stood, once, and nothing changes it any more."""

import json
from datetime import date, timedelta

import pytest
from auditlog.models import LogEntry
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from agano_dx.lib.fiscal import FiscalYear
from reports.comparison import Reason, compare, frozen_side, known_side, tally
from reports.documents import progress_document
from reports.models import Snapshot
from reports.progress import progress
from reports.services.freezing import NotForHrError, freeze
from reports.snapshots import (
    frozen_counts,
    frozen_standings,
    members_document,
    rule_from,
    standings_from,
)
from reports.standing import Done, SpecialistStanding, Standing, Standings, TermStanding, standings
from staff.models import Assignment, StaffMember
from staff.organisation import DepartmentTree
from tests.conftest import TODAY, placed
from tests.factories import (
    AssignmentFactory,
    CompletionFactory,
    FrozenYearFactory,
    LeaderTermFactory,
    OfferingFactory,
    RankFactory,
    StaffMemberFactory,
)
from tests.together import together
from training.models import DEFAULT_RULE, AttendanceStatus, CountingRule, FrozenYear
from training.services.correcting import correct
from training.services.freezing import YearNotOverError

R7 = FiscalYear(2025)
END = date(2026, 3, 31)
HELD_ON = date(2026, 3, 2)


# --- the act ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_frozen_year_holds_the_figures_the_rule_and_everybody(section, hr):
    CompletionFactory(staff=placed(section), offering__starts_on=HELD_ON)
    LeaderTermFactory(department=section)

    kept = freeze(year=R7, by=hr, today=TODAY)

    kept.refresh_from_db()
    assert kept.is_as_written
    assert (kept.as_of, kept.frozen_by) == (END, hr)
    assert kept.figures == progress_document(progress(END, DEFAULT_RULE, None))
    assert frozen_standings(kept) == standings(END, None)
    assert rule_from(kept.rule) == DEFAULT_RULE
    assert FrozenYear.objects.get().fiscal_year == R7
    assert "member" not in str(LogEntry.objects.get_for_object(kept).get().changes)


@pytest.mark.django_db
def test_the_counts_of_frozen_years_are_what_was_frozen_and_read_no_members(
    section, hr, django_assert_num_queries
):
    CompletionFactory(staff=placed(section), offering__starts_on=HELD_ON)
    frozen = progress(END, DEFAULT_RULE, None).total
    freeze(year=R7, by=hr, today=TODAY)
    AssignmentFactory(department=section, starts_on=HELD_ON)  # known only after the freezing

    with django_assert_num_queries(1) as asked:
        found = frozen_counts()

    assert found == {R7: frozen}
    assert "members" not in asked[0]["sql"]


@pytest.mark.django_db
def test_the_same_year_frozen_twice_is_frozen_once(section, hr):
    first = freeze(year=R7, by=hr, today=TODAY)
    placed(section)

    again = freeze(year=R7, by=hr, today=TODAY)

    assert again.pk == first.pk
    assert again.figures["population"] == 0


@pytest.mark.django_db
def test_a_year_locked_before_figures_were_kept_is_completed(section, hr):
    FrozenYearFactory()
    placed(section)

    assert freeze(year=R7, by=hr, today=TODAY).figures["population"] == 1


@pytest.mark.django_db
def test_only_hr_freezes_and_only_a_year_that_is_over(admin, hr):
    with pytest.raises(NotForHrError):
        freeze(year=R7, by=admin, today=TODAY)
    with pytest.raises(YearNotOverError):
        freeze(year=R7, by=hr, today=END)

    assert not Snapshot.objects.exists()
    assert not FrozenYear.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_freeze_at_once_make_one(hr):
    answers = together([lambda: freeze(year=R7, by=hr, today=TODAY)] * 2)

    assert [one.pk for one in answers] == [Snapshot.objects.get().pk] * 2


# --- never changed ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_database_refuses_to_change_what_was_frozen(hr):
    freeze(year=R7, by=hr, today=TODAY)

    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        Snapshot.objects.update(figures={"population": 1})
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
            Snapshot.objects.all().delete()

    assert Snapshot.objects.get().is_as_written


@pytest.mark.django_db
def test_a_digest_tells_whether_one_number_was_tampered_with(hr):
    kept = freeze(year=R7, by=hr, today=TODAY)

    kept.figures["capable"] += 1

    assert not kept.is_as_written


@pytest.mark.django_db
def test_the_settings_only_show_what_was_frozen(hr, admin, client_of):
    kept = freeze(year=R7, by=hr, today=TODAY)
    page = reverse("admin:reports_snapshot_change", args=[kept.pk])
    browser = client_of(admin)

    assert browser.get(page).status_code == 200
    assert browser.post(page, {"as_of": "2026-03-30"}).status_code == 403


# --- as JSON and back ---------------------------------------------------------------------------

days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
keys = st.integers(1, 9)
words = st.text(max_size=5)
people = st.builds(
    Standing,
    staff_id=keys,
    number=words,
    hired_on=days,
    left_on=st.none() | days,
    department_id=keys,
    rank=words,
    band=words,
    is_executive=st.booleans(),
    employment=words,
    duty=words,
    done=st.dictionaries(words, st.builds(Done, days, days), max_size=3),
)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    found=st.builds(
        Standings,
        on=days,
        people=st.lists(people, max_size=3).map(tuple),
        terms=st.lists(
            st.builds(TermStanding, keys, keys, keys, st.booleans(), st.booleans()), max_size=2
        ).map(tuple),
        specialists=st.lists(st.builds(SpecialistStanding, keys, keys, words), max_size=2).map(
            tuple
        ),
    )
)
def test_everybody_comes_back_from_json_as_they_were(found):
    text = json.dumps(members_document(found, DepartmentTree({}, found.on), changes_until=0))

    assert standings_from(json.loads(text)) == found


# --- five corrections ---------------------------------------------------------------------------


@pytest.fixture
def corrected(section, hr):
    """R7 frozen with thirty people; then five of them put right, each in another way."""
    offering = OfferingFactory(starts_on=HELD_ON, course__category="mind")
    rank = RankFactory()
    members = [placed(section, rank=rank, starts_on=date(2025, 4, 1)) for _ in range(30)]
    for member in members[:20]:
        CompletionFactory(offering=offering, staff=member)
    snapshot = freeze(year=R7, by=hr, today=TODAY)
    late, wrong, away, gone, hourly = members[25], members[0], members[1], members[2], members[26]
    for member, seen, status in ((late, "", "present"), (wrong, "present", "absent")):
        correct(
            offering=offering,
            staff=member,
            seen=seen,
            status=status,
            reason=f"{status}の出席簿が見つかったため。",
            by=hr,
            today=TODAY,
        )
    AssignmentFactory(
        staff=away, department=section, rank=rank, starts_on=date(2026, 2, 1), duty="childcare"
    )
    StaffMember.objects.filter(pk=gone.pk).update(left_on=date(2026, 3, 15))
    Assignment.objects.filter(staff=hourly).update(employment="fiscal_year_appointee")
    # And what happened after the day, which is nobody's correction.
    AssignmentFactory(staff=members[3], department=section, rank=rank, starts_on=END + timedelta(1))
    CompletionFactory(staff=members[4], offering__starts_on=date(2026, 5, 1))
    StaffMember.objects.filter(pk=members[5].pk).update(left_on=date(2026, 9, 30))
    return snapshot, {
        late: Reason.LATE_MARK,
        wrong: Reason.CORRECTED,
        away: Reason.BACKDATED,
        gone: Reason.DATES,
        hourly: Reason.BACKDATED,
    }


@pytest.mark.django_db
def test_five_corrections_are_named_with_their_reasons_and_nobody_else(corrected):
    snapshot, expected = corrected

    told = compare(frozen_side(snapshot), known_side(END), None)

    assert {line.staff_id: line.reason for line in told.lines} == {
        member.pk: reason for member, reason in expected.items()
    }
    assert len(told.lines) == 5
    assert (told.of("population").first, told.of("population").second) == (30, 27)
    assert told.of("mind").difference == 1 - 3  # one learned of, three no longer counted
    for change in told.figures:
        assert sum(line.figures.get(change.key, 0) for line in told.lines) == change.difference
    marks = {line.reason: line.marks[0] for line in told.lines if line.marks}
    assert (marks[Reason.LATE_MARK].old, marks[Reason.LATE_MARK].new) == ("", "present")
    assert marks[Reason.CORRECTED].old == AttendanceStatus.PRESENT
    assert "出席簿" in marks[Reason.CORRECTED].reason
    assert tally(frozen_standings(snapshot), DEFAULT_RULE, None)["population"] == 30


@pytest.mark.django_db
def test_a_changed_rule_changes_no_frozen_figure_and_is_told_apart(corrected):
    snapshot, _ = corrected
    CountingRule.objects.create(
        in_force_from=date(2025, 4, 1),
        counted_employments=["regular"],
        excluded_duties=[],
        required_categories=["mind"],
    )

    told = compare(frozen_side(snapshot), known_side(END), None)

    by_rule = [line for line in told.lines if line.reason == Reason.RULE]
    assert Snapshot.objects.get().figures["population"] == told.of("population").first == 30
    # The one on leave is counted by the new rule; by the facts three are gone all the same.
    assert (told.of("population").by_facts, told.of("population").by_rule) == (-3, 1)
    assert told.of("capable").by_rule == sum(line.figures.get("capable", 0) for line in by_rule)
    assert told.of("capable").difference == 19


@pytest.mark.django_db
def test_a_term_decided_after_the_freezing_is_a_correction_of_the_term(section, hr):
    term = LeaderTermFactory(
        department=section, starts_on=date(2025, 4, 1), ends_on=END, staff=placed(section)
    )
    snapshot = freeze(year=R7, by=hr, today=TODAY)
    term.completed, term.decided_on = True, TODAY
    term.save()

    told = compare(frozen_side(snapshot), known_side(END), None)

    assert [(line.staff_id, line.reason, dict(line.figures)) for line in told.lines] == [
        (term.staff_id, Reason.TERM_FIXED, {"completed_terms": 1, "finished_people": 1})
    ]


@pytest.mark.django_db
def test_what_happened_later_is_told_from_what_was_learned_later(corrected, section):
    snapshot, expected = corrected
    newcomer = placed(section, staff=StaffMemberFactory(hired_on=date(2026, 4, 1)))

    told = compare(frozen_side(snapshot), known_side(TODAY), None)

    reasons = {}
    for line in told.lines:
        reasons.setdefault(line.reason, set()).add(line.staff_id)
    assert reasons[Reason.HIRED] == {newcomer.pk}
    assert len(reasons[Reason.LEFT]) == 1
    assert reasons[Reason.LATE_MARK] | reasons[Reason.DATES] <= {one.pk for one in expected}
