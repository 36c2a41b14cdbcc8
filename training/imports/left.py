"""Rows of a file that did not go in, told without the person."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from training.imports.lines import Content
from training.imports.plan import Outcome, Planned
from training.models import AttendanceStatus

_WHY: Final = {
    Outcome.ASKED: "職員を決めませんでした。",
    Outcome.DOUBLED: "同じ職員の行が2つあり、どちらにするかを決めませんでした。",
    Outcome.TRIANGLE: "△の読み方を決めませんでした。",
    Outcome.LEFT_OUT: "取り込まないことにしました。",
}
_FAULTY: Final = "誤りのある行です。"
_STAYED_OUT: Final = "受講者に登録されていない人で、加えないことにしました。"
_UNANSWERED: Final = "受講者に登録されていない人で、加えるかどうかを決めませんでした。"


@dataclass(frozen=True, slots=True)
class Left:
    """Where a row stands in its file, what it says and why it did not go in; no name, no number.

    It is kept for as long as the upload itself, whose names go when it is decided.
    """

    row: int | None
    mark: str
    why: str
    sheet: str = ""

    def as_json(self) -> dict[str, Any]:
        """One of the upload's rows."""
        return {"left": asdict(self)}

    @classmethod
    def all_from_json(cls, stored: list[dict[str, Any]]) -> list[Self]:
        """The rows again."""
        return [cls(**one["left"]) for one in stored if "left" in one]


def left_of(planned: Sequence[Planned], content: Content) -> list[Left]:
    """The rows that did not go in, in the order of the file.

    Unmarked rows and rows that say what is recorded anyway are no loss. A sheet is named only
    where there are several.
    """
    rows = [
        (row.line.sheet, row.line.row, row.line.mark, why)
        for row in planned
        if not row.is_to_write and (why := _why(row))
    ]
    faulty = dict.fromkeys((issue.sheet, issue.row) for issue in content.errors)
    rows += [(sheet, row or 0, "－", _FAULTY) for sheet, row in faulty]
    sheets = list(dict.fromkeys([*(line.sheet for line in content.lines), *(s for s, _ in faulty)]))
    rows.sort(key=lambda one: (sheets.index(one[0]), one[1]))
    return [
        Left(row or None, mark, why, sheet if len(sheets) > 1 else "")
        for sheet, row, mark, why in rows
    ]


def _why(row: Planned) -> str:
    """In words that name nobody; "" for rows that lose nothing."""
    if row.outcome == Outcome.REFUSED:
        return row.words
    if row.outcome == Outcome.WALK_IN:
        return _UNANSWERED if row.line.is_ticked is None else _STAYED_OUT
    if row.outcome == Outcome.CONFLICT and row.place is not None:
        return f"今の記録（{AttendanceStatus(row.place.status).label}）のままにしました。"
    return _WHY.get(Outcome(row.outcome), "")
