"""A nomination on the head's desk: kept as a draft, handed in, corrected, taken back."""

from datetime import date, timedelta

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from agano_dx.lib.fiscal import FiscalYear
from leaders.models import LeaderTerm, Nomination
from leaders.services.nominations import (
    NominationChangedMeanwhileError,
    NotEligibleError,
    NotNominatingError,
    NotSubmittedError,
    OwnNominationError,
    RoundClosedError,
    Sheet,
    save_draft,
    submit,
    withdraw,
)
from tests.conftest import TODAY, account, placed
from tests.factories import (
    AssignmentFactory,
    CohortFactory,
    DepartmentFactory,
    HeadDeputyFactory,
    HeadRankFactory,
    LeaderTermFactory,
    NominationFactory,
    RankFactory,
)
from tests.together import together
from training.models import DEFAULT_RULE

OPENS, CLOSES = date(2026, 11, 1), date(2026, 11, 30)  # CohortFactory's round
YESTERDAY = TODAY - timedelta(days=1)
NO_ROUND = {"nominations_open_on": None, "nominations_close_on": None}


def sheet(member, department, **changes):
    given = {
        "cohort": changes.pop("cohort", None) or CohortFactory(),
        "department": department,
        "staff": member,
        "reason": "業務の見直しに熱心なため。",
        "expected_role": "",
        "has_consent": True,
    }
    return Sheet(**(given | changes))


def again(nomination, **changes):
    """The nomination's own words, written on."""
    given = {
        "reason": nomination.reason,
        "expected_role": nomination.expected_role,
        "has_consent": nomination.has_consent,
        "stored": nomination,
        "seen": nomination.version,
        "cohort": nomination.cohort,
    }
    member = changes.pop("staff", nomination.staff)
    return sheet(member, nomination.department, **(given | changes))


def hand_in(paper, by, on=TODAY):
    return submit(sheet=paper, by=by, on=on, at=timezone.now(), rule=DEFAULT_RULE)


def keep(paper, by, on=TODAY):
    return save_draft(sheet=paper, by=by, on=on, rule=DEFAULT_RULE)


def take_back(nomination, by, comment="本人の事情のため。"):
    return withdraw(
        nomination=nomination,
        department=nomination.department,
        comment=comment,
        by=by,
        on=TODAY,
        at=timezone.now(),
    )


@pytest.fixture
def person(section):
    """Somebody of section A who may be nominated."""
    return placed(section)


@pytest.fixture
def deputy(section):
    """Somebody of section A whom its head has named."""
    member = placed(section)
    HeadDeputyFactory(department=section, staff=member)
    return account(member)


def steps(nomination):
    return [(one.act, one.by, one.entered_as, one.comment) for one in nomination.events.all()]


# --- handing in ---------------------------------------------------------------------------------


def test_it_is_handed_in_with_who_and_when(head, section, person):
    nomination = hand_in(sheet(person, section, expected_role="窓口の改善"), head)

    nomination.refresh_from_db()
    assert (nomination.status, nomination.entered_as) == ("submitted", "head")
    assert (nomination.staff, nomination.department) == (person, section)
    assert nomination.submitted_by == head
    assert timezone.localdate(nomination.submitted_at) == TODAY
    assert nomination.expected_role == "窓口の改善"
    assert steps(nomination) == [("submitted", head, "head", "")]
    assert LogEntry.objects.get_for_object(nomination).count() == 1


@pytest.mark.parametrize("who", ["head", "deputy", "hr"])
def test_it_says_in_what_capacity_somebody_entered_it(request, section, person, who):
    by = request.getfixturevalue(who)

    nomination = hand_in(sheet(person, section), by)

    assert nomination.entered_as == who
    assert steps(nomination) == [("submitted", by, who, "")]


def test_hr_who_heads_the_department_enters_as_its_head(section, person):
    both = account(placed(section, rank=HeadRankFactory()), "hr")

    assert hand_in(sheet(person, section), both).entered_as == "head"


@pytest.mark.parametrize("who", ["staff", "admin", "manager"])
def test_others_hand_in_nothing(request, section, person, who):
    with pytest.raises(NotNominatingError, match="この部署の推薦はできなくなりました"):
        hand_in(sheet(person, section), request.getfixturevalue(who))

    assert not Nomination.objects.exists()


@pytest.mark.parametrize("who", ["head", "deputy"])
@pytest.mark.parametrize("act", [hand_in, keep])
def test_nobody_writes_for_a_department_of_others(request, other_section, who, act):
    with pytest.raises(NotNominatingError):
        act(sheet(placed(other_section), other_section), request.getfixturevalue(who))

    assert not Nomination.objects.exists()


