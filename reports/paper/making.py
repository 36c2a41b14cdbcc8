"""A paper from the database: the report of the day and the circumstances in which it is made."""

from datetime import date

from reports.paper.occasion import Occasion
from reports.paper.shapes import Paper
from reports.paper.tables import paper
from reports.report import report
from staff.navigation import CONTACT
from staff.organisation import DepartmentTree
from training.models import CountingRule


def made_paper(on: date, scope: frozenset[int] | None, made_on: date) -> Paper:
    """The paper of the day for the departments in scope (`None`: the whole city)."""
    rules = CountingRule.objects.filter(in_force_from__lte=on).order_by("-in_force_from")
    rule_from = rules.values_list("in_force_from", flat=True).first()
    occasion = Occasion(
        made_on=made_on,
        office=CONTACT,
        rule_from=rule_from,
        units=() if scope is None else highest(scope, on),
    )
    return paper(report(on, CountingRule.objects.in_force(on), scope), occasion)


def highest(scope: frozenset[int], on: date) -> tuple[str, ...]:
    """The names of the units under which all others of the scope stand."""
    tree = DepartmentTree.load(on)
    return tuple(
        unit.name for unit in tree.in_order if unit.pk in scope and unit.parent_id not in scope
    )
