"""HR decides about a nomination: approves it into a leader's term, or sends it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from agano_dx.lib.errors import DomainError
from agano_dx.lib.filters import era_time
from agano_dx.lib.fiscal import FiscalYear, era_date
from leaders.eligibility import candidates
from leaders.models import (
    LeaderTerm,
    Nomination,
    NominationAct,
    NominationEvent,
    NominationStatus,
)
from leaders.openings import Sight, is_succeeded, somebody_stays, terms_by_unit, vacated
from leaders.services.locking import lock_cohort
from leaders.services.nominations import NotEligibleError, OwnNominationError
from leaders.services.rounds import refuse_over
from staff.access import Access, access_of
from staff.models import User
from staff.organisation import DepartmentTree
from training.models import Counting, FrozenYear


class NotWaitingError(DomainError):
    """The nomination does not wait for a decision, or no longer; says who did what and when."""


class NominationChangedError(DomainError):
    """The nomination was written anew after this clerk opened it."""


class NotEntitledError(DomainError):
    """The right to decide ended between the page and the button."""


class SeatTakenError(DomainError):
    """Somebody else leads the department on by now."""


class StartDayError(DomainError):
    """The term cannot begin on this day."""


_DONE = {
    NominationAct.APPROVED: "承認しました",
    NominationAct.RETURNED: "差し戻しました",
    NominationAct.WITHDRAWN: "取り下げました",
}


def first_start(nomination: Nomination, today: date) -> date:
    """The day offered for the term's beginning: the first possible one from today on."""
    days = [today, nomination.cohort.starts_on]
    if nomination.replaces is not None and nomination.replaces.ends_on is not None:
        days.append(nomination.replaces.ends_on + timedelta(days=1))
    return max(days)


@transaction.atomic
def approve_nomination(
    *,
    nomination: Nomination,
    seen: int,
    starts_on: date,
    by: User,
    today: date,
    at: datetime,
    rule: Counting,
) -> LeaderTerm:
    """Approve: the person is a leader from `starts_on` on.

    Everything is looked at again under the cohort's lock: the right, the state, and that the
    person may be nominated both today and on the day the term begins.
    """
    locked = _lock_waiting(nomination, by=by, today=today)
    refuse_over(locked.cohort, today)
    _refuse_unseen(locked, seen)
    _settle_seat(locked, today)
    _refuse_start(locked, starts_on)
    for day in sorted({today, starts_on}):
        _refuse_ineligible(locked, day, today, rule)
    _step(locked, NominationStatus.APPROVED, by=by, at=at)
    term = LeaderTerm(
        cohort=locked.cohort,
        staff=locked.staff,
        department=DepartmentTree.load(starts_on).current(locked.department_id),
        starts_on=starts_on,
        nomination=locked,
    )
    term.full_clean()
    term.save()
    return term


@transaction.atomic
def return_nomination(
    *, nomination: Nomination, seen: int, comment: str, by: User, today: date, at: datetime
) -> Nomination:
    """Send it back to the head with a comment."""
    locked = _lock_waiting(nomination, by=by, today=today)
    refuse_over(locked.cohort, today)
    _refuse_unseen(locked, seen)
    locked.comment = comment
    _step(locked, NominationStatus.RETURNED, by=by, at=at, comment=comment)
    return locked


