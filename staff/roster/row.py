"""One row of a roster, read cell by cell."""

import unicodedata
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from agano_dx.lib.issues import Findings
from agano_dx.lib.japanese import (
    Reading,
    is_mangled,
    label_key,
    read_date,
    read_kana,
    read_name,
    read_staff_number,
    says_concurrent_ended,
    split_title,
)
from agano_dx.lib.workbooks.headings import Record, Table
from agano_dx.lib.workbooks.reading import Cell
from staff.models import Duty, Rank
from staff.roster.cells import CellReader
from staff.roster.fields import DUTIES, DUTY_CHOICES, EMPLOYMENT_CHOICES, EMPLOYMENTS, LEAVING
from staff.roster.place import PlaceReader, SheetHome
from staff.roster.posts import ConcurrentRow, RosterRow, ends_post, is_concurrent, read_posts
from staff.roster.resolve import Resolver, SkippedRowError


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that names what somebody decided not to take in."""

    number: str
    skip: SkippedRowError


def _number(cell: Cell) -> Reading[str]:
    return read_staff_number(cell.raw, cell.number_format)


def _day(cell: Cell) -> Reading[date]:
    return read_date(cell.raw, cell.number_format)


class RowReader:
    """Reads one record; collects what is wrong in the findings."""

    def __init__(
        self, table: Table, record: Record, resolver: Resolver, found: Findings, home: SheetHome
    ) -> None:
        self.cells = CellReader(table, record, found)
        self.resolver, self.masters = resolver, resolver.masters
        self.place = PlaceReader(self.cells, resolver, home)
        self.home = home

    def read(self) -> RosterRow | ConcurrentRow | SkippedRow | None:
        """The row's meaning; `None` when it has no usable number."""
        number = self.cells.typed("staff_no", _number)
        if number is None:
            if not self.cells.has_error("staff_no"):
                self.cells.error(
                    "staff_no", "職員番号がありません。番号を入れるか、行を消してください。"
                )
            return None
        try:
            if is_concurrent(self.cells):
                return self._concurrent_row(number)
            return self._row(number)
        except SkippedRowError as skip:
            self.cells.forget()
            return SkippedRow(number, skip)

    def _row(self, number: str) -> RosterRow:
        rank, second = self._title()
        department, team = self.place.read()
        movement = label_key(self.cells.text("movement"))
        leaves = any(word in movement for word in LEAVING)
        starts_on = self.cells.typed("row_date", _day)
        if leaves and starts_on is None and not self.cells.has_error("row_date"):
            self.cells.error(
                "movement", "退職日がありません。発令日の列に在職した最後の日を入れてください。"
            )
        sheet, row = self.cells.spot
        return RosterRow(
            sheet=sheet,
            row=row,
            number=number,
            name=self._name(),
            kana=self._kana(),
            department=department,
            team=team,
            rank=rank,
            employment=self.cells.word("employment", EMPLOYMENTS, EMPLOYMENT_CHOICES),
            duty=self._duty(movement),
            hired_on=self.cells.typed("hired_on", _day),
            starts_on=starts_on,
            leaves=leaves,
            posts=read_posts(self.cells, self.masters, second, department),
            email=self._email(),
            is_flawed=self.cells.is_flawed or self.home.is_unknown,
        )

    def _concurrent_row(self, number: str) -> ConcurrentRow:
        """Only what a second post needs is read; the rest stands in the person's main row."""
        title = split_title(self.cells.text("title"))
        department, _ = self.place.read()
        ends = ends_post(self.cells)
        written = title.primary or title.second
        # 総務課長 names the unit itself, which may be repeated beside it from the main post.
        post = self.masters.post(written) if written else None
        rank = post.rank if post else None
        if written and post is None and not says_concurrent_ended(written):
            rank = self._rank(written)
        sheet, row = self.cells.spot
        return ConcurrentRow(
            sheet=sheet,
            row=row,
            number=number,
            department=post.department if post else department,
            rank=rank,
            starts_on=self.cells.typed("row_date", _day),
            posts=read_posts(
                self.cells, self.masters, title.second if title.primary else "", department
            ),
            is_flawed=self.cells.is_flawed or self.home.is_unknown,
            ends=ends,
        )

    # --- fields -------------------------------------------------------------------------------

    def _name(self) -> str | None:
        columns = self.cells.columns
        names = ("name",) if "name" in columns else ("family_name", "given_name")
        parts = {
            name: self.cells.typed(name, lambda cell: read_name(cell.raw))
            for name in names
            if name in columns
        }
        first = next(iter(parts))
        if not any(parts.values()):
            return None
        joined = "\u3000".join(part for part in parts.values() if part)
        if is_mangled(joined):
            self.cells.warn(
                first,
                "氏名の文字が？などに置き換わっています。氏名は変えません。元の文字を確かめてください。",
            )
            return None
        if not all(parts.values()):
            self.cells.warn(
                first, "姓か名の一方が空欄です。氏名は変えません。両方を入れてください。"
            )
            return None
        return joined

    def _kana(self) -> str | None:
        names = ("kana",) if "kana" in self.cells.columns else ("family_kana", "given_kana")
        parts = [self.cells.typed(name, lambda cell: read_kana(cell.raw)) for name in names]
        return " ".join(part for part in parts if part) or None

    def _title(self) -> tuple[Rank | None, str]:
        """The rank, and the second post written in brackets behind it."""
        text = self.cells.text("title")
        if not text:
            return None, ""
        title = split_title(text)
        return self._rank(title.primary), title.second

    def _rank(self, written: str) -> Rank | None:
        rank = self.resolver.rank(written, self.cells.spot)
        if rank is None:
            self.cells.error(
                "title",
                f"職名「{written}」は登録されていません。職名を直すか、先に職名を登録してください。",
            )
        return rank

    def _duty(self, movement: str) -> str | None:
        """In a leave column blank means 在職: the one exception to "blank never erases"."""
        if "duty" not in self.cells.columns:
            return DUTIES.get(movement)
        return self.cells.word("duty", DUTIES, DUTY_CHOICES) or (
            None if self.cells.has_error("duty") else Duty.ACTIVE
        )

    def _email(self) -> str | None:
        text = unicodedata.normalize("NFKC", self.cells.text("email"))
        if not text:
            return None
        try:
            validate_email(text)
        except ValidationError:
            self.cells.error(
                "email", "メールアドレスの形が正しくありません。直すか、空欄にしてください。"
            )
            return None
        return text
