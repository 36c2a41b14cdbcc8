"""Writing a two-year outline and the reviews of its years."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import FiscalYear
from agano_dx.lib.locks import told_when_held
from staff.models import User
from training.models import PlanPeriod, PlanReview


@dataclass(frozen=True, slots=True)
class PeriodWords:
    """What is written about a period: its outline, and the review of each of its years."""

    outline: str
    reviews: Mapping[FiscalYear, str]

    @property
    def mark(self) -> str:
        """The same for the same words: by it a page tells which words its reader saw."""
        written = [self.outline, *(f"{year.year} {self.reviews[year]}" for year in self.years)]
        return hashlib.sha256(json.dumps(written).encode()).hexdigest()

    @property
    def years(self) -> list[FiscalYear]:
        """The years of the period, in order."""
        return sorted(self.reviews)


class PeriodChangedMeanwhileError(DomainError):
    """Somebody else wrote about the period after this clerk opened it."""

    def __init__(self, now: PeriodWords) -> None:
        super().__init__(
            "他の人がこの2か年の文章を変更しました。下の「今の文章」と見比べて直し、"
            "もう一度保存してください。"
        )
        self.now = now


def words_of(period: PlanPeriod) -> PeriodWords:
    """What is written about the period now."""
    years = FiscalYear.range(period.first_year, period.last_year)
    written = PlanReview.objects.filter(fiscal_year__in=[year.year for year in years])
    said = {review.fiscal_year: review.text for review in written}
    return PeriodWords(period.outline, {year: said.get(year, "") for year in years})


@transaction.atomic
def write_period(*, period: PlanPeriod, words: PeriodWords, seen: str, by: User | None) -> bool:
    """Write the words if the ones there are those the clerk saw; whether anything changed.

    The period's row is locked, so of two clerks the second is told. The same words sent twice
    change nothing.
    """
    with told_when_held():
        locked = PlanPeriod.objects.select_for_update().get(pk=period.pk)
    now = words_of(locked)
    if now == words:
        return False
    if now.mark != seen:
        raise PeriodChangedMeanwhileError(now)
    with audit.acting(by):
        if now.outline != words.outline:
            locked.outline = words.outline
            locked.full_clean()
            locked.save(update_fields=["outline"])
        for year in now.years:
            if now.reviews[year] != words.reviews[year]:
                PlanReview.objects.update_or_create(
                    fiscal_year=year.year, defaults={"text": words.reviews[year]}
                )
    return True
