"""Two days, or one day as frozen and as known now, explained person by person."""

from reports.comparison.lines import Line, MarkTrail, Reason
from reports.comparison.sides import Explanation, Side, compare, frozen_side, known_side
from reports.comparison.tally import FIGURES, tally

__all__ = [
    "FIGURES",
    "Explanation",
    "Line",
    "MarkTrail",
    "Reason",
    "Side",
    "compare",
    "frozen_side",
    "known_side",
    "tally",
]
