"""期の終了: 修了 or 未修了 for each term, kept, corrected, and the cohort closed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import era_date
from leaders.closing import Outcome, outcome
from leaders.models import (
    OPEN_NOMINATIONS,
    Cohort,
    LeaderTerm,
    Nomination,
    NominationAct,
    NominationEvent,
    NominationStatus,
)
from leaders.services.locking import lock_cohort, lock_term
from leaders.specialists.resting import designated_by
from staff.models import User

WRITTEN = ("ends_on", "end_reason", "completed", "decided_on", "decision_reason")
# So many people are named in one sentence.
NAMED = 5


class TermsError(DomainError):
    """A refusal because of some of the terms; `term_ids` says which."""

    def __init__(self, words: str, found: Iterable[Outcome] = ()) -> None:
        super().__init__(words)
        self.term_ids = frozenset(one.term.pk for one in found)


class NotOverError(TermsError):
    """The term, or the cohort, has not come to its last day."""


class OwnTermError(TermsError):
    """Nobody decides about their own term."""


class ReasonMissingError(TermsError):
    """An exception, or a correction, asks for a reason."""


class ChangedMeanwhileError(TermsError):
    """The terms are no longer those that were seen."""


class UndecidedError(TermsError):
    """Terms without a decision are left."""


class DesignatedError(TermsError):
    """Somebody is a specialist because of the term."""


class CohortClosedError(TermsError):
    """The cohort is closed."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a clerk chose for a term, and the term's mark when they saw it.

    `completed` is `None` where nothing was chosen.
    """

    term_id: int
    seen: str
    completed: bool | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of a page: how many decisions were written, and whether this act closed it.

    `withdrawn`: how many open nominations the closing took back.
    """

    decided: int
    has_closed: bool = False
    withdrawn: int = 0


@transaction.atomic
def save_decisions(
    *, cohort: Cohort, decisions: Sequence[Decision], by: User, today: date
) -> Saved:
    """Write all decisions, or none of them. The same page twice is once."""
    locked = lock_cohort(cohort.pk)
    found = _seen_alike(locked, decisions)
    if locked.closed_at is not None:
        _refuse_other(locked, found, decisions)
        return Saved(0)
    return Saved(_write(locked, found, decisions, by, today))


@transaction.atomic
def close_cohort(
    *, cohort: Cohort, decisions: Sequence[Decision], by: User, today: date, at: datetime
) -> Saved:
    """Write the decisions and close the cohort, from its last day on, once all terms are decided.

    The same page twice closes once; who comes second with other decisions is refused.
    """
    locked = lock_cohort(cohort.pk)
    found = _seen_alike(locked, decisions)
    if locked.closed_at is not None:
        _refuse_other(locked, found, decisions)
        return Saved(0)
    if today < locked.ends_on:
        raise NotOverError(
            f"{locked}は{era_date(locked.ends_on)}に終わります。その日から後に終了してください。"
        )
    decided = _write(locked, found, decisions, by, today)
    left = [one for one in found.values() if not one.is_decided]
    if left:
        raise UndecidedError(
            f"未判定の任期が{len(left)}件あるため、終了できません（{_names(left)}）。"
            "修了か未修了かを選ぶか、自分の任期は別の担当者に判定を頼んでください。",
            left,
        )
    locked.closed_at = at
    with audit.acting(by):
        locked.save(update_fields=["closed_at"])
        withdrawn = _withdraw_open(locked, by, at)
    return Saved(decided, has_closed=True, withdrawn=withdrawn)


def _withdraw_open(cohort: Cohort, by: User, at: datetime) -> int:
    """Take back the nominations that can no longer lead to a term; how many."""
    found = list(
        Nomination.objects.select_for_update().filter(cohort=cohort, status__in=OPEN_NOMINATIONS)
    )
    for one in found:
        one.status = NominationStatus.WITHDRAWN
        one.version += 1
        one.save(update_fields=["status", "version"])
        NominationEvent.objects.create(
            nomination=one, act=NominationAct.WITHDRAWN, by=by, at=at, comment="期の終了のため"
        )
    return len(found)


@transaction.atomic
def decide_term(
    *, term: LeaderTerm, seen: str, completed: bool, reason: str, by: User, today: date
) -> LeaderTerm:
    """Decide one term that is over, or correct it, after the cohort was closed too."""
    locked = lock_term(term)
    decision = Decision(locked.pk, seen, completed, reason)
    _write(locked.cohort, {locked.pk: outcome(locked)}, [decision], by, today)
    return locked


def refuse_closed(cohort: Cohort) -> None:
    """Refuse what changes the round or the terms of a closed cohort; ask under its lock."""
    if cohort.closed_at is not None:
        raise CohortClosedError(
            f"{cohort}は終了しているため、変更できません。"
            "修了の判定を直すときは、期の終了の画面から任期ごとに直してください。"
        )


