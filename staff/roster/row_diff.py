"""What one row of a roster changes about the person it names."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from agano_dx.lib.fiscal import era_date
from agano_dx.lib.issues import Issue
from agano_dx.lib.japanese import name_key
from staff.models import ChangeKind, Duty, Employment, RosterKind
from staff.roster.changes import Change, RosterDiff, Situation, iso
from staff.roster.sheet import RosterRow
from staff.roster.world import Person, Place


class RowComparison:
    """Compares one row with the person it names."""

    def __init__(
        self, row: RosterRow, person: Person | None, situation: Situation, diff: RosterDiff
    ) -> None:
        self.row, self.person, self.diff, self.situation = row, person, diff, situation

    def run(self) -> None:
        """Add what the row changes, or what is wrong with it, to the differences."""
        if self.row.is_concurrent and self.situation.kind == RosterKind.FULL:
            self._error("兼務の行だけで、本務の行がありません。本務の行を加えてください。")
        elif self.person is None:
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
            return self.situation.effective_on
        if self.situation.kind == RosterKind.FULL and self.person is not None:
            place = self.person.place_on(self.situation.effective_on)
            if place is not None and own <= place.starts_on:
                return self.situation.effective_on
        return own

    # --- the three cases ----------------------------------------------------------------------

    def _hire(self) -> None:
        row = self.row
        if row.is_flawed:
            return  # its own errors say what to mend first
        day = row.starts_on or self.situation.effective_on
        hired_on = row.hired_on or day
        newer = self.situation.newer_roster if self.situation.kind == RosterKind.FULL else None
        refusal = self._why_not_hired(max(day, hired_on), newer)
        if refusal or row.name is None or row.department is None or row.rank is None:
            self._error(refusal)
            return
        after: dict[str, Any] = {
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
        if newer is not None:  # whom the newer roster no longer names had left before it
            after["left_on"] = iso(newer - timedelta(days=1))
        self._change(ChangeKind.HIRED, {}, after, starts_on=max(day, hired_on))
        self._posts(set(), max(day, hired_on))

    def _why_not_hired(self, day: date, newer: date | None) -> str:
        """What speaks against hiring whom the row names on the day; blank: nothing."""
        row = self.row
        if row.leaves:
            return "登録されていない職員の退職です。職員番号を確かめてください。"
        needed = (("氏名", row.name), ("所属", row.department), ("職名", row.rank))
        if missing := [label for label, value in needed if not value]:
            labels = "・".join(missing)
            return f"新しい職員ですが、{labels}がありません。入れてから読み込み直してください。"
        if newer is not None and day >= newer:
            return (
                f"{era_date(newer)}の名簿にいない職員ですが、採用がその日以後になっています。"
                "採用年月日と発令日を確かめて、直してください。"
            )
        return ""

    def _leave(self, person: Person) -> None:
        last_day = self.row.starts_on
        if last_day is None or person.left_on == last_day:
            return
        if last_day < person.hired_on:
            self._error("退職日が採用年月日より前です。退職日を確かめてください。")
            return
        self._change(
            ChangeKind.LEFT,
            {"left_on": iso(person.left_on)},
            {"left_on": last_day.isoformat()},
            starts_on=last_day,
        )

    def _compare(self, person: Person) -> None:
        day = self._day()
        if not self._is_in_service(person, day):
            return
        if self.row.hired_on is not None and self.row.hired_on > max(day, person.hired_on):
            self._error("採用年月日が発令日より後の日です。採用年月日を確かめて、直してください。")
            return
        place = person.place_on(day)
        restored = self._restored_on(person, day)
        if place is not None:
            for kind, before, after in self._place_changes(place):
                self._change(kind, before, after | restored)
        if self.situation.kind == RosterKind.FULL and self.situation.newer_roster:
            return  # names and posts as the newer roster has them
        if self.row.name is not None and self.row.name != person.name:
            self._change(ChangeKind.RENAMED, {"name": person.name}, {"name": self.row.name})
        self._details(person, place, restored)
        self._posts(person.posts_on(day), day)

    def _is_in_service(self, person: Person, day: date) -> bool:
        """Whether the person is in service on the day, or would be by a change added here."""
        renumbered = person.number != self.row.number
        left_on = person.left_on
        if left_on is None or left_on >= day:
            if renumbered:
                self._renumber(person, {}, day)
            return True
        if renumbered and left_on == day - timedelta(days=1):
            self._renumber(person, {"left_on": iso(left_on)}, day)
            return True
        if not renumbered and name_key(self.row.name or person.name) == name_key(person.name):
            self._change(ChangeKind.RETURNED, {"left_on": iso(left_on)}, {"left_on": None}, day)
            return True
        self._error(
            f"{era_date(left_on)}に退職した職員の番号です。"
            "再び採用した人なら新しい番号を付け、退職が誤りなら先に退職日を直してください。"
            if not renumbered
            else f"{era_date(left_on)}の退職から間が空いています。別の職員として採用してください。"
        )
        return False

    def _renumber(self, person: Person, left: dict[str, str | None], day: date) -> None:
        self._change(
            ChangeKind.RENUMBERED,
            {"number": person.number, **left},
            {"number": self.row.number, **dict.fromkeys(left)},
            day,
        )

    def _restored_on(self, person: Person, day: date) -> dict[str, str | None]:
        """When a newer roster said that the person stands where they stood: from then on again."""
        situation = self.situation
        look_back = situation.kind == RosterKind.FULL
        newer = situation.newer_roster if look_back else situation.confirmed_after(day)
        if newer is None or not person.employed_on(newer):
            return {}
        following = person.place_after(day)
        if following is not None and following.starts_on <= newer:
            return {}
        return {"restored_on": iso(newer)}

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

    def _details(
        self, person: Person, place: Place | None, restored: dict[str, str | None]
    ) -> None:
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
            "hired_on": (iso(person.hired_on), iso(row.hired_on)),
        }
        changed = {name: pair for name, pair in pairs.items() if pair[1] and pair[0] != pair[1]}
        if changed:
            self._change(
                ChangeKind.DETAIL_CHANGED,
                {name: pair[0] for name, pair in changed.items()},
                {name: pair[1] for name, pair in changed.items()}
                | (restored if "team" in changed else {}),
            )

    def _posts(self, held: set[tuple[str, str]], day: date) -> None:
        """New posts, each once; a person takes up one post in a department on a day."""
        self._ended_posts(held, day)
        known = self.person.posts if self.person else []
        begun = {post.department for post in known if post.starts_on == day}
        for post in self.row.posts:
            if post.key in held:
                continue
            if post.department.code in begun:
                self._error(
                    f"{post.department.name}の兼務が2つあります。どちらか一方にしてください。"
                )
                continue
            held.add(post.key)
            begun.add(post.department.code)
            self._change(
                ChangeKind.POST_ADDED,
                {},
                {"department": post.department.code, "rank": post.rank.name},
                starts_on=post.starts_on or day,
            )

    def _ended_posts(self, held: set[tuple[str, str]], day: date) -> None:
        """Posts of which the file says that they end: 兼務解除."""
        for post in self.row.ended_posts:
            ends_on = (post.starts_on or day) - timedelta(days=1)
            if post.key in held:
                self._change(
                    ChangeKind.POST_ENDED,
                    {"department": post.department.code, "rank": post.rank.name},
                    {"ends_on": iso(ends_on)},
                    starts_on=day,
                )