@dataclass(frozen=True, slots=True)
class Chosen:
    """A nomination ticked on the board, as it stood there."""

    nomination: Nomination
    seen: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of several: its term, or why not."""

    nomination: Nomination
    term: LeaderTerm | None = None
    refusal: str = ""


def approve_several(
    *, chosen: Sequence[Chosen], by: User, today: date, at: datetime, rule: Counting
) -> list[Outcome]:
    """Approve each in a transaction of its own: one refusal stops none of the others."""
    outcomes = []
    for one in chosen:
        try:
            term = approve_nomination(
                nomination=one.nomination,
                seen=one.seen,
                starts_on=first_start(one.nomination, today),
                by=by,
                today=today,
                at=at,
                rule=rule,
            )
        except DomainError as error:
            made = _made_by_the_click_before(one, by)
            refusal = "" if made else str(error)
            outcomes.append(Outcome(one.nomination, term=made, refusal=refusal))
        else:
            outcomes.append(Outcome(one.nomination, term=term))
    return outcomes


def _made_by_the_click_before(one: Chosen, by: User) -> LeaderTerm | None:
    """The term, when the same account approved just this version: a button pressed twice."""
    return LeaderTerm.objects.filter(
        nomination=one.nomination,
        nomination__status=NominationStatus.APPROVED,
        nomination__version=one.seen + 1,
        nomination__events__in=NominationEvent.objects.filter(act=NominationAct.APPROVED, by=by),
    ).first()


# --- What is looked at under the lock -----------------------------------------------------------


def _lock_waiting(nomination: Nomination, *, by: User, today: date) -> Nomination:
    """The nomination as it stands now, its cohort locked first; it waits, and `by` may decide."""
    lock_cohort(nomination.cohort_id)
    locked = (
        Nomination.objects.select_for_update(of=("self",))
        .select_related("cohort", "department", "staff", "replaces")
        .get(pk=nomination.pk)
    )
    if locked.status != NominationStatus.SUBMITTED:
        raise NotWaitingError(_why_not_waiting(locked))
    access = access_of(by, today)
    if not access.keeps_leaders:
        raise NotEntitledError(
            "推薦の承認と差戻しは、人事担当だけができます。人事担当に頼んでください。"
        )
    if why := why_not_decide(locked, by=by, access=access):
        raise OwnNominationError(why)
    return locked


def why_not_decide(nomination: Nomination, *, by: User, access: Access) -> str:
    """Why this clerk leaves the decision to another one; empty when they may decide."""
    ask = "承認・差戻しできません。別の担当者に頼んでください。"
    if by.staff_id == nomination.staff_id or _has_entered(by, nomination):
        return f"自分の推薦や自分が提出した推薦は、{ask}"
    # A deputy enters in the head's place: what they hand in is the head's own nomination.
    if nomination.department_id in access.headed:
        return f"自分が部署長である部署の推薦は、{ask}"
    return ""


def _has_entered(by: User, nomination: Nomination) -> bool:
    entered = nomination.events.filter(act=NominationAct.SUBMITTED, by=by)
    return nomination.submitted_by_id == by.pk or entered.exists()


def _why_not_waiting(locked: Nomination) -> str:
    last = locked.events.select_related("by__staff").order_by("pk").last()
    if last is None or last.act not in _DONE:
        return "この推薦は提出されていません。推薦の一覧で、今の状態を確かめてください。"
    who = f"{last.by.staff.name if last.by.staff else last.by.username}さんが" if last.by else ""
    return (
        f"この推薦は、{who}{era_time(last.at)}に{_DONE[NominationAct(last.act)]}。"
        "推薦の一覧で、今の状態を確かめてください。"
    )


def _refuse_unseen(locked: Nomination, seen: int) -> None:
    if locked.version != seen:
        raise NominationChangedError(
            "この推薦は、画面を開いた後に書き直されました。今の内容を読んでから決めてください。"
        )


def _settle_seat(locked: Nomination, today: date) -> None:
    """Whose successor it is by now: others may have been approved since it was handed in.

    One of the round that succeeds nobody stands beside the others of its department.
    """
    cohort, former = locked.cohort, locked.replaces
    of_the_round = _is_of_the_round(locked)
    if former is None and of_the_round:
        return
    tree, sight = DepartmentTree.load(today), Sight(today, None)
    terms = terms_by_unit(cohort, tree)[tree.reporting_unit(locked.department_id).pk]
    others = [term for term in terms if term.pk != locked.replaces_id]
    if not somebody_stays(cohort, others, sight):
        locked.replaces = vacated(cohort, terms, sight) or former
    elif not of_the_round or (former is not None and is_succeeded(former, others)):
        raise SeatTakenError(
            "この部署には、任期の終わりまで続けるリーダーがすでにいます。この推薦は、差し戻すか"
            "取り下げてください。さらに任命するときは、推薦の受付を再開してください。"
        )


def _is_of_the_round(locked: Nomination) -> bool:
    at, closed_at = locked.submitted_at, locked.cohort.nominations_closed_at
    if at is None:  # from before the moment was written down
        return True
    if closed_at is not None and closed_at < at:
        return False
    return locked.cohort.was_round_day(timezone.localtime(at).date())


def _refuse_start(locked: Nomination, starts_on: date) -> None:
    cohort, before = locked.cohort, locked.replaces
    if not cohort.runs_on(starts_on):
        raise StartDayError(
            f"就任日は、{cohort}の期間（{era_date(cohort.starts_on)}～{era_date(cohort.ends_on)}）"
            "の日にしてください。"
        )
    year = FiscalYear.containing(starts_on)
    if FrozenYear.objects.filter(fiscal_year=year.year).exists():
        raise StartDayError(
            f"{year.long_label}の数値は確定済みです。就任日は、その後の年度の日にしてください。"
        )
    if before is None:
        return
    # One seat, one leader: two sitting at once would be counted as two. Handing over needs no
    # appointment of its own.
    if before.ends_on is None:
        raise StartDayError(
            "前任者の退任日がまだ入力されていません。先に前任者の任期を終えてください。"
        )
    if starts_on <= before.ends_on:
        raise StartDayError(
            f"前任者の任期が{era_date(before.ends_on)}まであります。"
            "就任日は、その翌日以後の日にしてください。"
        )


def _refuse_ineligible(locked: Nomination, day: date, today: date, rule: Counting) -> None:
    """By the day's own departments and appointments; those to come are no secret to HR."""
    when = "" if day == today else f"就任日の{era_date(day)}の時点で、"
    people = candidates(locked.department, locked.cohort, day, rule, locked)
    found = next((one for one in people if one.staff.pk == locked.staff_id), None)
    if found is None:
        raise NotEligibleError(
            f"この推薦は承認できません。{when}この職員は、この部署にいません。"
            "部署長に差し戻してください。"
        )
    if not found.is_eligible:
        raise NotEligibleError(
            f"この推薦は承認できません。{when}{found.reason}部署長に差し戻してください。"
        )


def _step(
    locked: Nomination, status: NominationStatus, *, by: User, at: datetime, comment: str = ""
) -> None:
    """The new state, one version on, and the step in the nomination's history."""
    locked.status = status
    locked.version += 1
    locked.full_clean(exclude=["department", "cohort", "staff", "submitted_by", "replaces"])
    locked.save(update_fields=["status", "comment", "version", "replaces"])
    NominationEvent.objects.create(
        nomination=locked, act=NominationAct(status.value), by=by, at=at, comment=comment
    )
