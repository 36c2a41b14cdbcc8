"""The figures of a frozen year: the city's as they were written, a head's counted from the members.

Both say the same of the whole city: a year is not frozen before they do (`agree`).
"""

from collections import Counter
from typing import Any

from reports.comparison.tally import State, counted, tally
from reports.models import Snapshot
from reports.progress import SHOWN_CATEGORIES, Counts
from reports.snapshots import frozen_standings, rule_from

COUNTS = ("population", "capable", *map(str, SHOWN_CATEGORIES))


def figures_of(snapshot: Snapshot, units: frozenset[int] | None) -> Counter[str]:
    """Every figure by the names of `comparison.FIGURES`; of the whole city as it was written."""
    if units is not None:
        return tally(frozen_standings(snapshot), rule_from(snapshot.rule), units)
    kept = snapshot.figures
    return Counter(
        {
            **{name: kept[name] for name in ("population", "capable")},
            **kept["completed"],
            "executives": kept["executives"]["population"],
            "executives_completed": kept["executives"]["completed_this_year"],
            "sitting": kept["leaders"]["sitting"],
            "completed_terms": kept["leaders"]["completed_person_terms"],
            "finished_people": kept["leaders"]["people"],
            "specialists": sum(band["count"] for band in kept["specialists"].values()),
            "excluded_employment": kept["excluded"]["employment"],
            "excluded_duty": kept["excluded"]["duty"],
        }
    )


def counts_of(snapshot: Snapshot, units: frozenset[int] | None) -> Counts:
    """The counts of the share."""
    found = figures_of(snapshot, units)
    return Counts(**{name: found[name] for name in COUNTS})


def by_unit(snapshot: Snapshot, units: frozenset[int] | None) -> list[tuple[str, Counts]]:
    """The counts of each unit within sight, as the dashboard of the day told them apart."""
    found = _as_written(snapshot) if units is None else _counted(snapshot, units)
    places = snapshot.members["departments"]
    return [(one["name"], found[one["id"]]) for one in places if one["id"] in found]


def agree(snapshot: Snapshot) -> bool:
    """Whether the figures are those of the members, in total and in every unit."""
    counted_anew = tally(frozen_standings(snapshot), rule_from(snapshot.rule), None)
    if figures_of(snapshot, None) != counted_anew:
        return False
    found, places = _counted(snapshot, None), snapshot.members["departments"]
    by_code = {one["code"]: found[one["id"]] for one in places if one["id"] in found}
    kept = snapshot.figures["departments"]
    return by_code == {code: Counts(**counts) for code, counts in kept.items()}


def _as_written(snapshot: Snapshot) -> dict[int, Counts]:
    kept: dict[str, dict[str, int]] = snapshot.figures["departments"]
    places = snapshot.members["departments"]
    reporting = {one["unit_id"] for one in places}
    by_code = {one["code"]: one["id"] for one in places if one["id"] in reporting}
    return {by_code[code]: Counts(**counts) for code, counts in kept.items()}


def _counted(snapshot: Snapshot, units: frozenset[int] | None) -> dict[int, Counts]:
    shown = {one["id"]: _shown(one, units) for one in snapshot.members["departments"]}
    rule = rule_from(snapshot.rule)
    sums: dict[int, Counter[str]] = {}
    for one in frozen_standings(snapshot).people:
        if units is None or one.department_id in units:
            found = sums.setdefault(shown[one.department_id], Counter())
            found.update(counted(State(one), snapshot.as_of, rule))
    return {
        pk: Counts(**{name: found[name] for name in COUNTS})
        for pk, found in sums.items()
        if found["population"]
    }


def _shown(place: dict[str, Any], units: frozenset[int] | None) -> int:
    """As `progress.shown_unit`: the unit, or the highest within sight where that lies above."""
    unit: int = place["unit_id"]
    if units is None or unit in units:
        return unit
    seen = [pk for pk in place["above"] if pk in units]
    return seen[-1] if seen else place["id"]
