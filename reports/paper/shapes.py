"""What a report on paper is made of. No database, no Django."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Final

from agano_dx.lib.charts.figure import ChartFigure


class Hidden(Enum):
    """A number kept back, because a small group of people could be recognised by it."""

    HIDDEN = "＊"


HIDDEN: Final = Hidden.HIDDEN
# `None` where there is nothing to tell: a year to come, a share of nobody.
Cell = int | Fraction | str | date | Hidden | None


class Kind(Enum):
    """What stands in a column."""

    TEXT = "text"
    DAY = "day"
    PEOPLE = "people"  # groups of people: under five they are not published
    NUMBER = "number"  # anything else that is counted: terms, offerings, targets
    SHARE = "share"  # of two columns of people beside it; live in the workbook


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `share_of`: for shares the positions of the numerator and the denominator.

    `within`: for people who are a part of the people of another column, its position.
    `told_by`: the columns a cell of this one is reckoned from; where one of them is kept back, so
    is this.
    """

    heading: str
    kind: Kind = Kind.PEOPLE
    share_of: tuple[int, int] | None = None
    within: int | None = None
    told_by: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One row: as many cells as columns.

    `group`: of whom the row tells, as category and years; rows of one group hold the same people
    under the same heading. `unit`: of the line's numbers that are not people.
    """

    cells: tuple[Cell, ...]
    group: str = ""
    unit: str = ""


def unit_of(column: Column, line: Line) -> str:
    """In what the numbers of a cell are counted."""
    return "人" if column.kind is Kind.PEOPLE else line.unit


@dataclass(frozen=True, slots=True)
class Sum:
    """In every line the parts, positions of columns of people, make up the people of the whole."""

    whole: int
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its finding in a sentence, and the chart that stands beside it.

    `total`: the sums of the columns of people and numbers, with the shares of these; `None` where
    the lines do not add up to anything. `sums`: columns that make up another in every line.
    `rising`: columns of people that count from the beginning, each line those before it included.
    """

    key: str
    title: str
    finding: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    total: Line | None = None
    notes: tuple[str, ...] = ()
    chart: ChartFigure | None = None
    sums: tuple[Sum, ...] = ()
    rising: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """The report of one day. `cover`: what stands on the first page, as (what, how it is).

    `mark`: what every page says about the whole, as that it is made for publication.
    """

    title: str
    as_of: date
    cover: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    mark: str = ""

    def with_tables(self, change: Callable[[Table], Table]) -> "Paper":
        """The same paper with every table changed."""
        return replace(self, tables=tuple(change(table) for table in self.tables))
