"""A table whose cells are the darker the higher their share is."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

LIMITS = (25, 50, 75)


@dataclass(frozen=True)
class HeatCell:
    """A number with its step from 1 (low) to 4 (high); 0 where there is nothing to count."""

    text: str
    level: int
    href: str = ""


@dataclass(frozen=True)
class HeatRow:
    """A row under its heading."""

    label: str
    cells: tuple[HeatCell, ...]
    href: str = ""


@dataclass(frozen=True)
class HeatRange:
    """One step of the legend."""

    level: int
    text: str


@dataclass(frozen=True)
class HeatTable:
    """What templates/components/heat_table.html draws."""

    caption: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    legend: tuple[HeatRange, ...]


def heat_cell(percent: Decimal | None, *, href: str = "") -> HeatCell:
    """The share to one decimal, as elsewhere on the page; 100.0 only when it is all.

    The step is that of the share itself, not of what is shown.
    """
    if percent is None:
        return HeatCell("－", 0)
    level = 1 + sum(percent >= limit for limit in LIMITS)
    shown = percent.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    if shown == 100 and percent < 100:
        shown = Decimal("99.9")
    return HeatCell(str(shown), level, href)


def heat_table(
    caption: str, corner: str, columns: Sequence[str], rows: Sequence[HeatRow]
) -> HeatTable:
    """Caption names the unit; `corner` heads the first column."""
    low = (0, *LIMITS)
    high = (*(f"{limit}％未満" for limit in LIMITS), "100％")
    ranges = [f"{start}～{end}" for start, end in zip(low, high, strict=True)]
    legend = tuple(HeatRange(level, text) for level, text in enumerate(ranges, start=1))
    return HeatTable(caption, corner, tuple(columns), tuple(rows), legend)
