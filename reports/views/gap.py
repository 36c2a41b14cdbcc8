"""不足と道筋: what the population lacks on a day, and the shortest way to the next target."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from reports.gap import Gap, Spread, gap
from reports.gap_figure import (
    gap_figure,
    goal_in_words,
    missing_label,
    training_name,
    training_names,
    way_in_words,
)
from reports.progress import ShareTarget
from reports.shortest_way import (
    ROOM,
    Way,
    is_ahead,
    known_ahead,
    shortest_way,
    target_ahead,
)
from staff.forms.days import DayForm
from staff.pages import AskedDay, PageRequest, allow, asked_day, show
from training.models import CountingRule

Cell = tuple[int, str]
# What `?seat=` says of those who have booked all they lack.
READY = "booked"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: what it is about, and each number with the way to its people."""

    label: str
    cells: tuple[Cell, ...]


@require_GET
@allow(lambda access: access.sees_figures)
def gap_page(request: PageRequest) -> HttpResponse:
    """Who lacks how many categories and which, by department and band; the way to the target."""
    day = asked_day(request)
    scope = request.access.figure_units
    found = gap(day.on, CountingRule.objects.in_force(day.on), scope)
    target = target_ahead(found)
    way = _way(found, target, day) if scope is None else None
    context = {
        "form": DayForm.asked(request, day),
        "day": day,
        "found": found,
        "figure": gap_figure(found),
        "is_whole_city": scope is None,
        "target": target,
        "goal": goal_in_words(target) if target else "",
        "is_due": bool(target and not is_ahead(target, day.on)),
        "short": max(0, target.needed - found.total.capable) if target else 0,
        "way": way,
        "way_words": way_in_words(way) if way else "",
        "heads": _heads(found),
        "combination_heads": ["人数"],
        "room": ROOM,
        "is_past": day.on < day.today,
        **_tables(found, way, _Links(request, day)),
        "may_draft": bool(way and way.steps and day.is_today and request.access.keeps_training),
    }
    return show(request, "reports/gap.html", "不足と道筋", context)


def _way(found: Gap, target: ShareTarget | None, day: AskedDay) -> Way | None:
    if target is None or not is_ahead(target, day.on):
        return None
    return shortest_way(found, target, known_ahead(found, target.due, day.today))


class _Links:
    """Ways to the people behind the numbers; empty where no name may be seen."""

    def __init__(self, request: PageRequest, day: AskedDay) -> None:
        self._may = request.access.sees_lists
        self._units = request.access.name_units
        self._as_of = day.on.isoformat()

    def to(self, people: int, **narrowed: str) -> Cell:
        """The number with the address of its people; nobody needs none."""
        if not self._may or not people:
            return people, ""
        query = urlencode({"as_of": self._as_of, **narrowed})
        return people, f"{reverse('reports:gap_people')}?{query}"

    def names(self, unit_id: int) -> bool:
        """Whether names of the unit may be seen."""
        return self._units is None or unit_id in self._units

    def spread(self, spread: Spread, **narrowed: str) -> tuple[Cell, ...]:
        """The group's people by how many categories they lack, and all of them."""
        return (
            *(
                self.to(people, missing=str(count), **narrowed)
                for count, people in enumerate(spread.by_missing)
            ),
            self.to(spread.population, **narrowed),
        )


def _heads(found: Gap) -> list[str]:
    return [missing_label(count) for count in range(len(found.required) + 1)] + ["全職員"]


def _tables(found: Gap, way: Way | None, links: _Links) -> Mapping[str, object]:
    return {
        "ready": links.to(len(way.ready), seat=READY) if way else (0, ""),
        "combinations": [
            Row(
                training_names(one.missing),
                (links.to(one.people, missing="-".join(one.missing)),),
            )
            for one in found.combinations
        ],
        "units": [
            Row(
                unit.name,
                links.spread(spread, unit=unit.code)
                if links.names(unit.pk)
                else tuple((people, "") for people in (*spread.by_missing, spread.population)),
            )
            for unit, spread in found.units
        ]
        + [Row("合計", links.spread(found.total))],
        "bands": [
            Row(str(band.label), links.spread(spread, band=band.value))
            for band, spread in found.bands
        ]
        + [Row("合計", links.spread(found.total))],
        "seats": [
            Row(
                training_name(category),
                (links.to(len(people), seat=category), (-(-len(people) // ROOM), "")),
            )
            for category, people in (way.seats.items() if way else ())
        ],
    }
