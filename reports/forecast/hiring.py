"""How many come and how many leave in a year: the setting, else the years that are known."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Exists, F, Min, OuterRef

from agano_dx.lib.fiscal import FiscalYear
from reports.models import ForecastSetting
from staff.models import Assignment
from training.models import Counting

YEARS = 3
SETTING, AVERAGE, UNKNOWN = "setting", "average", "unknown"


@dataclass(frozen=True, slots=True)
class Yearly:
    """People a year, and where the number is from: the setting, or the years it averages."""

    value: Fraction
    source: str
    since: date | None = None
    note: str = ""
    years: tuple[FiscalYear, ...] = ()


@dataclass(frozen=True, slots=True)
class Hiring:
    """採用と退職, a year."""

    hires: Yearly
    leavers: Yearly


def hiring(as_of: date, rule: Counting, scope: frozenset[int] | None) -> Hiring:
    """Hires and leavers a year as known on the day; in four queries.

    The setting is the whole city's: of some units only their own past years are told. A year is
    known if the city's places reach back to its first day.
    """
    setting = ForecastSetting.objects.in_force(as_of) if scope is None else None
    begun = Assignment.objects.aggregate(first=Min("starts_on"))["first"]
    this = FiscalYear.containing(as_of)
    years = tuple(
        year
        for year in (FiscalYear(this.year - back) for back in range(YEARS, 0, -1))
        if begun is not None and begun <= year.first_day
    )
    hires = _average("staff__hired_on", years, rule, scope)
    leavers = _average("staff__left_on", years, rule, scope)
    if setting is not None:
        since, note = setting.in_force_from, setting.note
        hires = Yearly(Fraction(setting.expected_hires), SETTING, since, note)
        if setting.expected_leavers is not None:
            leavers = Yearly(Fraction(setting.expected_leavers), SETTING, since, note)
    return Hiring(hires, leavers)


def _average(
    day: str, years: tuple[FiscalYear, ...], rule: Counting, scope: frozenset[int] | None
) -> Yearly:
    """People who came or left (`day`) in these years, by the place they had that day."""
    if not years:
        return Yearly(Fraction(0), UNKNOWN)
    later = Assignment.objects.filter(
        staff=OuterRef("staff"), starts_on__gt=OuterRef("starts_on"), starts_on__lte=OuterRef(day)
    )
    people = (
        Assignment.objects.filter(
            ~Exists(later),
            starts_on__lte=F(day),
            employment__in=rule.counted_employments,
            **{f"{day}__range": (years[0].first_day, years[-1].last_day)},
        )
        .exclude(duty__in=rule.excluded_duties)
        .within(scope)
    )
    return Yearly(Fraction(people.count(), len(years)), AVERAGE, years=years)
