"""Activities as pages and lists show them: the next step, and the names the asker may know."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Q

from agano_dx.lib.fiscal import era_date
from leaders.models import (
    Activity,
    ActivityComment,
    ActivityQuerySet,
    ActivityStatus,
    ActivityStep,
    LeaderTerm,
)
from staff.access import Access
from staff.models import Department, StaffMember
from staff.organisation import DepartmentTree

UNDER_WAY: Final = (ActivityStatus.PLANNED, ActivityStatus.RUNNING)
# How long a new leader may take to find a theme before home reminds of it.
TIME_TO_BEGIN: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """An activity in a list. `fellows`: who takes part, in the words the asker may read."""

    activity: Activity
    department: Department
    next_step: ActivityStep | None
    is_overdue: bool
    fellows: tuple[str, ...]

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.done_on is not None for step in self.activity.steps.all())


def shown(activities: ActivityQuerySet) -> ActivityQuerySet:
    """The activities with all that a row of them needs, by cohort and department."""
    return (
        activities.select_related("term__staff", "term__department", "term__cohort")
        .prefetch_related("steps", "participants")
        .order_by("term__cohort__number", "term__department__order", "term__staff__number", "pk")
    )


def rows_of(activities: Iterable[Activity], access: Access, on: date) -> list[ActivityRow]:
    """A row for each; two queries on top of what `shown` reads."""
    found = list(activities)
    tree = DepartmentTree.load(on)
    homes = _homes(found)
    return [
        ActivityRow(
            activity=one,
            department=tree.current(one.term.department_id),
            next_step=(step := next_step(one)),
            is_overdue=step is not None and step.due_on < on,
            fellows=tuple(
                _words(member, homes.get((one.term.cohort_id, member.pk)), one, access)
                for member in one.participants.all()
            ),
        )
        for one in found
    ]


def next_step(activity: Activity) -> ActivityStep | None:
    """The first step not done of an activity under way; from what was fetched."""
    if activity.status not in UNDER_WAY:
        return None
    return next((step for step in activity.steps.all() if step.done_on is None), None)


def _homes(activities: list[Activity]) -> dict[tuple[int, int], Department]:
    """Which department each who takes part leads in the activity's cohort, the latest one."""
    people = {member.pk for one in activities for member in one.participants.all()}
    terms = LeaderTerm.objects.filter(
        staff__in=people, cohort__in={one.term.cohort_id for one in activities}
    )
    return {
        (term.cohort_id, term.staff_id): term.department
        for term in terms.select_related("department").order_by("starts_on")
    }


def fellows_to_choose(
    term: LeaderTerm, on: date, activity: Activity | None = None
) -> list[tuple[int, str]]:
    """Who may be chosen to take part, as (key, words): the other leaders sitting in the cohort.

    Whoever takes part already stays to choose, in office or not.
    """
    taking_part = {one.pk for one in activity.participants.all()} if activity else set()
    sitting = LeaderTerm.objects.sitting(on).filter(cohort=term.cohort_id)
    terms = LeaderTerm.objects.filter(
        Q(pk__in=sitting.values("pk")) | Q(staff__in=taking_part), cohort=term.cohort_id
    ).exclude(staff=term.staff_id)
    return list(
        {
            one.staff_id: f"{one.staff.name}（{one.department.name}）"
            for one in terms.select_related("staff", "department").order_by(
                "department__order", "staff__number", "starts_on"
            )
        }.items()
    )


def _words(member: StaffMember, home: Department | None, activity: Activity, access: Access) -> str:
    """The name for those who may know it; to a head a leader of another department is no name."""
    place = home.name if home else "ほかの部署"
    together = {activity.term.staff_id, *(one.pk for one in activity.participants.all())}
    may_know = (
        access.sees_everyone
        or access.staff_id in together
        or (home is not None and home.pk in access.headed)
    )
    return f"{member.name}（{place}）" if may_know else f"{place}の推進リーダー"


@dataclass(frozen=True, slots=True)
class Said:
    """A comment with its author in the words the asker may read."""

    comment: ActivityComment
    author: str


def comments_of(activity: Activity, access: Access) -> list[Said]:
    """The comments, the newest last. Names of heads and HR are for those who see everyone."""
    comments = activity.comments.select_related("by__staff").order_by("at", "pk")
    return [Said(comment, _author(comment, activity, access)) for comment in comments]


def _author(comment: ActivityComment, activity: Activity, access: Access) -> str:
    label: str = comment.get_written_as_display()
    is_leaders = comment.by.staff_id == activity.term.staff_id
    is_own = comment.by.staff_id is not None and comment.by.staff_id == access.staff_id
    if is_leaders or is_own or access.sees_everyone:
        return f"{label}　{comment.by.person_name}"
    return label


# --- The leader's own page ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OwnTerm:
    """One of the person's terms. `days_left`: until its last day, of a sitting one alone.

    An end to come that is 内示 is not told to the leader either: until its day the term seems to
    last as long as its cohort.
    """

    term: LeaderTerm
    department: Department
    last_day: date
    days_left: int | None
    standing: str

    @property
    def is_sitting(self) -> bool:
        """Whether new activities can be registered."""
        return self.days_left is not None

    @property
    def until(self) -> str:
        """The last day in words."""
        return f"{era_date(self.last_day)}まで"


def own_terms(staff_id: int, on: date) -> list[OwnTerm]:
    """The person's terms, those to come too, the newest first; four queries."""
    sitting = set(
        LeaderTerm.objects.sitting(on).filter(staff=staff_id).values_list("pk", flat=True)
    )
    tree = DepartmentTree.load(on)
    terms = LeaderTerm.objects.filter(staff=staff_id)
    return [
        OwnTerm(
            term=term,
            department=tree.current(term.department_id),
            last_day=(last := term.end_known_on(on) or term.cohort.ends_on),
            days_left=(last - on).days if term.pk in sitting else None,
            standing=term.standing(on),
        )
        for term in terms.select_related("cohort", "department").order_by("-starts_on", "-pk")
    ]


def overdue_steps(staff_id: int, on: date) -> list[ActivityStep]:
    """Steps of the person's own activities not done by their day, the oldest first."""
    steps = ActivityStep.objects.filter(
        activity__term__staff=staff_id,
        activity__term__decided_on__isnull=True,
        activity__term__completed=False,
        activity__status__in=UNDER_WAY,
        done_on__isnull=True,
        due_on__lt=on,
    )
    return list(steps.select_related("activity").order_by("due_on", "pk"))


def terms_without_activity(staff_id: int, on: date) -> list[LeaderTerm]:
    """The person's sitting terms of more than 30 days that neither lead nor join an activity."""
    idle = (
        LeaderTerm.objects.sitting(on)
        .filter(staff=staff_id, starts_on__lte=on - TIME_TO_BEGIN)
        .exclude(pk__in=Activity.objects.filter(term__staff=staff_id).values("term"))
    )
    joined = set(
        Activity.objects.filter(participants=staff_id).values_list("term__cohort", flat=True)
    )
    return [term for term in idle if term.cohort_id not in joined]


def own_activities(staff_id: int) -> ActivityQuerySet:
    """Those the person leads and those they take part in, the newest term first."""
    taking_part = Activity.participants.through.objects.filter(staffmember=staff_id)
    return (
        shown(Activity.objects.all())
        .filter(Q(term__staff=staff_id) | Q(pk__in=taking_part.values("activity")))
        .order_by("-term__cohort__number", "pk")
    )
