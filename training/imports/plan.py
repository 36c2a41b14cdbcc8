"""What would become of each row of a file: computed for every page, and again under the lock."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import models

from agano_dx.lib.fiscal import era_date
from staff.models import StaffMember, User
from training.imports.held import Held, Target
from training.imports.lines import LEAVE_OUT, TRIANGLE, UNFINISHED, Line
from training.imports.people import Directory, Who
from training.models import COMPLETING, Attendance, AttendanceStatus, Offering
from training.services.marking import completion_day, may_complete

OWN = "自分の出欠は自分では取り込めません。別の担当者に頼んでください。"
DOUBLED = "同じ職員の行が2つあり、印が違います。正しくない方を取り込まないことにしてください。"
AGAIN = "同じ職員の行がほかにもあります。"
LEFT_SERVICE = "この職員は開催日に在職していません。職員番号を確かめてください。"
TO_COME = "今日より後の日です。開催日を確かめてください。"
# How △ may be read; the first is what our own printed 出席簿 says it means.
TRIANGLE_MEANINGS = (AttendanceStatus.LATE.value, AttendanceStatus.LEFT_EARLY.value)
# A place in one of these states says nothing of how it ended.
UNMARKED = (AttendanceStatus.BOOKED, AttendanceStatus.WAITING, AttendanceStatus.CANCELLED)


class Outcome(models.TextChoices):
    """What would become of a row."""

    WRITE = "write", "反映する"
    SAME = "same", "登録済み"
    BLANK = "blank", "印なし"
    WALK_IN = "walk_in", "当日参加"
    CONFLICT = "conflict", "記録と違う"
    TRIANGLE = "triangle", "△の読み方が未定"
    ASKED = "asked", "職員が未定"
    DOUBLED = "doubled", "同じ職員が2行"
    REFUSED = "refused", "取り込めない"
    LEFT_OUT = "left_out", "取り込まない"


# Rows that wait for a clerk before anything is written.
OPEN = (Outcome.ASKED, Outcome.DOUBLED, Outcome.TRIANGLE)
# Rows that go in only where the clerk says so.
TO_TICK = (Outcome.WALK_IN, Outcome.CONFLICT)


@dataclass(frozen=True, slots=True)
class Planned:
    """A row, whom and which offering it means, what would become of it and why."""

    index: int
    line: Line
    outcome: Outcome
    who: Who
    target: Target = Target(None, None)
    words: str = ""

    @property
    def member(self) -> StaffMember | None:
        """The person."""
        return self.who.member

    @property
    def place(self) -> Attendance | None:
        """The person's place so far."""
        return self.target.place

    @property
    def offering(self) -> Offering | None:
        """The offering; `None` for one still to be made."""
        return self.target.offering

    @property
    def is_to_write(self) -> bool:
        """Whether it goes in as things stand."""
        return self.outcome == Outcome.WRITE or (
            self.outcome in TO_TICK and self.line.is_ticked is True
        )

    @property
    def is_undecided(self) -> bool:
        """Whether somebody must still say what becomes of it; a record may stand as it is."""
        unanswered = self.outcome == Outcome.WALK_IN and self.line.is_ticked is None
        return self.outcome in OPEN or unanswered


@dataclass(frozen=True, slots=True)
class World:
    """What rows are held against: people, records, who asks, and when."""

    directory: Directory
    held: Held
    by: User | None
    today: date

    def day_of(self, line: Line) -> date:
        """The day the row speaks of."""
        if line.completed_on or line.starts_on:
            return line.completed_on or line.starts_on or self.today
        return self.held.offerings[0].starts_on if self.held.offerings else self.today


def plan(lines: Sequence[Line], world: World) -> list[Planned]:
    """What would become of each row, in their order."""
    planned = [_planned(index, line, world) for index, line in enumerate(lines)]
    return _doubles_settled(planned)


def completion_of(row: Planned, today: date) -> date | None:
    """The day of the completion the row says; `None` where it says none.

    As marked so far, else as the file says; of several days it is the last one, as marks have it.
    """
    line, place, offering = row.line, row.place, row.offering
    if line.status not in COMPLETING:
        return None
    if place is not None and place.completed_on is not None:
        return place.completed_on
    if offering is None or (line.completed_on is not None and not offering.days.exists()):
        return line.completed_on
    return completion_day(offering, today)


