"""What a roster changes: pure comparison of its rows with the city's people."""

from datetime import timedelta

from agano_dx.lib.issues import Issue
from staff.models import ChangeKind, RosterKind
from staff.roster.changes import SUMMARY_KINDS, Change, RosterDiff, Situation, iso
from staff.roster.row_diff import RowComparison
from staff.roster.sheet import RosterRow, RosterSheet
from staff.roster.world import Person


def compare(roster: RosterSheet, world: dict[str, Person], situation: Situation) -> RosterDiff:
    """The changes that make the city what the roster says, from its day.

    A full roster also says who has left: everybody in service that day whom it does not name.
    """
    diff = RosterDiff()
    renumbered = set(situation.same_people.values())
    for row in roster.rows:
        if row.leaves and row.number in renumbered:
            continue  # the number ends, and the person stays under the new one
        person = _named_by(row, world, situation)
        RowComparison(row, person, situation, diff).run()
    if situation.kind == RosterKind.FULL:
        _compare_absent(roster, world, situation, diff)
        _compare_posts(roster, world, situation, diff)
    touched = {change.number for change in diff.changes if change.kind in SUMMARY_KINDS}
    diff.unchanged = sum(
        person.number not in touched
        for person in world.values()
        if person.employed_on(situation.effective_on)
    )
    return diff


def _named_by(row: RosterRow, world: dict[str, Person], situation: Situation) -> Person | None:
    return world.get(row.number) or world.get(situation.same_people.get(row.number, ""))


def _compare_absent(
    roster: RosterSheet, world: dict[str, Person], situation: Situation, diff: RosterDiff
) -> None:
    """Those in service that day whom the roster does not name left the day before.

    A look back says nothing about those whom a newer full roster named as in service.
    """
    named = {row.number for row in roster.rows} | roster.skipped_numbers
    named |= set(situation.same_people.values())
    day, newer = situation.effective_on, situation.newer_roster
    last_day = day - timedelta(days=1)
    for person in world.values():
        if person.number in named or not person.employed_on(day):
            continue
        if person.hired_on > last_day:
            continue  # hired by another list on this very day
        if newer is not None and person.employed_on(newer):
            continue
        diff.changes.append(
            Change(
                ChangeKind.LEFT,
                person.number,
                person.name,
                person.pk,
                day,
                {"left_on": iso(person.left_on)},
                {"left_on": last_day.isoformat()},
            )
        )


def _compare_posts(
    roster: RosterSheet, world: dict[str, Person], situation: Situation, diff: RosterDiff
) -> None:
    """Posts held that the roster does not repeat: with a column for posts they may end, and are
    asked after (a blank cell ends nothing by itself); without one they stay.

    A look back says nothing about them: posts are as the newer roster has them.
    """
    if situation.newer_roster is not None:
        return
    for row in roster.rows:
        person = _named_by(row, world, situation)
        if person is None or row.leaves:
            continue
        named = {post.key for post in (*row.posts, *row.ended_posts)}
        missing = sorted(person.posts_on(situation.effective_on) - named)
        if missing and "posts" not in roster.columns:
            diff.warnings.append(_posts_stay(row))
            continue
        for department, rank in missing:
            last_day = situation.effective_on - timedelta(days=1)
            diff.changes.append(
                Change(
                    ChangeKind.POST_ENDED,
                    row.number,
                    row.name or person.name,
                    person.pk,
                    situation.effective_on,
                    {"department": department, "rank": rank},
                    {"ends_on": last_day.isoformat()},
                    row.sheet,
                    row.row,
                    is_optional=not row.posts,
                )
            )


def _posts_stay(row: RosterRow) -> Issue:
    return Issue(
        row.sheet,
        row.row,
        "",
        row.number,
        "登録済みの兼務がこの名簿にありません。終わった兼務なら、兼務の列のある名簿を読み込むか、"
        "設定の画面で終了日を入れてください。",
    )
