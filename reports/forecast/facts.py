"""What is known on the day: people and their coming places, rates, places a month, hires, leavers.

In a constant number of queries. The places people held on a past day are read from their history,
so that what was booked or given up afterwards changes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from agano_dx.lib.fiscal import FiscalYear
from reports.forecast.hiring import Hiring, hiring
from reports.forecast.months import Inputs, Kind
from reports.forecast.pace import Pace, Spread, pace
from reports.forecast.rates import ShowUp, show_up
from reports.standing import still_valid
from staff.models import Assignment
from training.models import (
    COMPLETING,
    MISSED,
    Attendance,
    AttendanceChange,
    AttendanceStatus,
    Counting,
)
from training.models.attendance import years_before

Units = frozenset[int] | None
Marked = dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the forecast of a day rests on. `paces`: of these people, in twelve months."""

    as_of: date
    due: date
    required: tuple[str, ...]
    validity_years: int | None
    kinds: Mapping[Kind, int]
    rates: Mapping[str, ShowUp]
    paces: Mapping[str, Pace]
    hiring: Hiring

    @property
    def sure(self) -> int:
        """People who lack nothing on the due day whatever comes."""
        return sum(count for kind, count in self.kinds.items() if not kind.missing)

    @property
    def booked(self) -> int:
        """People who would lack nothing if they came to every place they hold."""
        return sum(
            count
            for kind, count in self.kinds.items()
            if kind.missing and kind.missing == {category for category, _ in kind.booked}
        )

    @property
    def population(self) -> int:
        """全職員 on the due day, as far as known."""
        return sum(self.kinds.values())

    @property
    def inputs(self) -> Inputs:
        """What the forecast reckons with, unless somebody asks what if."""
        seats = {name: self.paces[name].a_month for name in self.required}
        return Inputs(
            extra={name: Spread(Fraction(0), to.high) for name, to in seats.items()},
            seats=seats,
            low={name: rate.low for name, rate in self.rates.items()},
            high={name: rate.high for name, rate in self.rates.items()},
            hires=self.hiring.hires.value,
            leavers=self.hiring.leavers.value,
        )


def known_facts(as_of: date, rule: Counting, scope: Units, known_until: date | None) -> Facts:
    """The facts of the day within the scope (`None`: the whole city).

    `known_until`: the last day of which appointments and departures may be known (`None`: any);
    show-up rates are the whole city's always.
    """
    due = FiscalYear.containing(as_of).last_day
    day = due if known_until is None else min(known_until, due)
    people = set(
        Assignment.objects.in_population(day, rule).within(scope).values_list("staff", flat=True)
    )
    everybody, own = _marked(as_of, people)
    required = tuple(dict.fromkeys(rule.required_categories))
    return Facts(
        as_of=as_of,
        due=due,
        required=required,
        validity_years=rule.validity_years,
        kinds=_kinds(people, still_valid(as_of, due, rule), _booked(as_of, due), required),
        rates=show_up(required, everybody),
        paces={name: pace(as_of, own.get(name, {})) for name in required},
        hiring=hiring(as_of, rule, scope),
    )


def _kinds(
    people: Iterable[int],
    valid: Mapping[int, frozenset[str]],
    booked: Mapping[int, Mapping[str, int]],
    required: tuple[str, ...],
) -> Counter[Kind]:
    """People alike put together, in an order that does not depend on their keys."""
    found: Counter[Kind] = Counter()
    for pk in sorted(people):
        missing = frozenset(required) - valid.get(pk, frozenset())
        places = booked.get(pk, {})
        held = tuple((name, places[name]) for name in required if name in missing & places.keys())
        found[Kind(missing, held)] += 1
    return found


def _booked(as_of: date, due: date) -> dict[int, dict[str, int]]:
    """The places held at the end of the day on offerings that end after it, by the due day."""
    changed_later = AttendanceChange.objects.filter(
        attendance=OuterRef("pk"), at__date__gt=as_of
    ).order_by("pk")
    rows: Any = (
        Attendance.objects.filter(
            Q(offering__cancelled_at__isnull=True) | Q(offering__cancelled_at__date__gt=as_of),
            offering__ends_on__gt=as_of,
            offering__ends_on__lte=due,
        )
        .annotate(then=Coalesce(Subquery(changed_later.values("old")[:1]), F("status")))
        .filter(then=AttendanceStatus.BOOKED)
        .values("staff", "category")
        .annotate(places=Count("pk"))
        .order_by()
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for row in rows:
        found[row["staff"]][row["category"]] = row["places"]
    return found


def _marked(as_of: date, people: set[int]) -> tuple[Marked, Mapping[str, Counter[date]]]:
    """Of the last twelve months: completions and with misses of all; of people, places by day.

    By the last day of the offering. 免除 and 取消 say nothing about coming and are left out.
    """
    marks = Attendance.objects.filter(
        offering__ends_on__gt=years_before(as_of, 1),
        offering__ends_on__lte=as_of,
        status__in=[*COMPLETING, *MISSED],
    )
    rows: Any = (
        marks.values("staff", "category", "offering__ends_on")
        .annotate(whole=Count("pk"), came=Count("pk", filter=Q(status__in=COMPLETING)))
        .order_by()
    )
    everybody: Marked = {}
    own: dict[str, Counter[date]] = defaultdict(Counter)
    for row in rows:
        came, whole = everybody.get(row["category"], (0, 0))
        everybody[row["category"]] = (came + row["came"], whole + row["whole"])
        if row["staff"] in people:
            own[row["category"]][row["offering__ends_on"]] += row["whole"]
    return everybody, own