@pytest.mark.parametrize("act", [hand_in, keep])
def test_somebody_of_another_department_is_refused(head, section, other_section, act):
    with pytest.raises(NotEligibleError, match="この職員はこの部署にいません。"):
        act(sheet(placed(other_section), section), head)

    assert not Nomination.objects.exists()


def test_somebody_of_a_unit_under_the_department_may_be_handed_in(head, section):
    below = placed(DepartmentFactory(parent=section, gives_leader=False))

    assert hand_in(sheet(below, section), head).department == section


@pytest.mark.parametrize("who", ["deputy", "hr"])
@pytest.mark.parametrize("act", [hand_in, keep])
def test_nobody_names_themself(request, section, who, act):
    by = request.getfixturevalue(who)
    if who == "hr":
        AssignmentFactory(staff=by.staff, department=section)

    with pytest.raises(NotEligibleError, match="自分を推薦することはできません。"):
        act(sheet(by.staff, section), by)

    assert not Nomination.objects.exists()


def test_the_same_click_twice_hands_in_once(head, section, person):
    first = hand_in(sheet(person, section), head)

    second = hand_in(sheet(person, section), head)

    assert first == second
    assert len(steps(first)) == 1


def test_the_same_person_with_other_words_is_refused(head, section, person):
    hand_in(sheet(person, section), head)

    with pytest.raises(NotEligibleError, match="この期に推薦済みです。"):
        hand_in(sheet(person, section, reason="表計算に詳しいため。"), head)

    assert Nomination.objects.count() == 1


def test_a_department_may_nominate_several(head, section, person):
    hand_in(sheet(person, section), head)
    hand_in(sheet(placed(section), section), head)

    assert Nomination.objects.filter(department=section, status="submitted").count() == 2


# --- when it is open ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "is_open"),
    [
        (OPENS - timedelta(days=1), False),
        (OPENS, True),
        (CLOSES, True),
        (CLOSES + timedelta(days=1), False),
    ],
)
def test_the_round_is_open_on_its_first_and_last_day_and_not_beyond(
    head, section, person, on, is_open
):
    LeaderTermFactory(department=section)

    if is_open:
        hand_in(sheet(person, section), head, on=on)
    else:
        with pytest.raises(RoundClosedError, match="受付期間外です"):
            hand_in(sheet(person, section), head, on=on)

    assert Nomination.objects.exists() == is_open


def test_a_round_that_hr_closed_takes_nothing_more(head, section, person):
    cohort = CohortFactory(nominations_closed_at=timezone.now())
    LeaderTermFactory(department=section)

    with pytest.raises(RoundClosedError, match="人事担当に確かめてください"):
        hand_in(sheet(person, section, cohort=cohort), head)


def test_outside_the_round_a_successor_is_handed_in_for_who_left(head, section, person):
    cohort = CohortFactory(**NO_ROUND)
    left = LeaderTermFactory(department=section, ends_on=date(2026, 12, 31))

    nomination = hand_in(sheet(person, section, cohort=cohort), head)

    assert nomination.replaces == left


@pytest.mark.parametrize("who", ["head", "deputy"])
def test_outside_the_round_nothing_is_handed_in_while_a_leader_stays(request, section, person, who):
    cohort = CohortFactory(**NO_ROUND)
    LeaderTermFactory(department=section)

    with pytest.raises(RoundClosedError):
        hand_in(sheet(person, section, cohort=cohort), request.getfixturevalue(who))


def test_hr_enters_on_behalf_outside_the_round_until_the_cohort_is_over(hr, section, person):
    cohort = CohortFactory(**NO_ROUND)
    LeaderTermFactory(department=section)
    over = {"first_year": FiscalYear(2023), "last_year": FiscalYear(2024)}

    assert hand_in(sheet(person, section, cohort=cohort), hr).status == "submitted"
    for number, given in ((8, {"closed_at": timezone.now()}), (9, over)):
        with pytest.raises(RoundClosedError):
            hand_in(sheet(person, section, cohort=CohortFactory(number=number, **given)), hr)


# --- drafts -------------------------------------------------------------------------------------


def test_a_draft_needs_a_person_and_nothing_else(head, section, person):
    draft = keep(sheet(person, section, reason="", has_consent=False), head)

    draft.refresh_from_db()
    assert (draft.status, draft.reason, draft.submitted_by) == ("draft", "", None)
    assert steps(draft) == []


def test_a_draft_is_kept_after_the_round_too(head, section, person):
    assert keep(sheet(person, section), head, on=CLOSES + timedelta(days=1)).status == "draft"


def test_no_draft_is_kept_for_a_cohort_that_is_over(head, section, person):
    cohort = CohortFactory(closed_at=timezone.now())

    with pytest.raises(RoundClosedError, match="終わっています"):
        keep(sheet(person, section, cohort=cohort), head)