def fingerprint(planned: Sequence[Planned]) -> str:
    """Changes whenever a record changes what would become of a row, or what it would replace."""
    said = [
        (
            one.index,
            one.outcome,
            one.member.number if one.member else "",
            one.place.status if one.place else "",
        )
        for one in planned
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def with_triangle(lines: Sequence[Line], meaning: str) -> list[Line]:
    """The rows with △ read as 遅刻 or 早退; as they are while that is open."""
    if not meaning:
        return list(lines)
    return [replace(line, status=meaning) if line.status == TRIANGLE else line for line in lines]


def _planned(index: int, line: Line, world: World) -> Planned:
    who = world.directory.find(line, world.day_of(line))
    row = Planned(index, line, Outcome.BLANK, who)
    if line.choice == LEAVE_OUT:
        return replace(row, outcome=Outcome.LEFT_OUT)
    if line.status == UNFINISHED:
        return replace(row, words=f"まだ修了していません（{line.said or '進み具合は不明'}）。")
    if not line.status:
        return row
    if who.member is None or (line.is_of_sheet and who.doubt):
        return replace(row, outcome=Outcome.ASKED, words=who.doubt or who.question)
    return _matched(replace(row, target=world.held.target(line, who.member.pk)), world)


def _matched(row: Planned, world: World) -> Planned:
    """What becomes of a row whose person and offering are known."""
    line, place, day = row.line, row.place, world.day_of(row.line)
    if place is None and line.is_of_sheet and row.member and not row.member.is_employed(day):
        return replace(row, outcome=Outcome.ASKED, words=LEFT_SERVICE)
    if line.status == TRIANGLE:
        return replace(row, outcome=Outcome.TRIANGLE, words="遅刻か早退かを選んでください。")
    if place is not None and _is_same(line, place):
        return replace(row, outcome=Outcome.SAME)
    if refusal := _refusal(row, world):
        return replace(row, outcome=Outcome.REFUSED, words=refusal)
    if place is not None and place.status not in UNMARKED:
        now = AttendanceStatus(place.status).label
        words = f"登録済みの出欠（{now}）と違います。変えるときは出欠の画面で直してください。"
        return replace(row, outcome=Outcome.CONFLICT, words=words)
    if line.is_of_sheet and (place is None or place.status != AttendanceStatus.BOOKED):
        return replace(row, outcome=Outcome.WALK_IN, words=_no_seat(place))
    return replace(row, outcome=Outcome.WRITE)


def _is_same(line: Line, place: Attendance) -> bool:
    """Whether the record says what the row says. 欠席届 says more than the × beside it."""
    if place.status == AttendanceStatus.NOTIFIED:
        told = line.status == AttendanceStatus.NOTIFIED and line.reason == place.absence_reason
        return told or line.status == AttendanceStatus.ABSENT
    return place.status == line.status


def _refusal(row: Planned, world: World) -> str:
    """Why the row may not be written, whatever a clerk says; "" if it may."""
    offering, line = row.offering, row.line
    if world.by is not None and row.member and world.by.staff_id == row.member.pk:
        return OWN
    if year := world.held.frozen_year(_days_touched(row, world.today)):
        return f"{year.long_label}の数値は確定済みのため、この行は取り込めません。"
    if offering is not None and offering.cancelled_at is not None:
        return "この開催回は中止になったため、この行は取り込めません。開催回を確かめてください。"
    if offering is not None and offering.closed_at is not None:
        return "この開催回は締め済みです。取り込むときは、先に締めを取り消してください。"
    if world.day_of(line) > world.today:
        return TO_COME
    return _not_over(row, world.today)


def _days_touched(row: Planned, today: date) -> list[date | None]:
    """The days whose figures the row changes: the offering's, the completion's so far and to be."""
    last = row.offering.ends_on if row.offering is not None else row.line.ends_on
    return [last, row.place.completed_on if row.place else None, completion_of(row, today)]


def _not_over(row: Planned, today: date) -> str:
    """Why nobody has completed the offering yet: of several days, the last one is to come."""
    offering = row.offering
    if offering is None or row.line.status not in COMPLETING or may_complete(offering, today):
        return ""
    return (
        f"この開催回は{era_date(offering.ends_on)}まで続くため、出席と遅刻は最終日から"
        "取り込んでください。"
    )


def _no_seat(place: Attendance | None) -> str:
    if place is None:
        return "この開催回の受講者ではありません。加えるかどうかを選んでください。"
    now = AttendanceStatus(place.status).label
    return f"この開催回では「{now}」の人です。加えるかどうかを選んでください。"


def _doubles_settled(planned: list[Planned]) -> list[Planned]:
    """The same person twice on one offering: once where both rows agree, asked where they do not.

    On a sheet neither row is better than the other; of an old list the first one counts.
    """
    first: dict[tuple[object, ...], Planned] = {}
    settled: list[Planned] = []
    for row in planned:
        key = _key(row)
        earlier = first.setdefault(key, row) if key is not None else row
        if earlier is row:
            settled.append(row)
        elif (earlier.line.status, earlier.line.reason) == (row.line.status, row.line.reason):
            settled.append(replace(row, outcome=Outcome.SAME, words=AGAIN))
        elif row.line.is_of_sheet:
            settled[earlier.index] = replace(earlier, outcome=Outcome.DOUBLED, words=DOUBLED)
            settled.append(replace(row, outcome=Outcome.DOUBLED, words=DOUBLED))
        else:
            there = AttendanceStatus(earlier.line.status).label
            words = f"登録済みの出欠（{there}）と違います。変えるときは出欠の画面で直してください。"
            settled.append(replace(row, outcome=Outcome.DOUBLED, words=words))
    return settled


def _key(row: Planned) -> tuple[object, ...] | None:
    """By what two rows are one and the same; `None` for rows that say nothing of a known person."""
    if row.member is None or row.outcome in (Outcome.BLANK, Outcome.LEFT_OUT, Outcome.ASKED):
        return None
    where = row.offering.pk if row.offering else (row.line.title, row.line.category)
    return (where, None if row.offering else row.line.starts_on, row.member.pk)