def _seen_alike(locked: Cohort, decisions: Sequence[Decision]) -> dict[int, Outcome]:
    """The outcomes as they are now, if the page showed just these terms."""
    terms = (
        LeaderTerm.objects.select_for_update(of=("self",))
        .filter(cohort=locked)
        .select_related("cohort", "staff")
        .order_by("pk")
    )
    found = {term.pk: outcome(term) for term in terms}
    seen = {one.term_id for one in decisions}
    if seen != found.keys():
        new = [found[pk] for pk in found.keys() - seen]
        raise ChangedMeanwhileError(
            "画面を開いた後に任期が増えたか減ったため、保存していません。"
            "一覧を確かめて、もう一度押してください。",
            new,
        )
    return found


def _refuse_other(locked: Cohort, found: dict[int, Outcome], decisions: Sequence[Decision]) -> None:
    """Tell who comes after the closing with other decisions that theirs were not kept."""
    other = [
        found[one.term_id]
        for one in decisions
        if one.completed is not None and found[one.term_id].term.completed != one.completed
    ]
    if other:
        raise CohortClosedError(
            f"{locked}は、別の担当者がすでに終了しました。選んだ判定と違う任期が{len(other)}件"
            f"あります（{_names(other)}）。直すときは、任期ごとに判定を直してください。",
            other,
        )


def _write(
    cohort: Cohort,
    found: dict[int, Outcome],
    decisions: Sequence[Decision],
    by: User,
    today: date,
) -> int:
    """Check and write what differs from what is stored; answers how many terms changed."""
    changing = [
        (found[one.term_id], one)
        for one in decisions
        if one.completed is not None
        and not found[one.term_id].says(completed=one.completed, reason=one.reason)
    ]
    _check(cohort, changing, by, today)
    about = [(one.term, _decided(one, decision, today)) for one, decision in changing]
    LeaderTerm.objects.bulk_update([term for term, _ in about], WRITTEN)
    audit.record(by=by, action=audit.UPDATE, about=about)
    return len(about)


def _check(cohort: Cohort, changing: list[tuple[Outcome, Decision]], by: User, today: date) -> None:
    own = [one for one, _ in changing if one.term.staff_id == by.staff_id]
    if own:
        raise OwnTermError("自分の任期は判定できません。別の担当者に頼んでください。", own)
    early = [one for one, _ in changing if not one.is_over(today)]
    if early:
        raise NotOverError(
            f"まだ終わっていない任期があります（{_names(early)}）。退任日から後に判定してください。",
            early,
        )
    other = [one for one, decision in changing if one.mark != decision.seen]
    if other:
        raise ChangedMeanwhileError(
            f"画面を開いた後に、別の人が任期や判定を変えました（{_names(other)}）。"
            "今の内容を確かめて、もう一度押してください。",
            other,
        )
    _refuse_designated([one for one, decision in changing if not decision.completed], today)
    bare = [one for one, decision in changing if _needs_reason(cohort, one, decision)]
    if bare:
        raise ReasonMissingError(
            f"理由が必要な判定があります（{_names(bare)}）。"
            "提案と違う判定と、終了した期の判定の訂正には、理由を入力してください。",
            bare,
        )


def _refuse_designated(losing: list[Outcome], today: date) -> None:
    """A completion somebody became a specialist by is not taken back under them."""
    completed = [one for one in losing if one.term.completed]
    if not completed:
        return
    resting = designated_by([one.term for one in completed], today)
    found = [one for one in completed if one.term.pk in resting]
    if found:
        raise DesignatedError(
            f"この任期の修了によって専門分野人材に登用されている人がいます（{_names(found)}）。"
            "先に専門分野人材の画面で登用を終了してください。",
            found,
        )


def _needs_reason(cohort: Cohort, one: Outcome, decision: Decision) -> bool:
    is_correction = cohort.closed_at is not None and one.is_decided
    return not decision.reason and (decision.completed != one.proposed or is_correction)


def _decided(one: Outcome, decision: Decision, today: date) -> dict[str, tuple[object, object]]:
    """Put the decision into the term; what changed, for the trail."""
    term = one.term
    before = {name: getattr(term, name) for name in WRITTEN}
    term.ends_on, term.end_reason = one.ends_on, one.end_reason
    term.completed, term.decided_on = bool(decision.completed), today
    term.decision_reason = decision.reason
    return {
        name: (old, getattr(term, name))
        for name, old in before.items()
        if old != getattr(term, name)
    }


def _names(found: Sequence[Outcome]) -> str:
    names = "、".join(one.term.staff.name for one in found[:NAMED])
    return f"{names}ほか" if len(found) > NAMED else names
