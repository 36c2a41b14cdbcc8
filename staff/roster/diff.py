"""What a roster changes: pure comparison of its rows with the city's people."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from agano_dx.lib.fiscal import era_date
from agano_dx.lib.issues import Issue
from staff.models import ChangeKind, Duty, Employment, RosterKind
from staff.roster.sheet import RosterRow, RosterSheet
from staff.roster.world import Person, Place

# The kinds of the commands' summary; the others are details that leave a person "unchanged".
SUMMARY_KINDS = (
    ChangeKind.HIRED,
    ChangeKind.LEFT,
    ChangeKind.MOVED,
    ChangeKind.RANK_CHANGED,
    ChangeKind.RENAMED,
    ChangeKind.DUTY_CHANGED,
)
LEAVERS_ALARM_PERCENT = 5


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one kind to one person; `before` and `after` hold field → plain value."""

    kind: str
    number: str
    name: str
    staff_id: int | None
    starts_on: date
    before: dict[str, Any]
    after: dict[str, Any]
    sheet: str = ""
    row: int | None = None


@dataclass
class RosterDiff:
    """All changes, with the errors and warnings that comparing found."""

    changes: list[Change] = field(default_factory=list)
    warnings: list[Issue] = field(default_factory=list)
    errors: list[Issue] = field(default_factory=list)
    unchanged: int = 0

    def numbers(self, kind: str) -> list[str]:
        """The staff numbers with a change of this kind, sorted."""
        return sorted({change.number for change in self.changes if change.kind == kind})


def compare(
    roster: RosterSheet, world: dict[str, Person], *, effective_on: date, kind: str
) -> RosterDiff:
    """The changes that make the city what the roster says, from `effective_on`.

    A full roster also says who has left: everybody in service that day whom it does not name.
    """
    diff = RosterDiff()
    for row in roster.rows:
        _RowComparison(row, world.get(row.number), effective_on, kind, diff).run()
    if kind == RosterKind.FULL:
        _compare_absent(roster, world, effective_on, diff)
        _ask_after_posts(roster, world, effective_on, diff)
    touched = {change.number for change in diff.changes if change.kind in SUMMARY_KINDS}
    diff.unchanged = sum(
        person.number not in touched
        for person in world.values()
        if person.employed_on(effective_on)
    )
    return diff


def _compare_absent(
    roster: RosterSheet, world: dict[str, Person], effective_on: date, diff: RosterDiff
) -> None:
    named = {row.number for row in roster.rows}
    last_day = effective_on - timedelta(days=1)
    for person in world.values():
        if person.number in named or not person.employed_on(effective_on):
            continue
        if person.hired_on > last_day:
            continue  # hired by another list on this very day
        diff.changes.append(
            Change(
                ChangeKind.LEFT,
                person.number,
                person.name,
                person.pk,
                effective_on,
                {"left_on": _iso(person.left_on)},
                {"left_on": last_day.isoformat()},
            )
        )


def _ask_after_posts(
    roster: RosterSheet, world: dict[str, Person], effective_on: date, diff: RosterDiff
) -> None:
    """Posts held that the roster does not repeat stay, and are asked after."""
    for row in roster.rows:
        person = world.get(row.number)
        named = {(post.department.code, post.rank.name) for post in row.posts}
        if person is not None and person.posts_on(effective_on) - named:
            diff.warnings.append(
                Issue(
                    row.sheet,
                    row.row,
                    "",
                    row.number,
                    "登録済みの兼務がこの名簿にありません。終わった兼務なら、管理画面で終了日を入れてください。",
                )
            )


