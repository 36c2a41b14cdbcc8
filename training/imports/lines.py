"""What a file says, row by row, as it waits for a decision; and its way into JSON and back."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final, Self

from agano_dx.lib.issues import Findings, Issue
from training.models import AbsenceReason, AttendanceStatus

# What a row may say instead of a state: one to be asked about, and a course not yet finished.
TRIANGLE: Final = "triangle"
TRIANGLES: Final = ("△", "▲", "▵")
UNFINISHED: Final = "unfinished"
# What may be decided about a row instead of naming a person.
LEAVE_OUT: Final = "leave_out"

_DAYS: Final = ("starts_on", "ends_on", "completed_on")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file: who is meant, on which training, and how it ended.

    `status`: an attendance state, TRIANGLE, UNFINISHED, or "" where nothing is marked. `said`: the
    cell's own text. Rows of a sign-in sheet have no course and no days: they are the offering's.
    `choice` and `is_ticked` are what a clerk decided: a staff number or LEAVE_OUT; whether the row
    goes in although the person is not on the offering or the record says otherwise, `None` where
    nobody has said.
    """

    sheet: str
    row: int
    status: str
    said: str = ""
    number: str = ""
    name: str = ""
    kana: str = ""
    email: str = ""
    reason: str = ""
    title: str = ""
    category: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    completed_on: date | None = None
    note: str = ""
    choice: str = ""
    is_ticked: bool | None = None

    @property
    def is_of_sheet(self) -> bool:
        """Whether it stands on a sign-in sheet, whose offering is known."""
        return self.starts_on is None

    @property
    def is_of_period(self) -> bool:
        """Whether the course was open over a period: e-learning."""
        return self.starts_on != self.ends_on

    @property
    def mark(self) -> str:
        """What the row says, in the words of the records; △ is seen beside how it is read."""
        if self.status == UNFINISHED:
            return "未修了"
        if not self.status:
            return "印なし"
        if self.status == TRIANGLE:
            return "△"
        label = str(AttendanceStatus(self.status).label)
        if self.said in TRIANGLES:
            return f"{label}（△）"
        return f"{label}（{AbsenceReason(self.reason).label}）" if self.reason else label

    def issue(self, message: str) -> Issue:
        """Something to say about the row."""
        return Issue(self.sheet, self.row, "", self.number or self.name or self.email, message)

    def as_json(self) -> dict[str, Any]:
        """The fields that say something."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
            if value not in ("", None) or name == "status"
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """The line again."""
        days: dict[str, Any] = {
            name: date.fromisoformat(stored[name]) for name in _DAYS if name in stored
        }
        return cls(**{**stored, **days})


@dataclass(frozen=True, slots=True)
class Content:
    """All that was read from a file: its rows, what is wrong with others, what is doubtful."""

    lines: tuple[Line, ...] = ()
    errors: tuple[Issue, ...] = ()
    warnings: tuple[Issue, ...] = ()

    @property
    def faulty(self) -> int:
        """How many rows hold an error."""
        return len({(issue.sheet, issue.row) for issue in self.errors})

    @property
    def row_count(self) -> int:
        """How many rows were read, with an error or without."""
        return len(self.lines) + self.faulty

    @classmethod
    def of(cls, lines: list[Line], found: Findings) -> Self:
        """What a reader delivered."""
        return cls(tuple(lines), tuple(found.errors), tuple(found.warnings))

    def as_json(self) -> list[dict[str, Any]]:
        """One list for the database; empty when there is nothing."""
        return [
            *({"line": line.as_json()} for line in self.lines),
            *({"error": issue.as_json()} for issue in self.errors),
            *({"warning": issue.as_json()} for issue in self.warnings),
        ]

    @classmethod
    def from_json(cls, stored: list[dict[str, Any]]) -> Self:
        """The content again."""
        return cls(
            tuple(Line.from_json(one["line"]) for one in stored if "line" in one),
            tuple(Issue(**one["error"]) for one in stored if "error" in one),
            tuple(Issue(**one["warning"]) for one in stored if "warning" in one),
        )

    def decided(self, choices: dict[int, str], ticked: dict[int, bool]) -> Self:
        """The content with what a clerk decided about some of its rows, by place."""
        return replace(
            self,
            lines=tuple(
                replace(
                    line,
                    choice=choices.get(index, line.choice),
                    is_ticked=ticked.get(index, line.is_ticked),
                )
                for index, line in enumerate(self.lines)
            ),
        )
