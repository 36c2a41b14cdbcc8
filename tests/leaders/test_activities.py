"""Writing activities down: whose they are, until when, and that nobody overwrites the unseen."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from auditlog.models import LogEntry

from agano_dx.lib.errors import DomainError
from leaders.activities import next_step, overdue_steps, own_terms, terms_without_activity
from leaders.models import Activity, ActivityStep
from leaders.services.activities import (
    ActivityChangedMeanwhileError,
    Entry,
    NotFellowLeaderError,
    NotOwnActivityError,
    SameThemeError,
    Step,
    TermDecidedError,
    TermNotSittingError,
    add_activity,
    change_activity,
    entry_of,
)
from tests.conftest import TODAY, account, placed
from tests.factories import (
    ActivityFactory,
    ActivityStepFactory,
    CohortFactory,
    LeaderTermFactory,
    StaffMemberFactory,
)
from tests.together import together

pytestmark = pytest.mark.django_db

ENTRY = Entry(
    theme="窓口の予約",
    problem="待ち時間が長い。",
    hours_before=Decimal(120),
    hours_after=Decimal("37.5"),
    steps=(Step(date(2026, 12, 1), "流れを書き出す"), Step(date(2027, 1, 8), "試す")),
)


@pytest.fixture
def term(staff, section):
    return LeaderTermFactory(staff=staff.staff, department=section)


def add(term, by, entry=ENTRY):
    return add_activity(term=term, entry=entry, by=by, today=TODAY)


def change(activity, by, entry, seen=1):
    return change_activity(activity=activity, entry=entry, seen=seen, by=by, today=TODAY)


def fellow(**kwargs):
    return LeaderTermFactory(**kwargs).staff_id


# --- A new one ----------------------------------------------------------------------------------


def test_what_was_written_is_what_stands_there(term, staff):
    entry = replace(ENTRY, participants=frozenset({fellow(), fellow()}))

    activity = add(term, staff, entry)

    assert entry_of(activity) == entry
    assert activity.saved_hours == Decimal("82.5")
    assert activity.version == 1


def test_the_same_sent_twice_is_one(term, staff):
    first = add(term, staff)

    assert add(term, staff) == first
    assert ActivityStep.objects.count() == 2


def test_the_same_theme_with_other_words_is_refused(term, staff):
    add(term, staff)

    with pytest.raises(SameThemeError):
        add(term, staff, replace(ENTRY, problem="別の課題"))

    assert Activity.objects.get().problem == "待ち時間が長い。"


def test_nobody_registers_for_another(term, hr, head):
    for user in (hr, head, account(LeaderTermFactory(cohort=term.cohort).staff)):
        with pytest.raises(NotOwnActivityError):
            add(term, user)


@pytest.mark.parametrize(
    "dates",
    [
        {"starts_on": date(2026, 11, 24)},
        {"ends_on": date(2026, 11, 22), "end_reason": "declined"},
    ],
)
def test_a_term_that_does_not_sit_takes_no_new_activity(term, staff, dates):
    type(term).objects.filter(pk=term.pk).update(**dates)

    with pytest.raises(TermNotSittingError):
        add(term, staff)


def test_on_the_last_day_of_the_term_an_activity_is_taken(term, staff):
    type(term).objects.filter(pk=term.pk).update(ends_on=TODAY, end_reason="declined")

    assert add(term, staff).pk


def test_a_decided_term_takes_no_new_activity(term, staff):
    type(term).objects.filter(pk=term.pk).update(ends_on=TODAY, decided_on=TODAY)

    with pytest.raises(TermDecidedError):
        add(term, staff)


def test_only_other_leaders_sitting_in_the_cohort_take_part(term, staff):
    later = CohortFactory(number=2, first_year=2027, last_year=2028)
    strangers = [
        StaffMemberFactory().pk,
        staff.staff_id,
        fellow(cohort=later),
        fellow(ends_on=date(2026, 11, 22), end_reason="declined"),
    ]

    for stranger in strangers:
        with pytest.raises(NotFellowLeaderError):
            add(term, staff, replace(ENTRY, participants=frozenset({stranger})))

    assert not Activity.objects.exists()


# --- A change -----------------------------------------------------------------------------------


def test_the_leader_changes_their_own(term, staff):
    activity = add(term, staff)
    done = replace(
        ENTRY,
        status="done",
        steps=(Step(date(2026, 12, 1), "流れを書き出す", date(2026, 11, 20)),),
    )

    assert change(activity, staff, done)

    activity.refresh_from_db()
    assert entry_of(activity) == done
    assert activity.version == 2


def test_a_step_written_over_keeps_its_row(term, staff):
    activity = add(term, staff)
    rows = list(activity.steps.values_list("pk", flat=True))

    done = replace(ENTRY.steps[0], done_on=TODAY)
    change(activity, staff, replace(ENTRY, steps=(done, ENTRY.steps[1])))

    assert list(activity.steps.values_list("pk", flat=True)) == rows


def test_the_same_change_sent_twice_is_one(term, staff):
    activity = add(term, staff)
    entry = replace(ENTRY, plan="電子申請にする。")

    answers = [change(activity, staff, entry), change(activity, staff, entry)]

    assert answers == [True, False]
    assert Activity.objects.get().version == 2


def test_who_has_not_seen_the_others_words_overwrites_nothing(term, staff, hr):
    activity = add(term, staff)
    change(activity, hr, replace(ENTRY, tools="電子申請"))

    with pytest.raises(ActivityChangedMeanwhileError) as refusal:
        change(activity, staff, replace(ENTRY, plan="紙にする。"))

    assert refusal.value.now.tools == "電子申請"
    assert refusal.value.version == 2
    assert Activity.objects.get().plan == ""


def test_the_leader_changes_nothing_once_the_term_is_decided_but_hr_may(term, staff, hr):
    activity = add(term, staff)
    type(term).objects.filter(pk=term.pk).update(ends_on=TODAY, decided_on=TODAY)

    with pytest.raises(TermDecidedError):
        change(activity, staff, replace(ENTRY, plan="今から"))

    assert change(activity, hr, replace(ENTRY, plan="誤字の訂正"))


def test_heads_administrators_and_those_who_take_part_change_nothing(term, staff, head, admin):
    partner = LeaderTermFactory(cohort=term.cohort).staff
    activity = add(term, staff, replace(ENTRY, participants=frozenset({partner.pk})))

    for user in (head, admin, account(partner)):
        with pytest.raises(NotOwnActivityError):
            change(activity, user, replace(ENTRY, plan="勝手に"))


def test_who_takes_part_stays_when_their_term_has_ended(term, staff):
    partner = LeaderTermFactory(cohort=term.cohort)
    entry = replace(ENTRY, participants=frozenset({partner.staff_id}))
    activity = add(term, staff, entry)
    type(term).objects.filter(pk=partner.pk).update(ends_on=date(2026, 11, 1), end_reason="moved")

    assert change(activity, staff, replace(entry, plan="続ける。"))
    assert activity.participants.get() == partner.staff


def test_a_theme_of_another_activity_of_the_term_is_refused(term, staff):
    add(term, staff)
    other = add(term, staff, replace(ENTRY, theme="別の活動"))

    with pytest.raises(SameThemeError):
        change(other, staff, ENTRY)


def test_every_change_leaves_its_trail(term, staff):
    partner = LeaderTermFactory(cohort=term.cohort).staff_id
    activity = add(term, staff)

    change(activity, staff, replace(ENTRY, plan="変える。", participants=frozenset({partner})))

    entries = LogEntry.objects.filter(content_type__model="activity").order_by("pk")
    assert {entry.actor for entry in entries} == {staff}
    assert entries[1].changes["plan"] == ["", "変える。"]
    assert entries[2].changes == {"participants": ["[]", f"[{partner}]"]}


# --- At the same moment -------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_activity(staff, section):
    term = LeaderTermFactory(staff=staff.staff, department=section)

    answers = together([lambda: add(term, staff)] * 4)

    assert {answer.pk for answer in answers} == {Activity.objects.get().pk}
    assert ActivityStep.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_writers_one_is_told(staff, section, hr):
    activity = add(LeaderTermFactory(staff=staff.staff, department=section), staff)
    texts = {user: replace(ENTRY, plan=f"{user.pk}の計画") for user in (staff, hr)}

    def write(user):
        try:
            return change(activity, user, texts[user])
        except DomainError as refusal:
            return type(refusal)

    answers = together([lambda user=user: write(user) for user in texts])

    assert sorted(answers, key=str) == [ActivityChangedMeanwhileError, True]
    winner = staff if answers[0] is True else hr
    assert entry_of(Activity.objects.get()) == texts[winner]


# --- What a leader has let slip -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "status", "is_late"),
    [
        ({"due_on": date(2026, 11, 22)}, "running", True),
        ({"due_on": date(2026, 11, 22)}, "planned", True),
        ({"due_on": TODAY}, "running", False),
        ({"due_on": date(2026, 11, 1), "done_on": date(2026, 11, 20)}, "running", False),
        ({"due_on": date(2026, 11, 1)}, "done", False),
        ({"due_on": date(2026, 11, 1)}, "stopped", False),
    ],
)
def test_a_step_is_late_from_the_day_after_its_day(term, step, status, is_late):
    row = ActivityStepFactory(activity=ActivityFactory(term=term, status=status), **step)
    ActivityStepFactory(activity=ActivityFactory(), due_on=date(2026, 1, 1))

    assert overdue_steps(term.staff_id, TODAY) == ([row] if is_late else [])


def test_steps_of_a_decided_term_are_late_no_more(term):
    ActivityStepFactory(activity=ActivityFactory(term=term), due_on=date(2026, 1, 1))
    type(term).objects.filter(pk=term.pk).update(ends_on=TODAY, decided_on=TODAY)

    assert overdue_steps(term.staff_id, TODAY) == []


def test_the_next_step_is_the_first_not_done():
    activity = ActivityFactory()
    ActivityStepFactory(activity=activity, due_on=date(2026, 12, 20))
    step = ActivityStepFactory(activity=activity, due_on=date(2026, 12, 10))
    ActivityStepFactory(activity=activity, due_on=date(2026, 11, 1), done_on=date(2026, 11, 1))

    assert next_step(activity) == step
    activity.status = "stopped"
    assert next_step(activity) is None


@pytest.mark.parametrize(
    ("starts_on", "is_idle"), [(date(2026, 10, 24), True), (date(2026, 10, 25), False)]
)
def test_a_leader_has_thirty_days_to_begin(staff, section, starts_on, is_idle):
    term = LeaderTermFactory(staff=staff.staff, department=section, starts_on=starts_on)

    assert terms_without_activity(staff.staff_id, TODAY) == ([term] if is_idle else [])


def test_one_who_leads_or_joins_an_activity_has_begun(term):
    other = LeaderTermFactory(cohort=term.cohort)
    ActivityFactory(term=term).participants.add(other.staff)

    assert terms_without_activity(term.staff_id, TODAY) == []
    assert terms_without_activity(other.staff_id, TODAY) == []


def test_the_days_left_are_counted_to_the_last_day_of_the_cohort(staff, section):
    LeaderTermFactory(staff=staff.staff, department=section)
    LeaderTermFactory(
        staff=staff.staff,
        department=section,
        starts_on=date(2025, 3, 1),
        ends_on=date(2025, 3, 31),
        completed=True,
    )

    now, before = own_terms(staff.staff_id, TODAY)

    assert (now.last_day, now.days_left, now.standing) == (date(2027, 3, 31), 128, "活動中")
    assert (before.last_day, before.days_left, before.standing) == (
        date(2025, 3, 31),
        None,
        "修了",
    )


def test_a_term_to_come_stands_before_its_first_day(section):
    member = placed(section)
    LeaderTermFactory(staff=member, department=section, starts_on=date(2026, 11, 24))

    (coming,) = own_terms(member.pk, TODAY)
    assert (coming.standing, coming.is_sitting) == ("就任前", False)