def test_the_same_draft_twice_is_kept_once(head, section, person):
    first, second = (keep(sheet(person, section), head) for _ in range(2))

    assert first == second
    assert second.version == 1


def test_a_draft_is_written_on_and_handed_in_as_the_same_one(head, deputy, section, person):
    draft = keep(sheet(person, section, reason="", has_consent=False), deputy)

    written = keep(again(draft, reason="窓口に詳しいため。"), head)
    handed_in = hand_in(again(written, has_consent=True), head)

    handed_in.refresh_from_db()
    assert handed_in == draft
    assert (handed_in.version, handed_in.entered_as) == (3, "head")
    assert handed_in.reason == "窓口に詳しいため。"


def test_a_draft_can_turn_to_somebody_else(head, section, person):
    draft, other = keep(sheet(person, section), head), placed(section)

    keep(again(draft, staff=other), head)

    draft.refresh_from_db()
    assert draft.staff == other


# --- coming back --------------------------------------------------------------------------------


@pytest.fixture
def returned(section, person):
    """What HR sent back."""
    return NominationFactory(
        department=section, staff=person, status="returned", comment="理由を詳しく。"
    )


def test_what_came_back_is_handed_in_again_as_the_same_one(head, returned):
    hand_in(again(returned, reason="表計算に詳しいため。"), head)

    nomination = Nomination.objects.get()
    assert (nomination.pk, nomination.status) == (returned.pk, "submitted")
    assert nomination.reason == "表計算に詳しいため。"
    assert steps(nomination) == [("submitted", head, "head", "")]


def test_what_came_back_and_is_kept_stays_returned(head, returned):
    keep(again(returned, reason="書きかけ"), head)

    returned.refresh_from_db()
    assert (returned.status, returned.reason) == ("returned", "書きかけ")


def test_what_came_back_can_name_somebody_else(head, section, returned):
    other = placed(section)

    hand_in(again(returned, staff=other), head)

    returned.refresh_from_db()
    assert returned.staff == other


def test_what_came_back_unchanged_handed_in_twice_has_one_step(head, returned):
    hand_in(again(returned), head)

    hand_in(again(returned), head)

    assert len(steps(returned)) == 1


@pytest.mark.parametrize(
    ("status", "words"),
    [("submitted", "提出済み"), ("approved", "承認済み"), ("withdrawn", "取下げ")],
)
@pytest.mark.parametrize("act", [hand_in, keep])
def test_what_is_not_on_the_desk_cannot_be_written_in(head, returned, status, words, act):
    Nomination.objects.update(status=status)

    with pytest.raises(NotSubmittedError, match=f"この推薦は{words}です。"):
        act(again(returned, reason="書き換え"), head)

    returned.refresh_from_db()
    assert (returned.status, returned.reason) == (status, "業務の見直しに熱心なため。")


@pytest.mark.parametrize("act", [hand_in, keep])
def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(head, deputy, returned, act):
    paper = again(returned, reason="部署長の言葉")
    keep(again(returned, reason="代理の言葉"), deputy)

    with pytest.raises(NominationChangedMeanwhileError, match="今の内容") as refusal:
        act(paper, head)

    returned.refresh_from_db()
    assert returned.reason == refusal.value.now.reason == "代理の言葉"


def test_hr_takes_over_what_a_head_was_late_with(hr, section, person, head):
    LeaderTermFactory(department=section)
    draft = keep(sheet(person, section), head)
    late = CLOSES + timedelta(days=3)

    handed_in = hand_in(again(draft), hr, on=late)

    assert (handed_in.status, handed_in.entered_as) == ("submitted", "hr")
    assert handed_in.submitted_by == hr


def test_a_deputy_who_is_nominated_does_not_write_in_it(deputy, section, person):
    nomination = NominationFactory(department=section, staff=deputy.staff)

    with pytest.raises(OwnNominationError, match="自分の推薦を書き直すことはできません"):
        hand_in(again(nomination, staff=person), deputy)
    with pytest.raises(OwnNominationError, match="自分の推薦を取り下げることはできません"):
        take_back(nomination, deputy)


# --- a right that was lost between page and button ----------------------------------------------


def moved(person):
    AssignmentFactory(staff=person, starts_on=TODAY)


def promoted(person):
    place = person.assignments.get()
    rank = RankFactory(name="見本課長", is_leader_eligible=False)
    AssignmentFactory(staff=person, starts_on=TODAY, department=place.department, rank=rank)


def leads_already(person):
    LeaderTermFactory(staff=person)


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (moved, "この職員はこの部署にいません。"),
        (promoted, "課長補佐から主任までに当たりません。"),
        (leads_already, "この期のリーダーとして活動中です。"),
    ],
)
def test_a_person_who_may_no_longer_be_nominated_is_refused_and_the_draft_stays(
    head, section, person, happens, words
):
    draft = keep(sheet(person, section), head)
    happens(person)

    with pytest.raises(NotEligibleError, match=words):
        hand_in(again(draft), head)

    draft.refresh_from_db()
    assert draft.status == "draft"


