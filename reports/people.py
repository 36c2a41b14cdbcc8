"""The people behind a figure: the same conditions the figure counts by."""

from collections.abc import Callable
from datetime import date

from django.db.models import Exists, OuterRef

from agano_dx.lib.fiscal import FiscalYear
from leaders.models import LeaderTerm, SpecialistDesignation
from leaders.models.terms import LeaderTermQuerySet
from reports.progress import SHOWN_CATEGORIES, is_capable, with_completions
from staff.models import Assignment, AssignmentQuerySet
from training.models import Attendance, Category, Counting

Units = frozenset[int] | None
Places = AssignmentQuerySet
Finder = Callable[[date, Counting, Units], Places]


def _population(on: date, rule: Counting, units: Units) -> Places:
    return Assignment.objects.in_population(on, rule).within(units)


def _capable(on: date, rule: Counting, units: Units) -> Places:
    return with_completions(_population(on, rule, units), on, rule).filter(is_capable(rule))


def _not_capable(on: date, rule: Counting, units: Units) -> Places:
    return with_completions(_population(on, rule, units), on, rule).exclude(is_capable(rule))


def _completed(category: str) -> Finder:
    def find(on: date, rule: Counting, units: Units) -> Places:
        people = with_completions(_population(on, rule, units), on, rule)
        return people.filter(**{f"done_{category}": True})

    return find


def _excluded_employment(on: date, rule: Counting, units: Units) -> Places:
    return (
        Assignment.objects.employed(on)
        .within(units)
        .exclude(employment__in=rule.counted_employments)
    )


def _excluded_duty(on: date, rule: Counting, units: Units) -> Places:
    return (
        Assignment.objects.employed(on)
        .within(units)
        .filter(employment__in=rule.counted_employments, duty__in=rule.excluded_duties)
    )


def _executives(on: date, rule: Counting, units: Units) -> Places:
    return _population(on, rule, units).filter(rank__is_executive=True)


def _executives_completed(on: date, rule: Counting, units: Units) -> Places:
    year = FiscalYear.containing(on)
    done = Attendance.objects.completed(on).filter(
        staff=OuterRef("staff"), category=Category.EXECUTIVE, completed_on__gte=year.first_day
    )
    return _executives(on, rule, units).filter(Exists(done))


def _executives_outstanding(on: date, rule: Counting, units: Units) -> Places:
    done = _executives_completed(on, rule, units)
    return _executives(on, rule, units).exclude(staff__in=done.values("staff"))


def _leaders(on: date, rule: Counting, units: Units) -> Places:
    del rule  # a sitting leader is one whatever the counting rule
    terms = LeaderTerm.objects.sitting(on)
    if units is not None:
        terms = terms.filter(department__in=units)
    # A city has a few dozen: asked first, because one query for both can take PostgreSQL half a
    # minute while it has no statistics of the tables.
    leading = list(terms.values_list("staff", flat=True))
    return Assignment.objects.as_of(on).filter(staff__in=leading)


def _leaders_completed(on: date, rule: Counting, units: Units) -> Places:
    """Whoever completed a term, once each; those who left since at their last place."""
    del rule
    finished = completed_terms(on, units).values_list("staff", flat=True)
    return Assignment.objects.as_of(on).filter(staff__in=set(finished))


def completed_terms(on: date, units: Units) -> LeaderTermQuerySet:
    """修了した任期（延べ）: the terms a figure counts, of departments in these units."""
    terms = LeaderTerm.objects.completed(on)
    return terms if units is None else terms.filter(department__in=units)


def _specialists(on: date, rule: Counting, units: Units) -> Places:
    del rule
    return SpecialistDesignation.objects.all().places(on).within(units)


FIGURES: dict[str, tuple[str, Finder]] = {
    "population": ("全職員", _population),
    "capable": ("デジタル活用職員", _capable),
    "not_capable": ("デジタル活用職員になっていない職員", _not_capable),
    **{
        str(category): (f"{category.label}研修の修了者", _completed(category))
        for category in SHOWN_CATEGORIES
    },
    "excluded_employment": ("任用形態により全職員に数えない人", _excluded_employment),
    "excluded_duty": ("在職区分により全職員に数えない人", _excluded_duty),
    "executives": ("幹部職員", _executives),
    "executives_completed": ("今年度の幹部研修を修了した幹部職員", _executives_completed),
    "executives_outstanding": (
        "今年度の幹部研修を修了していない幹部職員",
        _executives_outstanding,
    ),
    "leaders": ("活動中の推進リーダー", _leaders),
    "leaders_completed": ("任期を修了した推進リーダー（実人数）", _leaders_completed),
    "specialists": ("デジタル専門分野人材", _specialists),
}


def people_behind(figure: str, on: date, rule: Counting, units: Units) -> Places:
    """The places of the people a figure counts on the day, in the order of departments."""
    return (
        FIGURES[figure][1](on, rule, units)
        .select_related("staff", "department", "rank")
        .order_by("department__order", "department__code", "rank__order", "staff__number")
    )
