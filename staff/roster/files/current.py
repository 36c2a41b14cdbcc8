"""The city's people of a day in our own layout, which imports again without a change."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from agano_dx.lib.fiscal import era_date
from agano_dx.lib.workbooks.writing import Content, csv_bytes, write_list
from staff.models import Assignment, ConcurrentPost, Duty, Employment, StaffMember
from staff.roster.files.words import Words
from staff.roster.lookup import Masters

TITLE: Final = "職員名簿"
HEADINGS: Final = (
    "職員番号",
    "氏名",
    "フリガナ",
    "所属コード",
    "所属",
    "係",
    "職名",
    "任用形態",
    "在職区分",
    "採用年月日",
    "兼務",
    "メールアドレス",
)


@dataclass(frozen=True, slots=True)
class CurrentRoster:
    """Everybody employed on the day, a row each. `left_blank`: words that would not read back."""

    on: date
    rows: Sequence[Sequence[Content]]
    left_blank: int

    @property
    def title(self) -> str:
        """The line above the headings, from which reading takes the day (和暦 with 西暦)."""
        return f"取扱注意（個人情報）　{TITLE}　{era_date(self.on)}（{self.on.isoformat()}）現在"


def current_roster(on: date) -> CurrentRoster:
    """The roster of the day in seven queries, in the order of the organisation.

    As everywhere in imports, somebody employed before the first place we know has that place.
    """
    words = Words(Masters.load(on))
    order = {unit.pk: place for place, unit in enumerate(words.masters.tree.in_order)}
    places = _places(on)
    posts = _posts(on)

    def position(member: StaffMember) -> tuple[int, int, str]:
        place = places.get(member.pk)
        if place is None:
            return len(order), 0, member.number
        return order.get(place.department_id, len(order)), place.rank.order, member.number

    writer = _RowWriter(words)
    members = sorted(StaffMember.objects.employed(on), key=position)
    rows = [writer.row(each, places.get(each.pk), posts[each.pk]) for each in members]
    return CurrentRoster(on, rows, writer.left_blank)


def workbook_of(roster: CurrentRoster) -> bytes:
    """The roster as .xlsx."""
    return write_list(TITLE, HEADINGS, roster.rows, _notes(roster), above=(roster.title,))


def csv_of(roster: CurrentRoster) -> bytes:
    """The roster as CSV in UTF-8 with a byte-order mark, the same rows and columns."""
    return csv_bytes((roster.title,), [HEADINGS, *roster.rows])


def roster_workbook(on: date) -> bytes:
    """The .xlsx of the day's roster."""
    return workbook_of(current_roster(on))


def roster_csv(on: date) -> bytes:
    """The CSV of the day's roster."""
    return csv_of(current_roster(on))


def _places(on: date) -> dict[int, Assignment]:
    """The place of each person on the day, else their first one."""
    found: dict[int, Assignment] = {}
    places = Assignment.objects.filter(staff__in=StaffMember.objects.employed(on))
    for place in places.select_related("department", "rank").order_by("staff", "starts_on"):
        if place.starts_on <= on or place.staff_id not in found:
            found[place.staff_id] = place
    return found


def _posts(on: date) -> dict[int, list[ConcurrentPost]]:
    found = defaultdict(list)
    posts = ConcurrentPost.objects.held_on(on).select_related("department", "rank")
    for post in posts.order_by("staff", "starts_on", "department__order", "department__code"):
        found[post.staff_id].append(post)
    return found


@dataclass
class _RowWriter:
    """Writes people down; counts the words it leaves out, for a blank never erases."""

    words: Words
    left_blank: int = 0

    def row(
        self, member: StaffMember, place: Assignment | None, posts: list[ConcurrentPost]
    ) -> tuple[Content, ...]:
        """One person under the headings."""
        held, lost = self.words.posts(posts)
        self.left_blank += lost
        return (
            member.number,
            member.name,
            member.name_kana,
            *(self._place(place) if place else [""] * 6),
            member.hired_on,
            held,
            member.email,
        )

    def _place(self, place: Assignment) -> list[str]:
        unit = place.department
        is_open = self.words.stands_for(unit)
        team = self.words.team(unit, place.team) if is_open else ""
        title = self.words.title(place.rank)
        self.left_blank += (team != place.team) + (title != place.rank.name) + (not is_open)
        return [
            unit.code if is_open else "",
            unit.name if is_open else "",
            team,
            title,
            Employment(place.employment).label,
            Duty(place.duty).label,
        ]


def _notes(roster: CurrentRoster) -> list[str]:
    notes = [
        f"{era_date(roster.on)}に在職している{len(roster.rows)}人の名簿です。",
        "名簿取込で「全件」として読み込むと、この日の登録と同じなので、変更はありません。",
        "所属は所属コードと所属の両方で示しています。異動を書き込むときは、両方を直してください。",
        "空欄のセルは、登録されている内容を消しません。ただし在職区分の空欄は「在職」です。",
        "個人情報です。決められた場所に保管し、使い終わったら削除してください。",
    ]
    if roster.left_blank:
        notes.append(
            f"取り込むと別の意味に読まれる書き方の所属・係・職名・兼務（{roster.left_blank}件）は、"
            "空欄にしてあります。登録されている内容は変わりません。"
        )
    return notes
