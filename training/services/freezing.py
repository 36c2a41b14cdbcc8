"""Making the figures of a year final."""

from datetime import date

from django.db import transaction
from django.db.models import Q

from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import FiscalYear
from agano_dx.lib.locks import take_exclusive, told_when_held
from staff.models import User
from training.imports.writing import LOCK
from training.models import DEFAULT_RULE, Counting, CountingRule, FrozenYear, Offering


class YearNotOverError(DomainError):
    """The year still runs: its figures are not final."""


@transaction.atomic
def freeze_year(*, year: FiscalYear, by: User | None, today: date) -> FrozenYear:
    """Lock the attendance of a year for good. The same twice is once.

    Every offering of the year, and every one with completions in it, is locked first, and no file
    is put into force meanwhile: whoever is at it has finished before, or is refused after.
    """
    if today <= year.last_day:
        raise YearNotOverError(
            f"{year.long_label}はまだ終わっていません。年度が終わってから確定してください。"
        )
    take_exclusive(LOCK)
    days = (year.first_day, year.last_day)
    touching = Q(ends_on__range=days) | Q(attendances__completed_on__range=days)
    keys = list(Offering.objects.filter(touching).values_list("pk", flat=True).distinct())
    with told_when_held():
        list(Offering.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    rule = CountingRule.objects.ruling(year.last_day)
    frozen, _ = FrozenYear.objects.get_or_create(
        fiscal_year=year.year, defaults={"fiscal_year": year, "frozen_by": by, "rule": rule}
    )
    return frozen


def counted_by(frozen: FrozenYear) -> Counting:
    """The rule that counts a locked year whose figures are about to be kept; noted with it.

    A year may have been locked long before, and a rule been set for it since.
    """
    frozen.rule = CountingRule.objects.ruling(frozen.fiscal_year.last_day)
    frozen.save(update_fields=["rule"])
    return frozen.rule.counting if frozen.rule else DEFAULT_RULE
