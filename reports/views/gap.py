"""不足と道筋: what the population lacks on a day, and the shortest way to the next target."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
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
    NOTHING_KNOWN,
    ROOM,
    Ahead,
    Way,
    is_ahead,
    known_ahead,
    shortest_way,
    target_ahead,
)
from reports.views.links import Links
from reports.views.trail import under_dashboard
from staff.forms.days import DayForm
from staff.models import Assignment
from staff.pages import AskedDay, PageRequest, allow, asked_day, show
from training.models import Counting, CountingRule

Cell = tuple[int, str]
# What `?seat=` says of those who have booked all they lack.
READY = "booked"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: what it is about, and each number with the way to its people.

    `href`: the page of what it is about, if it has one.
    """

    label: str
    cells: tuple[Cell, ...]
    href: str = ""


@require_GET
@allow(lambda access: access.sees_figures)
def gap_page(request: PageRequest) -> HttpResponse:
    """Who lacks how many categories and which, by department and band; the way to the target."""
    day = asked_day(request)
    scope = request.access.figure_units
    rule = CountingRule.objects.in_force(day.on)
    found = gap(day.on, rule, scope)
    target = target_ahead(found)
    way, _ = way_of(request, found, target, rule, day)
    links = Links(request, day)
    context = {
        "form": DayForm.asked(request, day),
        "day": day,
        "is_empty": _is_empty(found, scope),
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
        "knows_leavers": day.known_until(request.access) is None,
        "validity_years": rule.validity_years,
        **_tables(found, way, links),
        "forecast": links.page("reports:forecast"),
        "may_draft": bool(way and way.steps and day.is_today and request.access.keeps_training),
    }
    return show(request, "reports/gap.html", "不足と道筋", context, under_dashboard())


def _is_empty(found: Gap, scope: frozenset[int] | None) -> bool:
    """Whether nobody is recorded in scope on the day, as before the first roster."""
    if found.total.population:
        return False
    return not Assignment.objects.employed(found.as_of).within(scope).exists()


def way_of(
    request: PageRequest, found: Gap, target: ShareTarget | None, rule: Counting, day: AskedDay
) -> tuple[Way | None, Ahead]:
    """The proposal, which is the whole city's alone, and what the asker may know for it."""
    if target is None or not is_ahead(target, day.on):
        return None, NOTHING_KNOWN
    known_until = day.known_until(request.access)
    known = known_ahead(found, target.due, rule, today=day.today, known_until=known_until)
    if request.access.figure_units is not None:
        return None, known
    return shortest_way(found, target, known), known


def _to(links: Links, people: int, **narrowed: str) -> Cell:
    """The number with the address of its people; nobody needs none."""
    return people, links.page("reports:gap_people", **narrowed) if people else ""


def _whole(links: Links, people: int, **narrowed: str) -> Cell:
    """A number of the whole scope, opened for those who may see everybody behind it."""
    return _to(links, people, **narrowed) if links.opens_whole else (people, "")


def _opened(links: Links, spread: Spread, **narrowed: str) -> tuple[Cell, ...]:
    """The group's people by how many categories they lack, and all of them, with their people."""
    return (
        *(
            _to(links, people, missing=str(count), **narrowed)
            for count, people in enumerate(spread.by_missing)
        ),
        _to(links, spread.population, **narrowed),
    )


def _shut(spread: Spread) -> tuple[Cell, ...]:
    """The same numbers for those who may not see everybody behind them."""
    return tuple((people, "") for people in (*spread.by_missing, spread.population))


def _group(links: Links, spread: Spread, **narrowed: str) -> tuple[Cell, ...]:
    """A group of the whole scope."""
    return _opened(links, spread, **narrowed) if links.opens_whole else _shut(spread)


def _heads(found: Gap) -> list[str]:
    return [missing_label(count) for count in range(len(found.required) + 1)] + ["全職員"]


def _tables(found: Gap, way: Way | None, links: Links) -> Mapping[str, object]:
    total = Row("合計", _group(links, found.total))
    return {
        "ready": _whole(links, len(way.ready), seat=READY) if way else (0, ""),
        "combinations": [
            Row(
                training_names(one.missing),
                (_whole(links, one.people, missing="-".join(one.missing)),),
            )
            for one in found.combinations
        ],
        "units": [
            Row(
                unit.name,
                _opened(links, spread, unit=str(unit.pk))
                if links.opens(unit.pk)
                else _shut(spread),
                links.department(unit.pk),
            )
            for unit, spread in found.units
        ]
        + [total],
        "bands": [
            Row(str(band.label), _group(links, spread, band=band.value), links.band(band))
            for band, spread in found.bands
        ]
        + [total],
        "seats": [
            Row(
                training_name(category),
                (_whole(links, len(people), seat=category), (-(-len(people) // ROOM), "")),
            )
            for category, people in (way.seats.items() if way else ())
        ],
    }