class _RowComparison:
    """Compares one row with the person it names."""

    def __init__(
        self,
        row: RosterRow,
        person: Person | None,
        effective_on: date,
        kind: str,
        diff: RosterDiff,
    ) -> None:
        self.row, self.person, self.diff = row, person, diff
        self.effective_on, self.kind = effective_on, kind

    def run(self) -> None:
        if self.person is None:
            self._hire()
        elif self.row.leaves:
            self._leave(self.person)
        else:
            self._compare(self.person)

    def _error(self, message: str) -> None:
        self.diff.errors.append(Issue(self.row.sheet, self.row.row, "", self.row.number, message))

    def _change(
        self,
        kind: str,
        before: dict[str, Any],
        after: dict[str, Any],
        starts_on: date | None = None,
    ) -> None:
        row, person = self.row, self.person
        self.diff.changes.append(
            Change(
                kind,
                row.number,
                row.name or (person.name if person else ""),
                person.pk if person else None,
                starts_on or self._day(),
                before,
                after,
                row.sheet,
                row.row,
            )
        )

    def _day(self) -> date:
        """The day the row takes effect: its own 発令日, else the roster's.

        A full roster repeats appointments of long ago; for a person whose place we know since
        then they say nothing new, so the roster's day holds.
        """
        own = self.row.starts_on
        if own is None:
            return self.effective_on
        if self.kind == RosterKind.FULL and self.person is not None:
            place = self.person.place_on(self.effective_on)
            if place is not None and own <= place.starts_on:
                return self.effective_on
        return own

    # --- the three cases ----------------------------------------------------------------------

    def _hire(self) -> None:
        row = self.row
        if row.is_flawed:
            return  # its own errors say what to mend first
        if row.leaves:
            self._error("登録されていない職員の退職です。職員番号を確かめてください。")
            return
        missing = [
            label
            for label, value in (
                ("氏名", row.name),
                ("所属", row.department),
                ("職名", row.rank),
            )
            if not value
        ]
        if missing:
            self._error(
                f"新しい職員ですが、{'・'.join(missing)}がありません。入れてから読み込み直してください。"
            )
            return
        if row.name is None or row.department is None or row.rank is None:
            return
        day = row.starts_on or self.effective_on
        hired_on = row.hired_on or day
        after = {
            "name": row.name,
            "name_kana": row.kana or "",
            "email": row.email or "",
            "hired_on": hired_on.isoformat(),
            "department": row.department.code,
            "rank": row.rank.name,
            "team": row.team or "",
            "duty": row.duty or Duty.ACTIVE,
            "employment": row.employment or Employment.REGULAR,
        }
        self._change(ChangeKind.HIRED, {}, after, starts_on=max(day, hired_on))
        self._posts(set(), max(day, hired_on))

    def _leave(self, person: Person) -> None:
        last_day = self.row.starts_on
        if last_day is None or person.left_on == last_day:
            return
        if last_day < person.hired_on:
            self._error("退職日が採用年月日より前です。退職日を確かめてください。")
            return
        self._change(
            ChangeKind.LEFT,
            {"left_on": _iso(person.left_on)},
            {"left_on": last_day.isoformat()},
            starts_on=last_day,
        )

    def _compare(self, person: Person) -> None:
        day = self._day()
        if person.left_on is not None and person.left_on < day:
            self._error(
                f"{era_date(person.left_on)}に退職した職員の番号です。"
                "再び採用した人なら新しい番号を付け、退職が誤りなら先に退職日を直してください。"
            )
            return
        if self.row.hired_on is not None and self.row.hired_on > max(day, person.hired_on):
            self._error("採用年月日が発令日より後の日です。採用年月日を確かめて、直してください。")
            return
        place = person.place_on(day)
        if place is not None:
            for kind, before, after in self._place_changes(place):
                self._change(kind, before, after)
        if self.row.name is not None and self.row.name != person.name:
            self._change(ChangeKind.RENAMED, {"name": person.name}, {"name": self.row.name})
        self._details(person, place)
        self._posts(person.posts_on(day), day)

    def _place_changes(self, place: Place) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
        row = self.row
        if row.department is not None and row.department.code != place.department:
            before: dict[str, Any] = {"department": place.department, "team": place.team}
            after: dict[str, Any] = {"department": row.department.code, "team": row.team or ""}
            yield ChangeKind.MOVED, before, after
        if row.rank is not None and row.rank.name != place.rank:
            yield ChangeKind.RANK_CHANGED, {"rank": place.rank}, {"rank": row.rank.name}
        if row.duty is not None and row.duty != place.duty:
            yield ChangeKind.DUTY_CHANGED, {"duty": place.duty}, {"duty": row.duty}
        if row.employment is not None and row.employment != place.employment:
            yield (
                ChangeKind.EMPLOYMENT_CHANGED,
                {"employment": place.employment},
                {"employment": row.employment},
            )

    def _details(self, person: Person, place: Place | None) -> None:
        """係・カナ・メール・採用日, together as one change. A move brings its own team."""
        row = self.row
        moves = (
            place is not None
            and row.department is not None
            and row.department.code != place.department
        )
        pairs = {
            "team": (None, None) if moves or place is None else (place.team, row.team),
            "name_kana": (person.kana, row.kana),
            "email": (person.email, row.email),
            "hired_on": (_iso(person.hired_on), _iso(row.hired_on)),
        }
        changed = {name: pair for name, pair in pairs.items() if pair[1] and pair[0] != pair[1]}
        if changed:
            self._change(
                ChangeKind.DETAIL_CHANGED,
                {name: pair[0] for name, pair in changed.items()},
                {name: pair[1] for name, pair in changed.items()},
            )

    def _posts(self, held: set[tuple[str, str]], day: date) -> None:
        """New posts, each once; a person takes up one post in a department on a day."""
        known = self.person.posts if self.person else []
        begun = {post.department for post in known if post.starts_on == day}
        for post in self.row.posts:
            key = (post.department.code, post.rank.name)
            if key in held:
                continue
            if post.department.code in begun:
                self._error(
                    f"{post.department.name}の兼務が2つあります。どちらか一方にしてください。"
                )
                continue
            held.add(key)
            begun.add(post.department.code)
            self._change(
                ChangeKind.POST_ADDED,
                {},
                {"department": post.department.code, "rank": post.rank.name},
                starts_on=day,
            )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
