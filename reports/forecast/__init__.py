"""見込み: where the share is heading, as a range, from what is known on a day.

To the end of the day's fiscal year: those who are capable and stay, and those booked for all they
lack, by the show-up rates. After it, month by month to the plan's end (`reports.forecast.months`).
Never mixed with actual figures.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from agano_dx.lib.fiscal import FiscalYear
from reports.forecast.facts import Facts, known_facts
from reports.forecast.months import Inputs, YearRange, expected_capable, project
from reports.forecast.pace import Spread
from training.models import Counting
from training.plan_board import PLAN_LAST

__all__ = ["Facts", "Forecast", "Inputs", "Spread", "YearRange", "forecast", "what_if"]


@dataclass(frozen=True, slots=True)
class Forecast:
    """The ranges at the end of this year and of each after it, and what they were reckoned from.

    `expected`: the capable people of the due day on average, by the measured rates; exact.
    """

    facts: Facts
    inputs: Inputs
    years: tuple[YearRange, ...]
    expected: Fraction

    def at(self, year: FiscalYear) -> YearRange | None:
        """The range at this year's end; none for a year gone by."""
        return next((one for one in self.years if one.year == year), None)


def forecast(
    as_of: date, rule: Counting, scope: frozenset[int] | None, known_until: date | None
) -> Forecast:
    """The forecast of the day for the departments in scope (`None`: the whole city).

    `known_until`: see `Access.known_until`. In a constant number of queries.
    """
    facts = known_facts(as_of, rule, scope, known_until)
    return _forecast(facts, facts.inputs)


def what_if(base: Forecast, inputs: Inputs) -> Forecast:
    """The same facts with other assumptions; no query, nothing is kept."""
    return _forecast(base.facts, inputs)


def _forecast(facts: Facts, inputs: Inputs) -> Forecast:
    rates = {name: rate.rate for name, rate in facts.rates.items()}
    return Forecast(
        facts=facts,
        inputs=inputs,
        years=project(facts.kinds, inputs, facts.as_of, PLAN_LAST),
        expected=expected_capable(facts.kinds, rates),
    )
