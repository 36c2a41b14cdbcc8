"""Whom a row means: by number, by e-mail address, by name; asked wherever there is a doubt."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from agano_dx.lib.japanese import name_key, plain, read_kana
from staff.models import StaffMember
from training.imports.lines import LEAVE_OUT, Line

NOBODY = "この職員番号の職員はいません。番号を直すか、先に名簿を取り込んでください。"
NO_NAME = "この氏名の職員はいません。職員番号で決めてください。"
NAMESAKES = "同じ氏名の職員が{count}人います。どの職員かを決めてください。"
NOT_SAME = "登録されている氏名と違います。職員番号の間違いでないか確かめてください。"
NOTHING = "職員番号も氏名もありません。どの職員かを決めてください。"
CLOSE = "職員番号が登録のものと少し違います。どの職員かを決めてください。"


@dataclass(frozen=True, slots=True)
class Who:
    """The person a row means, or the question to ask with whom it could be.

    `doubt`: number and name do not agree; a sign-in sheet asks then, an old list only warns,
    because people change their names.
    """

    member: StaffMember | None = None
    question: str = ""
    doubt: str = ""
    candidates: tuple[StaffMember, ...] = ()


class Directory:
    """Everybody the city knows, to be found by what a row says; made in one query."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.by_number: dict[str, StaffMember] = {}
        self.by_pk: dict[int, StaffMember] = {}
        self._by_bare: dict[str, list[StaffMember]] = defaultdict(list)
        self._by_name: dict[str, list[StaffMember]] = defaultdict(list)
        self._by_email: dict[str, list[StaffMember]] = defaultdict(list)
        for member in StaffMember.objects.order_by("number"):
            self.by_number[member.number] = self.by_pk[member.pk] = member
            self._by_bare[_bare(member.number)].append(member)
            for key in {member.name_key, _kana_key(member.name_kana)} - {""}:
                self._by_name[key].append(member)
            if member.email:
                self._by_email[member.email.casefold()].append(member)
        # A column of which not one number is anybody's is a running number or another system's.
        self._has_numbers = any(
            _bare(line.number) in self._by_bare for line in lines if line.number
        )

    def find(self, line: Line, on: date) -> Who:
        """The person of the row; namesakes count while they are in service on the day."""
        if line.choice and line.choice != LEAVE_OUT:
            return Who(self.by_number.get(line.choice), question=NOBODY)
        named = self._named(line, on)
        if line.number and (self._has_numbers or not (named or line.email)):
            return self._numbered(line, named)
        if line.email:
            same = self._by_email.get(plain(line.email).strip().casefold(), [])
            if len(same) == 1:
                return _checked(same[0], line, named)
        if len(named) == 1:
            return Who(named[0])
        if not line.name and not line.kana:
            return Who(question=NOTHING)
        question = NAMESAKES.format(count=len(named)) if named else NO_NAME
        return Who(question=question, candidates=tuple(named))

    def _numbered(self, line: Line, named: list[StaffMember]) -> Who:
        member = self.by_number.get(line.number)
        if member is not None:
            return _checked(member, line, named)
        close = self._by_bare.get(_bare(line.number), [])
        if len(close) == 1 and (line.name or line.kana) and _agrees(close[0], line):
            return Who(close[0])  # Excel took the zeros in front
        candidates = tuple(dict.fromkeys([*close, *named]))
        return Who(question=CLOSE if close else NOBODY, candidates=candidates)

    def _named(self, line: Line, on: date) -> list[StaffMember]:
        found = {
            member.pk: member
            for key in (name_key(line.name), _kana_key(line.kana or line.name))
            if key
            for member in self._by_name.get(key, [])
            if member.is_employed(on)
        }
        return list(found.values())


def _checked(member: StaffMember, line: Line, named: list[StaffMember]) -> Who:
    if _agrees(member, line):
        return Who(member)
    return Who(member, doubt=NOT_SAME, candidates=tuple(dict.fromkeys([member, *named])))


def _agrees(member: StaffMember, line: Line) -> bool:
    """Whether the name of the row may be the person's: whole, its beginning, or its reading."""
    written, kana = name_key(line.name), _kana_key(line.kana or line.name)
    if not written and not kana:
        return True
    reading = _kana_key(member.name_kana)
    if written and member.name_key.startswith(written):
        return True
    return bool(kana and reading) and reading.startswith(kana)


def _kana_key(kana: str) -> str:
    read = read_kana(kana or None)
    return name_key(read.value) if read.value and not read.warning else ""


def _bare(number: str) -> str:
    return number.lstrip("0")
