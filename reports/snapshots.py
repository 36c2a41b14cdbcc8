"""確定値 as JSON and back: the facts of the day, exact both ways.

A document holds keys and staff numbers, never names: those are of today, and who is deleted after
the years of keeping is nameless here too.
"""

from dataclasses import asdict
from datetime import date
from typing import Any

from agano_dx.lib.fiscal import FiscalYear
from reports.models import Snapshot
from reports.progress import SHOWN_CATEGORIES, Counts
from reports.standing import Done, SpecialistStanding, Standing, Standings, TermStanding
from staff.organisation import DepartmentTree
from training.models import Counting


def members_document(
    found: Standings, tree: DepartmentTree, *, changes_until: int
) -> dict[str, Any]:
    """Everybody as they stood, and where.

    `changes_until`: the key of the last change of a mark that had been made by then.
    """
    lived_in = {one.department_id for one in found.people}
    lived_in |= {one.department_id for one in found.terms}
    lived_in |= {one.department_id for one in found.specialists}
    lived_in &= tree.by_id.keys()
    named = lived_in | {tree.reporting_unit(pk).pk for pk in lived_in}
    return {
        "on": found.on.isoformat(),
        "people": [_person(one) for one in found.people],
        "terms": [asdict(one) for one in found.terms],
        "specialists": [asdict(one) for one in found.specialists],
        "departments": [_department(pk, tree) for pk in tree.by_id if pk in named],
        "changes_until": changes_until,
    }


def standings_from(document: dict[str, Any]) -> Standings:
    """The facts a document of members holds."""
    return Standings(
        date.fromisoformat(document["on"]),
        tuple(_standing(one) for one in document["people"]),
        tuple(TermStanding(**one) for one in document["terms"]),
        tuple(SpecialistStanding(**one) for one in document["specialists"]),
    )


def rule_document(rule: Counting) -> dict[str, Any]:
    """A counting rule."""
    return {
        "counted_employments": [str(one) for one in rule.counted_employments],
        "excluded_duties": [str(one) for one in rule.excluded_duties],
        "required_categories": [str(one) for one in rule.required_categories],
        "validity_years": rule.validity_years,
    }


def rule_from(document: dict[str, Any]) -> Counting:
    """The counting rule a document holds."""
    return Counting(
        tuple(document["counted_employments"]),
        tuple(document["excluded_duties"]),
        tuple(document["required_categories"]),
        document["validity_years"],
    )


def frozen_standings(snapshot: Snapshot) -> Standings:
    """Everybody as they stood when the year was frozen."""
    return standings_from(snapshot.members)


def frozen_counts() -> dict[FiscalYear, Counts]:
    """The whole city's people as each frozen year keeps them, in one query."""
    kept = Snapshot.objects.order_by("fiscal_year").values_list("fiscal_year", "figures")
    return {
        year: Counts(
            figures["population"],
            figures["capable"],
            *(figures["completed"][str(name)] for name in SHOWN_CATEGORIES),
        )
        for year, figures in kept
    }


def _person(one: Standing) -> dict[str, Any]:
    return {
        "staff_id": one.staff_id,
        "number": one.number,
        "hired_on": one.hired_on.isoformat(),
        "left_on": one.left_on.isoformat() if one.left_on else None,
        "department_id": one.department_id,
        "rank": one.rank,
        "band": str(one.band),
        "is_executive": one.is_executive,
        "employment": str(one.employment),
        "duty": str(one.duty),
        "done": {
            str(category): [done.first.isoformat(), done.last.isoformat()]
            for category, done in one.done.items()
        },
    }


def _standing(row: dict[str, Any]) -> Standing:
    dates = {
        "hired_on": date.fromisoformat(row["hired_on"]),
        "left_on": date.fromisoformat(row["left_on"]) if row["left_on"] else None,
        "done": {
            category: Done(date.fromisoformat(first), date.fromisoformat(last))
            for category, (first, last) in row["done"].items()
        },
    }
    return Standing(**(row | dates))


def _department(pk: int, tree: DepartmentTree) -> dict[str, Any]:
    unit = tree.by_id[pk]
    return {
        "id": pk,
        "code": unit.code,
        "name": unit.name,
        "unit_id": tree.reporting_unit(pk).pk,
    }