def test_a_head_who_moved_away_hands_in_nothing(head, section, person, other_section):
    draft = keep(sheet(person, section), head)
    AssignmentFactory(staff=head.staff, starts_on=TODAY, department=other_section)

    for act in (lambda: hand_in(again(draft), head), lambda: take_back(draft, head)):
        with pytest.raises(NotNominatingError):
            act()


def test_a_deputy_who_moved_away_hands_in_nothing(deputy, section, person, other_section):
    AssignmentFactory(staff=deputy.staff, starts_on=TODAY, department=other_section)

    with pytest.raises(NotNominatingError):
        hand_in(sheet(person, section), deputy)


# --- taking back --------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["draft", "submitted", "returned"])
@pytest.mark.parametrize("who", ["head", "deputy", "hr"])
def test_it_is_taken_back_with_the_reason(request, section, person, status, who):
    by = request.getfixturevalue(who)
    nomination = NominationFactory(
        department=section, staff=person, status=status, comment="理由", version=4
    )

    take_back(nomination, by)

    nomination.refresh_from_db()
    assert (nomination.status, nomination.version) == ("withdrawn", 5)
    assert steps(nomination) == [("withdrawn", by, who, "本人の事情のため。")]


def test_a_draft_without_words_can_be_taken_back(head, section, person):
    draft = keep(sheet(person, section, reason="", has_consent=False), head)

    assert take_back(draft, head).status == "withdrawn"


@pytest.mark.parametrize("status", ["approved", "withdrawn"])
def test_what_is_approved_or_gone_is_not_taken_back(head, section, person, status):
    nomination = NominationFactory(department=section, staff=person, status=status)

    with pytest.raises(NotSubmittedError, match="経過で確かめてください"):
        take_back(nomination, head)

    assert steps(nomination) == []


def test_after_taking_back_the_same_person_can_be_nominated_again(head, section, person):
    first = hand_in(sheet(person, section), head)
    take_back(first, head)

    second = hand_in(sheet(person, section), head)

    assert (second.pk == first.pk, second.status) == (False, "submitted")


# --- at the same time ---------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_one_person_nominated_by_two_departments_at_once_stands_once():
    section, cohort = DepartmentFactory(), CohortFactory()
    office = DepartmentFactory(parent=section)
    person = placed(office)
    papers = [
        (sheet(person, unit, cohort=cohort), account(placed(unit, rank=HeadRankFactory())))
        for unit in (section, office)
    ]

    answers = together([lambda one=one: hand_in(*one) for one in papers])

    assert sum(isinstance(answer, Nomination) for answer in answers) == 1
    assert sum(isinstance(answer, NotEligibleError) for answer in answers) == 1
    assert Nomination.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_writing_on_one_draft_at_once_the_second_is_shown_the_first():
    section = DepartmentFactory()
    head, colleague = (account(placed(section, rank=HeadRankFactory())) for _ in range(2))
    draft = keep(sheet(placed(section), section), head)
    papers = [(again(draft, reason="甲の言葉"), head), (again(draft, reason="乙の言葉"), colleague)]

    answers = together([lambda one=one: keep(*one) for one in papers])

    draft.refresh_from_db()
    (kept,) = [one for one in answers if isinstance(one, Nomination)]
    (refused,) = [one for one in answers if isinstance(one, NominationChangedMeanwhileError)]
    assert kept.reason == refused.now.reason == draft.reason
    assert draft.version == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_click_several_times_at_once_hands_in_once():
    section, cohort = DepartmentFactory(), CohortFactory()
    head, person = account(placed(section, rank=HeadRankFactory())), placed(section)
    paper = sheet(person, section, cohort=cohort)

    answers = together([lambda: hand_in(paper, head) for _ in range(4)])

    assert len({answer.pk for answer in answers}) == 1
    assert len(steps(Nomination.objects.get())) == 1


@pytest.mark.django_db(transaction=True)
def test_handed_in_and_taken_back_at_once_it_is_taken_back_in_the_end():
    section = DepartmentFactory()
    head, colleague = (account(placed(section, rank=HeadRankFactory())) for _ in range(2))
    draft = keep(sheet(placed(section), section), head)

    answers = together([lambda: hand_in(again(draft), head), lambda: take_back(draft, colleague)])

    draft.refresh_from_db()
    assert draft.status == "withdrawn"
    # Handed in first, or refused because it was gone.
    assert isinstance(answers[0], Nomination | NotSubmittedError)
    assert len(steps(draft)) == (2 if isinstance(answers[0], Nomination) else 1)
    assert not LeaderTerm.objects.exists()
