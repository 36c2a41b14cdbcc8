"""Activities: made and changed by the leader, corrected by HR; nobody overwrites what is unseen.

The cohort is locked first, so that no term ends or is decided while its activities are written.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from typing import Final

from django.db import transaction

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from agano_dx.lib.locks import told_when_held
from leaders.activity_rights import may_change
from leaders.models import Activity, ActivityStatus, ActivityStep, LeaderTerm
from leaders.services.locking import lock_term
from staff.access import access_of
from staff.models import User


class NotOwnActivityError(DomainError):
    """Only the leader and HR write an activity."""


class TermNotSittingError(DomainError):
    """The term has not begun, or is over."""


class TermDecidedError(DomainError):
    """HR has decided between 修了 and 未修了: the leader's activities stay as they are."""


class SameThemeError(DomainError):
    """The term has an activity of this theme, with other words."""


class NotFellowLeaderError(DomainError):
    """Only leaders of the same cohort take part."""


DECIDED: Final = (
    "修了の判定が済んだため、活動の登録や変更はできません。直すことがあるときは、"
    "人事担当に相談してください。"
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step as it is written down."""

    due_on: date
    text: str
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """All that is written down about an activity. `participants`: keys of people."""

    theme: str
    status: str = ActivityStatus.PLANNED
    problem: str = ""
    plan: str = ""
    tools: str = ""
    hours_before: Decimal | None = None
    hours_after: Decimal | None = None
    effect: str = ""
    partners: str = ""
    participants: frozenset[int] = frozenset()
    steps: tuple[Step, ...] = ()


WRITTEN = (
    "theme",
    "status",
    "problem",
    "plan",
    "tools",
    "hours_before",
    "hours_after",
    "effect",
    "partners",
)


class ActivityChangedMeanwhileError(DomainError):
    """Somebody else changed the activity after this account opened it."""

    def __init__(self, now: Entry, version: int) -> None:
        super().__init__(
            "他の人がこの活動を変更しました。下の「今の内容」と見比べて直し、"
            "もう一度保存してください。"
        )
        self.now = now
        self.version = version


def in_order(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The steps in one order, so that what is written and what is stored can be compared."""
    return tuple(sorted(steps, key=lambda one: (one.due_on, one.text, one.done_on or date.max)))


def entry_of(activity: Activity) -> Entry:
    """What stands there now; two queries."""
    return Entry(
        **{name: getattr(activity, name) for name in WRITTEN},
        participants=frozenset(activity.participants.values_list("pk", flat=True)),
        steps=in_order(
            Step(one.due_on, one.text, one.done_on)
            for one in ActivityStep.objects.filter(activity=activity)
        ),
    )


@transaction.atomic
def add_activity(*, term: LeaderTerm, entry: Entry, by: User | None, today: date) -> Activity:
    """Write a new activity of one's own sitting term down; the same sent twice is one."""
    with told_when_held():
        locked = lock_term(term)
    if by is not None and by.staff_id != locked.staff_id:
        raise NotOwnActivityError(
            "ほかの人の活動は登録できません。本人に登録してもらってください。"
        )
    there = Activity.objects.filter(term=locked, theme=entry.theme).first()
    if there is not None and entry_of(there) == entry:
        return there
    if not LeaderTerm.objects.sitting(today).filter(pk=locked.pk).exists():
        raise TermNotSittingError(
            "任期中でないため、活動を登録できません。人事担当に確かめてください。"
        )
    if locked.is_decided:
        raise TermDecidedError(DECIDED)
    activity = Activity(term=locked, version=0)
    _check(activity, entry, today)
    _store(activity, entry, by)
    return activity


@transaction.atomic
def change_activity(*, activity: Activity, entry: Entry, seen: int, by: User, today: date) -> bool:
    """Change it if it stands as the account saw it; whether anything changed.

    `seen`: the version on the page. The same sent twice changes nothing.
    """
    with told_when_held():
        locked_term = lock_term(activity.term)
        locked = Activity.objects.select_for_update().get(pk=activity.pk)
    locked.term = locked_term
    _refuse_without_right(locked, by, today)
    now = entry_of(locked)
    if now == entry:
        return False
    if locked.version != seen:
        raise ActivityChangedMeanwhileError(now, locked.version)
    _check(locked, entry, today)
    _store(locked, entry, by)
    return True


def _refuse_without_right(activity: Activity, by: User, today: date) -> None:
    if may_change(activity, access_of(by, today)):
        return
    if by.staff_id == activity.term.staff_id:
        raise TermDecidedError(DECIDED)
    raise NotOwnActivityError("ほかの人の活動は直せません。本人に直してもらってください。")


def _check(activity: Activity, entry: Entry, today: date) -> None:
    """Refuse a theme the term has already, and partners who are no leaders of the cohort."""
    term = activity.term
    same = Activity.objects.filter(term=term, theme=entry.theme).exclude(pk=activity.pk)
    if same.exists():
        raise SameThemeError(
            "同じテーマの活動が登録済みです。その活動を直すか、テーマの言葉を変えてください。"
        )
    new = entry.participants
    if activity.pk is not None:
        new -= frozenset(activity.participants.values_list("pk", flat=True))
    fellows = LeaderTerm.objects.sitting(today).filter(cohort=term.cohort_id, staff__in=new)
    known = frozenset(fellows.exclude(staff=term.staff_id).values_list("staff", flat=True))
    if new - known:
        raise NotFellowLeaderError(
            "一緒に取り組む人に、この期の推進リーダーでない人がいます。選び直してください。"
        )


def _store(activity: Activity, entry: Entry, by: User | None) -> None:
    for name in WRITTEN:
        setattr(activity, name, getattr(entry, name))
    activity.version += 1
    activity.full_clean(exclude=["term"])
    with audit.acting(by):
        activity.save()
        _store_steps(activity, entry.steps)
    _store_participants(activity, entry.participants, by)


def _store_steps(activity: Activity, steps: tuple[Step, ...]) -> None:
    """Unchanged rows stay, changed ones are written over, so that the trail tells what changed."""
    gone, new = list(ActivityStep.objects.filter(activity=activity)), []
    for step in steps:
        same = [one for one in gone if Step(one.due_on, one.text, one.done_on) == step]
        if same:
            gone.remove(same[0])
        else:
            new.append(step)
    for step, row in zip_longest(new, gone):
        if step is None:
            row.delete()
            continue
        kept = row or ActivityStep(activity=activity)
        kept.due_on, kept.text, kept.done_on = step.due_on, step.text, step.done_on
        kept.full_clean(exclude=["activity"])
        kept.save()


def _store_participants(activity: Activity, people: frozenset[int], by: User | None) -> None:
    before = sorted(activity.participants.values_list("pk", flat=True))
    if before == sorted(people):
        return
    activity.participants.set(people)
    audit.record(
        by=by,
        action=audit.UPDATE,
        about=[(activity, {"participants": (before, sorted(people))})],
    )
