"""One row of a roster, read cell by cell."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from agano_dx.lib.issues import Findings, at_cell, problem_of
from agano_dx.lib.japanese import (
    Reading,
    is_mangled,
    label_key,
    read_date,
    read_kana,
    read_name,
    read_staff_number,
    split_title,
)
from agano_dx.lib.workbooks.headings import Record, Table
from agano_dx.lib.workbooks.reading import Cell
from staff.models import Department, Duty, Rank
from staff.roster.fields import DUTIES, DUTY_CHOICES, EMPLOYMENT_CHOICES, EMPLOYMENTS, LEAVING
from staff.roster.lookup import Masters, Post
from staff.roster.missing import MissingMasters

T = TypeVar("T")

PLACE_COLUMNS = {"department_code", "department", "division", "section"}
LONGEST_TEAM = 60


@dataclass(frozen=True, slots=True)
class RosterRow:
    """What one row says; `None` where the cell is blank or absent: a blank never erases."""

    sheet: str
    row: int
    number: str
    name: str | None = None
    kana: str | None = None
    department: Department | None = None
    team: str | None = None
    rank: Rank | None = None
    employment: str | None = None
    duty: str | None = None
    hired_on: date | None = None
    starts_on: date | None = None
    leaves: bool = False
    posts: tuple[Post, ...] = ()
    email: str | None = None
    is_flawed: bool = False


def _number(cell: Cell) -> Reading[str]:
    return read_staff_number(cell.raw, cell.number_format)


def _day(cell: Cell) -> Reading[date]:
    return read_date(cell.raw, cell.number_format)


class RowReader:
    """Reads one record; collects what is wrong in the findings."""

    def __init__(
        self,
        table: Table,
        record: Record,
        masters: Masters,
        missing: MissingMasters,
        found: Findings,
    ) -> None:
        self.columns = table.columns
        self.sheet, self.record, self.found = table.sheet, record, found
        self.masters, self.missing = masters, missing

    def read(self) -> RosterRow | None:
        """The row's meaning; `None` when it has no usable number."""
        errors_before = len(self.found.errors)
        number = self._typed("staff_no", _number)
        if number is None:
            if not self._has_error("staff_no"):
                self._error(
                    self.record.cell("staff_no"),
                    "職員番号がありません。番号を入れるか、行を消してください。",
                )
            return None
        rank, second = self._title()
        department, team = self._place()
        movement = label_key(self._text("movement"))
        leaves = any(word in movement for word in LEAVING)
        starts_on = self._typed("row_date", _day)
        if leaves and starts_on is None and not self._has_error("row_date"):
            self._error(
                self.record.cell("movement"),
                "退職日がありません。発令日の列に在職した最後の日を入れてください。",
            )
        return RosterRow(
            sheet=self.sheet,
            row=self.record.number,
            number=number,
            name=self._name(),
            kana=self._kana(),
            department=department,
            team=team,
            rank=rank,
            employment=self._word("employment", EMPLOYMENTS, EMPLOYMENT_CHOICES),
            duty=self._duty(movement),
            hired_on=self._typed("hired_on", _day),
            starts_on=starts_on,
            leaves=leaves,
            posts=self._posts(second, department),
            email=self._email(),
            is_flawed=len(self.found.errors) > errors_before,
        )

    # --- cells --------------------------------------------------------------------------------

    def _error(self, cell: Cell | None, message: str) -> None:
        self.found.errors.append(at_cell(self.sheet, self.record, cell, message))

    def _warn(self, cell: Cell | None, message: str) -> None:
        self.found.warnings.append(at_cell(self.sheet, self.record, cell, message))

    def _has_error(self, name: str) -> bool:
        cell = self.record.cell(name)
        last = self.found.errors[-1] if self.found.errors else None
        return bool(cell and last and (last.row, last.column) == (cell.row, cell.letter))

    def _is_unusable(self, cell: Cell) -> bool:
        """Whether nothing may be read from the cell; the error is noted."""
        if problem := problem_of(cell):
            self._error(cell, problem)
        return bool(problem)

    def _text(self, name: str) -> str:
        cell = self.record.cell(name)
        if cell is None:
            return ""
        if self._is_unusable(cell):
            return ""
        return cell.text.strip()

    def _typed(self, name: str, read: Callable[[Cell], Reading[T]]) -> T | None:
        cell = self.record.cell(name)
        if cell is None:
            return None
        if self._is_unusable(cell):
            return None
        reading = read(cell)
        if reading.error:
            self._error(cell, reading.error)
            return None
        if reading.warning:
            self._warn(cell, reading.warning)
        return reading.value

    def _word(self, name: str, words: Mapping[str, str], choices: str) -> str | None:
        text = self._text(name)
        if not text:
            return None
        found = words.get(label_key(text))
        if found is None:
            self._error(
                self.record.cell(name),
                f"「{text}」は使えない言葉です。{choices}のいずれかにしてください。",
            )
        return found

    # --- fields -------------------------------------------------------------------------------

    def _name(self) -> str | None:
        names = ("name",) if "name" in self.columns else ("family_name", "given_name")
        parts = {
            name: self._typed(name, lambda cell: read_name(cell.raw))
            for name in names
            if name in self.columns
        }
        cell = self.record.cell(next(iter(parts)))
        if not any(parts.values()):
            return None
        joined = "\u3000".join(part for part in parts.values() if part)
        if is_mangled(joined):
            self._warn(
                cell,
                "氏名の文字が？などに置き換わっています。氏名は変えません。元の文字を確かめてください。",
            )
            return None
        if not all(parts.values()):
            self._warn(cell, "姓か名の一方が空欄です。氏名は変えません。両方を入れてください。")
            return None
        return joined

    def _kana(self) -> str | None:
        names = ("kana",) if "kana" in self.columns else ("family_kana", "given_kana")
        parts = [self._typed(name, lambda cell: read_kana(cell.raw)) for name in names]
        return " ".join(part for part in parts if part) or None

    def _title(self) -> tuple[Rank | None, tuple[str, ...]]:
        """The rank, and the second post written in brackets behind it."""
        text = self._text("title")
        if not text:
            return None, ()
        title = split_title(text)
        if not title.primary:
            self._error(
                self.record.cell("title"),
                "兼務だけの行です。本務の行の兼務の列に書き、この行は消してください。",
            )
            return None, ()
        rank = self.masters.rank(title.primary) or self.missing.rank(title.primary)
        if rank is None:
            self._error(
                self.record.cell("title"),
                f"職名「{title.primary}」は登録されていません。職名を直すか、先に職名を登録してください。",
            )
        return rank, (title.second,) if title.second else ()

    def _place(self) -> tuple[Department | None, str | None]:
        """The unit, and the team where the last column names none of our units."""
        code, name = self._text("department_code"), self._text("department")
        department = self._coded(code, name) if code or name else self._by_levels()
        if not PLACE_COLUMNS & set(self.columns):  # one sheet for each department
            department = self.masters.department(self.sheet)
        team = self._text("team")
        unit = self.masters.unit_of(department, team) if team else None
        if unit is not None:
            return unit, None
        if len(team) > LONGEST_TEAM:
            self._error(
                self.record.cell("team"),
                f"係の名前が長すぎます。{LONGEST_TEAM}文字以内にしてください。",
            )
        return department, team or None

    def _coded(self, code: str, name: str) -> Department | None:
        found = self.masters.by_code.get(code) if code else self.masters.department(name)
        if not code and len(self.masters.by_label.get(label_key(name), [])) > 1 and not found:
            self._error(
                self.record.cell("department"),
                f"所属「{name}」は2つ以上あります。所属コードの列を加えるか、上の所属から書いてください。",
            )
            return None
        if found is None and code and name and code not in self.masters.by_code:
            found = self.missing.department(code, name)
        elif found is None:
            found = self.missing.department("", name)
        if found is None:
            which = "department_code" if code else "department"
            self._unknown_department(which, code or name)
        elif code and name and found not in self.masters.by_label.get(label_key(name), []):
            self._error(
                self.record.cell("department"),
                f"所属コード{code}は「{found.name}」ですが、所属名が違います。どちらかを直してください。",
            )
        return found

    def _unknown_department(self, column: str, written: str) -> None:
        self._error(
            self.record.cell(column),
            f"所属「{written}」は登録されていません。所属を直すか、先に所属を登録してください。",
        )

    def _by_levels(self) -> Department | None:
        """部・課: the deepest level filled, each looked for under the one before."""
        found: Department | None = None
        for level in ("division", "section"):
            written = self._text(level)
            if not written:
                continue
            unit = self.masters.unit_of(found, written) or self.missing.department(
                "", written, found
            )
            if unit is None:
                self._unknown_department(level, written)
                return None
            found = unit
        return found

    def _duty(self, movement: str) -> str | None:
        """In a leave column blank means 在職: the one exception to "blank never erases"."""
        if "duty" not in self.columns:
            return DUTIES.get(movement)
        return self._word("duty", DUTIES, DUTY_CHOICES) or (
            None if self._has_error("duty") else Duty.ACTIVE
        )

    def _posts(self, second: tuple[str, ...], own: Department | None) -> tuple[Post, ...]:
        """Concurrent posts from their column and from the title's brackets."""
        written = [(self.record.cell("title"), text) for text in second]
        column = re.split(r"[、,，/\n;]+", self._text("posts"))
        written += [(self.record.cell("posts"), text.strip()) for text in column if text.strip()]
        posts: list[Post] = []
        for cell, text in written:
            post = self.masters.post(text)
            if post is None and own is not None and (rank := self.masters.rank(text)):
                post = Post(own, rank)
            if post is None:
                self._error(
                    cell,
                    f"兼務「{text}」の所属と職名が読み取れません。"
                    "「総務課 課長」のように書いてください。",
                )
            else:
                posts.append(post)
        return tuple(posts)

    def _email(self) -> str | None:
        text = unicodedata.normalize("NFKC", self._text("email"))
        if not text:
            return None
        try:
            validate_email(text)
        except ValidationError:
            self._error(
                self.record.cell("email"),
                "メールアドレスの形が正しくありません。直すか、空欄にしてください。",
            )
            return None
        return text
