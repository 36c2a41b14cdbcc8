"""Finds a free place for a label beside its point."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from agano_dx.lib.charts.geometry import Anchor, Box, Text, box, rounded, text_box

GAP = 9.0


@dataclass
class LabelPlacer:
    """Places labels one after the other; what stands already is not covered.

    A label on another label is worst, on a mark bad, on a line a pity.
    """

    area: Box
    marks: list[Box] = field(default_factory=list)
    lines: list[Box] = field(default_factory=list)
    taken: list[Box] = field(default_factory=list)

    def keep_off_line(self, places: Sequence[tuple[float, float]]) -> None:
        """Remembers a line as a chain of small boxes."""
        for (x1, y1), (x2, y2) in zip(places, places[1:], strict=False):
            steps = max(1, int(max(abs(x2 - x1), abs(y2 - y1)) // 4))
            for step in range(steps + 1):
                x = x1 + (x2 - x1) * step / steps
                y = y1 + (y2 - y1) * step / steps
                self.lines.append(box(x - 1, y - 1, 2, 2))

    def keep_off_mark(self, x: float, y: float, reach: float = 6.0) -> None:
        self.marks.append(box(x - reach, y - reach, 2 * reach, 2 * reach))

    def place(
        self,
        words: str,
        x: float,
        y: float,
        *,
        below_first: bool = False,
        low: float | None = None,
        reach: float = 0.0,
    ) -> Text:
        """The best of the places round the point (x, y), or round a mark from y down to `low`."""
        low = y if low is None else low
        above = [
            Text(x, y - GAP, words, "middle"),
            Text(x - GAP / 2, y - GAP, words, "end"),
            Text(x + GAP / 2, y - GAP, words, "start"),
        ]
        below = [
            Text(x + reach + GAP, low + GAP + 12, words, "start"),
            Text(x, low + GAP + 12, words, "middle"),
            Text(x - GAP / 2, low + GAP + 12, words, "end"),
        ]
        beside = [
            Text(x + reach + GAP + 1, (y + low) / 2 + 5, words, "start"),
            Text(x - reach - GAP - 1, (y + low) / 2 + 5, words, "end"),
        ]
        near = [*below, *beside, *above] if below_first else [*above, *beside, *below]
        far = [
            Text(text.x, text.y + shift, words, text.anchor)
            for shift in (-18.0, 18.0, -36.0, 36.0, -54.0, 54.0)
            for text in near
        ]
        return self._best([*near, *far])

    def place_at(self, words: str, bar: Box) -> Text:
        """The best of the places that touch an upright bar: beside it, under it or over it."""
        left, right, low = bar.x, bar.x + bar.width, bar.y + bar.height
        middle = (bar.y + low) / 2 + 5
        beside = [
            Text(x, y, words, anchor)
            for y in dict.fromkeys((middle, (middle + low) / 2, low - 2, bar.y + 13))
            for x, anchor in _sides(right + GAP / 2, left - GAP / 2)
        ]
        stacked = [
            Text(x, y, words, anchor)
            for y in (low + GAP + 7, bar.y - GAP)
            for x, anchor in _sides(left, right)
        ]
        return self._best([*beside, *stacked])

    def _best(self, candidates: Sequence[Text]) -> Text:
        """The cheapest, of equals the first; it is taken from now on."""
        ranked = sorted(enumerate(candidates), key=lambda entry: (self.cost(entry[1]), entry[0]))
        best = ranked[0][1]
        placed = Text(rounded(best.x), rounded(best.y), best.text, best.anchor)
        self.taken.append(text_box(placed))
        return placed

    def cost(self, text: Text) -> int:
        place = text_box(text)
        return (
            10_000 * (not place.inside(self.area))
            + 1_000 * _hits(place, self.taken)
            + 100 * _hits(place, self.marks)
            + 4 * _hits(place, self.lines)
        )


def _sides(start: float, end: float) -> tuple[tuple[float, Anchor], tuple[float, Anchor]]:
    """Words that begin at one x, and words that end at the other."""
    return (start, "start"), (end, "end")


def _hits(place: Box, others: Iterable[Box]) -> int:
    return sum(place.overlaps(other) for other in others)
