"""What a command does with the questions of a roster: nobody is there to answer them."""

from agano_dx.lib.issues import Issue, about_file
from staff.models import ChangeKind, Decision, RosterKind
from staff.roster.changes import Change
from staff.roster.plan import RosterPlan

# A post ends only on somebody's word; everything else is done as the file says.
_LEFT_OUT = (ChangeKind.POST_ENDED,)
# Only a person can say whether this is meant.
_REFUSED = (ChangeKind.RETURNED,)


def refusals(plan: RosterPlan) -> list[Issue]:
    """Why the roster needs a person in front of it: errors of the command."""
    found = []
    if plan.question and plan.kind == RosterKind.FULL:
        found.append(about_file(plan.question))
    return found + [_issue(change) for change in plan.diff.changes if change.kind in _REFUSED]


def warnings(plan: RosterPlan) -> list[Issue]:
    """The other questions."""
    found = []
    if plan.question and plan.kind != RosterKind.FULL:
        found.append(about_file(plan.question))
    asked = [change for change in plan.diff.changes if change.question]
    return found + [_issue(change) for change in asked if change.kind not in _REFUSED]


def decision(kind: str) -> Decision:
    """How a question of this kind is answered."""
    return Decision.LEFT_OUT if kind in _LEFT_OUT else Decision.ACCEPTED


def _issue(change: Change) -> Issue:
    return Issue(change.sheet, change.row, "", change.number, change.question)
