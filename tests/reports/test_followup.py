"""What is left to do after a roster: the page, its parts, and the reminder on home."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from agano_dx.lib.fiscal import FiscalYear
from reports.followup.ground import Ground
from reports.followup.lines import ImportFacts
from reports.followup.undecided import undecided
from reports.progress import progress
from staff.models import ChangeKind, Duty, ImportStatus, User
from tests.conftest import JAPAN, TODAY
from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    CohortFactory,
    CompletionFactory,
    ContinuationFactory,
    DepartmentFactory,
    LeaderTermFactory,
    NominationFactory,
    OfferingFactory,
    ProgrammeFactory,
    RosterChangeFactory,
    RosterImportFactory,
    StaffMemberFactory,
    UserFactory,
)
from training.models import DEFAULT_RULE

pytestmark = pytest.mark.django_db

APRIL = date(2026, 4, 1)
EVE = date(2026, 3, 31)
NOON = datetime(2026, 11, 23, 12, tzinfo=JAPAN)


@pytest.fixture
def roster():
    """A roster of 1 April 2026, put into force today."""
    return RosterImportFactory(
        file_name="四月.xlsx",
        status=ImportStatus.APPLIED,
        applied_at=NOON,
        effective_on=APRIL,
    )


@pytest.fixture
def row():
    """The row of the plan for everybody."""
    return ProgrammeFactory()


def url(roster):
    return reverse("reports:roster_followup", args=[roster.pk])


def part(desk, roster, key):
    parts = desk.get(url(roster)).context["found"].parts
    return next(one for one in parts if one.key == key)


def changed(roster, member, kind, **after):
    staff = None if kind == ChangeKind.HIRED else member
    return RosterChangeFactory(
        roster_import=roster,
        staff=staff,
        number=member.number,
        name=member.name,
        kind=kind,
        starts_on=APRIL,
        after=after,
    )


def hired(roster, hired_on=APRIL, **kwargs):
    member = AssignmentFactory(staff__hired_on=hired_on, starts_on=hired_on, **kwargs).staff
    changed(roster, member, ChangeKind.HIRED, hired_on=hired_on.isoformat())
    return member


def leaves(roster, member, on=EVE):
    member.left_on = on
    member.save()
    changed(roster, member, ChangeKind.LEFT, left_on=on.isoformat())
    return member


def moves(roster, member, department):
    AssignmentFactory(staff=member, department=department, starts_on=APRIL)
    changed(roster, member, ChangeKind.MOVED, department=department.code)


# --- The page -----------------------------------------------------------------------------------


@pytest.fixture
def desk(client_of, admin):
    return client_of(admin)


def test_a_page_with_nothing_to_do_says_so_in_every_part(desk, roster):
    page = desk.get(url(roster)).content.decode()

    assert page.count("することはありません。") == 6
    assert "発令日：令和8年4月1日" in page


@pytest.mark.parametrize("status", [ImportStatus.PREVIEW, ImportStatus.DISCARDED])
def test_only_an_import_in_force_leaves_anything_to_do(desk, status):
    assert desk.get(url(RosterImportFactory(status=status))).status_code == 404


# --- New people ---------------------------------------------------------------------------------


def test_a_new_hire_owes_the_mind_course_until_it_is_booked_or_done(desk, roster, row):
    new, booked, done = hired(roster), hired(roster), hired(roster)
    AttendanceFactory(staff=booked, offering=OfferingFactory(starts_on=date(2026, 12, 1)))
    CompletionFactory(staff=done)

    owing = part(desk, roster, "owing")

    assert {line.cells[0]: (line.cells[-1], line.is_open) for line in owing.lines} == {
        new.number: ("新採用", True),
        booked.number: ("予約済", False),
    }
    assert owing.open == 1


def test_who_is_excused_owes_nothing(desk, roster, row):
    AttendanceFactory(staff=hired(roster), status="excused")

    assert part(desk, roster, "owing").lines == ()


def test_who_came_in_an_earlier_year_is_not_a_new_hire(desk, roster, row):
    hired(roster, hired_on=EVE)

    assert part(desk, roster, "owing").lines == ()


def test_who_was_hired_by_another_roster_is_not_of_this_one(desk, roster, row):
    AssignmentFactory(staff__hired_on=APRIL, starts_on=APRIL)

    assert part(desk, roster, "owing").lines == ()


@pytest.mark.parametrize("other", [{"category": "skill"}, {"last_year": FiscalYear(2025)}], ids=str)
def test_only_a_running_row_of_the_mind_category_is_owed(desk, roster, other):
    ProgrammeFactory(**other)
    hired(roster)

    assert part(desk, roster, "owing").lines == ()


def test_those_without_an_account_get_one_from_a_button(desk, roster):
    member = hired(roster, department__name="見本課")
    UserFactory(staff=hired(roster))
    leaves(roster, hired(roster), on=date(2026, 9, 30))

    found = part(desk, roster, "open")
    answer = desk.post(
        reverse("staff:account_open"), {"scope": "shown", "shown": list(found.numbers)}
    )

    assert [line.cells for line in found.lines] == [(member.number, "見本課", "令和8年4月1日")]
    assert [one for one, _ in answer.context["slips"]] == [member]
    assert part(desk, roster, "open").lines == ()


# --- Leavers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last_day", "is_open"),
    [(date(2026, 11, 22), True), (TODAY, False), (date(2027, 3, 31), False)],
)
def test_a_leavers_account_is_closed_after_the_last_day(desk, roster, last_day, is_open):
    member = leaves(roster, UserFactory().staff, on=last_day)

    (line,) = part(desk, roster, "close").lines

    assert line.is_open is is_open
    assert line.number == (member.number if is_open else "")


def test_while_the_effective_date_is_to_come_nobodys_account_is_closed_early(desk, roster):
    roster.effective_on = date(2026, 12, 1)
    roster.save()
    leaves(roster, UserFactory().staff, on=date(2026, 11, 30))

    (line,) = part(desk, roster, "close").lines

    assert not line.is_open


def test_the_button_closes_them_and_leads_back(desk, roster):
    member = leaves(roster, UserFactory().staff)
    numbers = part(desk, roster, "close").numbers

    answer = desk.post(
        reverse("staff:account_close"),
        {"scope": "shown", "shown": list(numbers), "next": url(roster)},
    )

    assert answer["Location"] == url(roster)
    assert not User.objects.get(staff=member).is_active
    assert part(desk, roster, "close").lines == ()


def test_a_leaver_without_an_account_or_back_in_service_is_not_listed(desk, roster):
    leaves(roster, StaffMemberFactory())
    back = leaves(roster, UserFactory().staff)
    back.left_on = None
    back.save()

    assert part(desk, roster, "close").lines == ()


def test_the_personnel_office_sees_the_accounts_and_asks_the_administrator(client_of, hr, roster):
    leaves(roster, UserFactory().staff)
    hired(roster)

    page = client_of(hr).get(url(roster)).content.decode()

    assert page.count("利用者のことは、システム管理者に頼んでください。") == 2
    assert reverse("staff:account_list") not in page
    assert '<form method="post" action="/staff/' not in page


# --- Leaders ------------------------------------------------------------------------------------


def test_a_leader_who_left_is_missed_until_the_department_has_another(desk, roster, section):
    term = LeaderTermFactory(department=section)
    leaves(roster, term.staff)

    (line,) = part(desk, roster, "lost").lines
    LeaderTermFactory(department=section, cohort=term.cohort, starts_on=APRIL)
    (after,) = part(desk, roster, "lost").lines

    assert (line.label, line.is_open) == (term.staff.name, True)
    assert line.cells[1:] == ("見本課", "令和8年3月31日に退職", "いません")
    assert (after.cells[-1], after.is_open) == ("います", False)


def test_a_leader_who_moved_is_to_be_decided_until_the_term_ends(desk, roster, section):
    term = LeaderTermFactory(department=section)
    moves(roster, term.staff, DepartmentFactory(name="別の課", gives_leader=False))

    (line,) = part(desk, roster, "lost").lines
    term.ends_on = EVE
    term.save()
    (after,) = part(desk, roster, "lost").lines

    assert line.cells[2:] == ("令和8年4月1日に別の課へ異動", "異動した人の任期が残っています")
    assert line.is_open
    assert (after.cells[-1], after.is_open) == ("いません", True)


def test_a_leader_who_came_back_is_not_lost(desk, roster, section):
    term = LeaderTermFactory(department=section)
    moves(roster, term.staff, DepartmentFactory())

    AssignmentFactory(staff=term.staff, department=section, starts_on=date(2026, 10, 1))

    assert part(desk, roster, "lost").lines == ()


def test_who_was_promoted_or_went_on_leave_is_not_lost(desk, roster, section):
    term = LeaderTermFactory(department=section)
    changed(roster, term.staff, ChangeKind.DUTY_CHANGED, duty=Duty.LEAVE)

    assert part(desk, roster, "lost").lines == ()


def test_departments_without_a_leader_are_listed(desk, roster, section, other_section):
    LeaderTermFactory(department=section)

    assert [line.label for line in part(desk, roster, "without").lines] == ["別の課"]


def test_the_way_to_nominate_leads_to_the_cohort_that_lost_somebody(desk, roster):
    term = LeaderTermFactory()
    leaves(roster, term.staff)

    lost = part(desk, roster, "lost")

    assert lost.url == "/leaders/nominations/?cohort=1"
    assert desk.get(lost.url).status_code == 200


# --- Not decided yet ----------------------------------------------------------------------------


def test_what_leavers_leave_behind_waits_for_a_decision(desk, roster, section):
    member = StaffMemberFactory()
    cohort = CohortFactory()
    term = LeaderTermFactory(staff=member, cohort=cohort, department=section)
    nomination = NominationFactory(
        staff=member, cohort=cohort, department=section, status="submitted"
    )
    seat = AttendanceFactory(staff=member, offering=OfferingFactory(starts_on=date(2026, 5, 20)))
    leaves(roster, member)

    lines = part(desk, roster, "undecided").lines

    assert [(line.cells[1], line.url) for line in lines] == [
        ("承認できなくなった第1期の推薦（見本課・提出済み）", nomination.get_absolute_url()),
        ("退職した第1期のリーダー（見本課）の任期に退任日がありません", term.get_absolute_url()),
        (
            "いない間の研修の予約が1件（最初は令和8年5月20日開催）",
            seat.offering.get_absolute_url(),
        ),
    ]
    assert {desk.get(line.url).status_code for line in lines} == {200}


def test_a_leader_on_leave_waits_for_a_decision_until_the_term_is_continued(desk, roster, section):
    term = LeaderTermFactory(department=section)
    AssignmentFactory(staff=term.staff, department=section, starts_on=APRIL, duty=Duty.CHILDCARE)
    changed(roster, term.staff, ChangeKind.DUTY_CHANGED, duty=Duty.CHILDCARE)

    (line,) = part(desk, roster, "undecided").lines
    ContinuationFactory(term=term, kind="on_leave", department=section)

    assert line.url == term.get_absolute_url()
    assert (
        line.cells[1] == "休みに入った第1期のリーダー（見本課）の任期を続けるか、後任を推薦するか"
    )
    assert part(desk, roster, "undecided").lines == ()


def test_a_leader_who_moved_is_settled_when_the_term_is_continued(desk, roster, section):
    term = LeaderTermFactory(department=section)
    other = DepartmentFactory(name="別の課", gives_leader=False)
    moves(roster, term.staff, other)
    (before,) = part(desk, roster, "lost").lines

    ContinuationFactory(term=term, department=other)

    (after,) = part(desk, roster, "lost").lines
    assert (before.is_open, before.url) == (True, term.get_absolute_url())
    assert (after.cells[-1], after.is_open) == ("います", False)


def test_a_change_left_out_waits_and_counts_for_nothing_else(roster):
    change = changed(roster, UserFactory().staff, ChangeKind.LEFT, left_on="2026-03-31")
    # The import will say so of itself once changes can be left out one by one.
    change.decision = "left_out"

    facts = ImportFacts.of([change], TODAY)
    ground = Ground.load(TODAY, DEFAULT_RULE, progress(TODAY, DEFAULT_RULE, None).leaders)
    (line,) = undecided(facts, [], ground).lines

    assert line.cells == (change.number, "取込で外した変更：退職（令和8年4月1日）")
    assert (facts.planned, facts.left) == ([], [])


# --- Many ---------------------------------------------------------------------------------------


def test_a_part_shows_fifty_and_says_how_many_more(desk, roster):
    for _ in range(52):
        changed(roster, StaffMemberFactory(hired_on=APRIL), ChangeKind.HIRED)

    found = part(desk, roster, "open")

    assert (found.open, len(found.shown), len(found.numbers)) == (52, 50, 50)
    assert "ほかに2件あります。" in desk.get(url(roster)).content.decode()


def test_the_number_of_people_does_not_matter(
    desk, roster, row, django_assert_max_num_queries, django_assert_num_queries
):
    def more(people):
        for _ in range(people):
            member = StaffMemberFactory()
            LeaderTermFactory(staff=member)
            NominationFactory(staff=member)
            AttendanceFactory(staff=member)
            UserFactory(staff=member)
            leaves(roster, member)
            hired(roster)

    more(1)
    desk.get(url(roster))
    with django_assert_max_num_queries(50) as counted:
        desk.get(url(roster))

    more(10)
    with django_assert_num_queries(len(counted)):
        desk.get(url(roster))


# --- The reminder on home -----------------------------------------------------------------------


def reminders(desk):
    return [task for task in desk.get("/").context["tasks"] if "名簿を反映した後に" in task.title]


def test_home_reminds_of_what_a_roster_left_to_do(client_of, admin, hr, manager, roster, row):
    hired(roster)
    leaves(roster, UserFactory().staff)

    (task,) = reminders(client_of(admin))

    assert task.title == "令和8年4月1日の名簿を反映した後にすることが3件あります"
    assert task.body == (
        "新採用職員でDXマインド研修が必要な人（1）、止める利用者（1）、作る利用者（1）"
    )
    assert client_of(admin).get(task.url).status_code == 200
    assert len(reminders(client_of(hr))) == 1
    assert reminders(client_of(manager)) == []


def test_home_is_silent_when_only_departments_lack_a_leader(desk, roster, section):
    assert reminders(desk) == []


@pytest.mark.parametrize(("days", "is_reminded"), [(30, True), (31, False)])
def test_home_reminds_for_thirty_days(desk, roster, days, is_reminded):
    hired(roster)
    roster.applied_at = NOON - timedelta(days=days)
    roster.save()

    assert bool(reminders(desk)) is is_reminded


def test_home_reminds_of_the_last_three_rosters(desk):
    for _ in range(4):
        hired(RosterImportFactory(status=ImportStatus.APPLIED, applied_at=NOON, effective_on=APRIL))

    assert len(reminders(desk)) == 3
