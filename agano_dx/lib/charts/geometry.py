"""What all charts share: shapes, scales, ticks and how wide a text is. No Django, no clock."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import ceil
from typing import Literal

Anchor = Literal["start", "middle", "end"]
Number = int | float | Decimal

WIDTH = 460  # the inside of a card in the two-column grid at 1366 px, so that 14 px stays 14 px
MAIN_WIDTH = 940  # a chart that has the main column to itself
TEXT_SIZE = 14.0
LINE_HEIGHT = 18.0
NEVER_FIRST = "）」』】、。ー"  # 行頭禁則: no line begins with one of these
NARROW_LETTER = 8.3  # digits and Latin letters of 14 px, a little generous


@dataclass(frozen=True)
class Text:
    """Words at a place; `y` is the base line."""

    x: float
    y: float
    text: str
    anchor: Anchor = "start"


@dataclass(frozen=True)
class Box:
    """An upright rectangle."""

    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: "Box") -> bool:
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )

    def inside(self, other: "Box") -> bool:
        return (
            self.x >= other.x
            and self.y >= other.y
            and self.x + self.width <= other.x + other.width
            and self.y + self.height <= other.y + other.height
        )


@dataclass(frozen=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Dot:
    """The centre of a round mark, with the words a reader may want of it."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Square:
    """A square mark of a target."""

    box: Box
    text: str


@dataclass(frozen=True)
class Range:
    """An open bar over what may be expected, with its words if it has any."""

    box: Box
    label: Text | None


@dataclass(frozen=True)
class Flag:
    """A vertical line with a word on top: the as-of day."""

    line: Line
    label: Text


@dataclass(frozen=True)
class Frame:
    """The plot area with its axes."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True)
class LegendEntry:
    """One line of the legend; `mark` names a mark of components/chart_mark.html."""

    mark: str
    label: str


@dataclass(frozen=True)
class DataTable:
    """The chart's numbers as words; the first cell of a row heads it."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class YearPoint:
    """A moment inside a fiscal year. `elapsed` 0 is its first day, 1 its end."""

    year: str
    elapsed: Number = 1
    word: str = "基準日"


def elapsed(first_day: date, last_day: date, day: date) -> float:
    """How much of a period is over at the end of `day`, from 0 to 1."""
    whole = (last_day - first_day).days + 1
    return min(1.0, max(0.0, ((day - first_day).days + 1) / whole))


def rounded(value: Number) -> float:
    """One decimal is finer than a screen shows."""
    return round(float(value), 1)


def box(x: Number, y: Number, width: Number, height: Number) -> Box:
    return Box(rounded(x), rounded(y), rounded(width), rounded(height))


def line(x1: Number, y1: Number, x2: Number, y2: Number) -> Line:
    return Line(rounded(x1), rounded(y1), rounded(x2), rounded(y2))


def square(x: float, y: float, text: str, side: float = 9.0) -> Square:
    return Square(box(x - side / 2, y - side / 2, side, side), text)


def points(places: Sequence[tuple[float, float]]) -> str:
    """The `points` of a polyline or polygon."""
    return " ".join(f"{rounded(x)},{rounded(y)}" for x, y in places)


def text_width(text: str) -> float:
    """About how wide a text of 14 px is; rather too wide than too narrow."""
    return sum(
        TEXT_SIZE if unicodedata.east_asian_width(letter) in "WFA" else NARROW_LETTER
        for letter in text
    )


def text_box(text: Text) -> Box:
    """The place a text takes."""
    width = text_width(text.text)
    shift = {"start": 0.0, "middle": width / 2, "end": width}[text.anchor]
    return box(text.x - shift, text.y - 13, width, 17)


def percent_words(percent: Decimal) -> str:
    """12.3%, or 12% where the decimal is 0; halves up.

    An exact value below 100 is never shown as 100; one that was rounded before may be.
    """
    shown = percent.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    if shown == 100 and percent < 100:
        shown = Decimal("99.9")
    return f"{shown.normalize():f}%"


def clamp(value: Number, lowest: Number, highest: Number) -> float:
    return min(float(highest), max(float(lowest), float(value)))


def tick_values(highest: Number, most: int = 6) -> tuple[int, ...]:
    """Round whole steps 0, s, 2s … with the last one at or above `highest`."""
    step, size = 1, 1
    while True:
        for factor in (1, 2, 5):
            step = factor * size
            count = ceil(max(1.0, float(highest)) / step)
            if count < most:
                return tuple(step * number for number in range(count + 1))
        size *= 10


def wrap(text: str, width: float) -> tuple[str, ...]:
    """Breaks a label into lines no wider than `width`; Japanese may break almost anywhere."""
    lines, current = [], ""
    for letter in text:
        if current and text_width(current + letter) > width:
            kept = len(current) - (letter in NEVER_FIRST and len(current) > 1)
            lines.append(current[:kept])
            current = current[kept:]
        current += letter
    return (*lines, current)


def flags_on_top(words: Sequence[tuple[float, str]], top: float, whole: Box) -> list[Text]:
    """Words above the plot at their x, moved inside the picture, on rows that do not collide.

    Row 0 stands right above the plot. The caller leaves `top` rows of LINE_HEIGHT free.
    """
    placed: list[tuple[int, Box]] = []
    texts = []
    for x, word in words:
        half = text_width(word) / 2
        centre = clamp(x, whole.x + half, max(whole.x + half, whole.x + whole.width - half))
        row = 0
        while True:
            text = Text(rounded(centre), rounded(top - 12 - row * LINE_HEIGHT), word, "middle")
            place = text_box(text)
            if not any(place.overlaps(other) for _, other in placed):
                break
            row += 1
        placed.append((row, place))
        texts.append(text)
    return texts
