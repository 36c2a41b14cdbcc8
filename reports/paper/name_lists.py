"""名簿: the people behind the report, for those who may see their names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from agano_dx.lib.fiscal import era_date_short
from leaders.models import LeaderTerm
from reports.people import people_behind
from staff.exports import care_line
from staff.models import Assignment
from training.models import Category, Counting

CARE: Final = "取扱注意（個人情報）"
_PLACE: Final = ("職員番号", "氏名", "所属", "職名")


@dataclass(frozen=True, slots=True)
class NameList:
    """A list of people. `care`: the line above it."""

    title: str
    care: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    staff_ids: frozenset[int]


def name_lists(
    on: date, rule: Counting, units: frozenset[int] | None, whose: Sequence[str] = ()
) -> tuple[NameList, ...]:
    """Who is not yet digitally capable and why, the sitting leaders, the specialists.

    `units`: the departments whose names may be seen, `None` for the whole city; `whose`: what they
    are called, where the lists are of fewer than the report they stand in. Four queries.
    """
    return (
        _not_capable(on, rule, units, whose),
        _leaders(on, units, whose),
        _specialists(on, rule, units, whose),
    )


def people_on(lists: tuple[NameList, ...]) -> int:
    """How many different people stand on the lists."""
    return len(frozenset[int]().union(*(found.staff_ids for found in lists)))


def _not_capable(
    on: date, rule: Counting, units: frozenset[int] | None, whose: Sequence[str]
) -> NameList:
    rows, people = [], set()
    for place in people_behind("not_capable", on, rule, units):
        missing = [
            str(Category(name).label)
            for name in rule.required_categories
            if not getattr(place, f"done_{name}")
        ]
        rows.append((*_cells(place), "・".join(missing)))
        people.add(place.staff_id)
    return NameList(
        "名簿（デジタル活用職員になっていない職員）",
        care_line("デジタル活用職員になっていない職員", on, whose),
        (*_PLACE, "足りない研修"),
        tuple(rows),
        frozenset(people),
    )


def _leaders(on: date, units: frozenset[int] | None, whose: Sequence[str]) -> NameList:
    terms = LeaderTerm.objects.sitting(on).select_related("cohort", "staff", "department")
    if units is not None:
        terms = terms.filter(department__in=units)
    terms = terms.order_by("department__order", "department__code", "starts_on", "staff__number")
    found = list(terms)
    return NameList(
        "名簿（推進リーダー）",
        care_line("活動中の推進リーダー", on, whose),
        ("職員番号", "氏名", "推薦した部署", "期", "任期の始め"),
        tuple(
            (
                term.staff.number,
                term.staff.name,
                term.department.name,
                str(term.cohort),
                era_date_short(term.starts_on),
            )
            for term in found
        ),
        frozenset(term.staff_id for term in found),
    )


def _specialists(
    on: date, rule: Counting, units: frozenset[int] | None, whose: Sequence[str]
) -> NameList:
    places = list(people_behind("specialists", on, rule, units))
    return NameList(
        "名簿（専門分野人材）",
        care_line("デジタル専門分野人材", on, whose),
        (*_PLACE, "職階"),
        tuple((*_cells(place), place.rank.get_band_display()) for place in places),
        frozenset(place.staff_id for place in places),
    )


def _cells(place: Assignment) -> tuple[str, str, str, str]:
    return (place.staff.number, place.staff.name, place.department.name, place.rank.name)
