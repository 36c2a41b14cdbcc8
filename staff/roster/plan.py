"""A whole import thought through before anything is written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from agano_dx.lib.fiscal import era_date
from agano_dx.lib.issues import Issue, about_file
from agano_dx.lib.workbooks.reading import Book
from staff.models import ChangeKind, RosterImport, RosterKind
from staff.roster.changes import (
    LEAVERS_ALARM_PERCENT,
    SUMMARY_KINDS,
    RosterDiff,
    Situation,
    are_alarming,
)
from staff.roster.choices import RosterChoices
from staff.roster.diff import compare
from staff.roster.layouts import remembered_columns
from staff.roster.lookup import Masters
from staff.roster.missing import CreatedMasters, MissingMasters
from staff.roster.questions import ask
from staff.roster.sheet import RosterSheet, read_roster
from staff.roster.survey import survey
from staff.roster.world import load_world
from staff.slots import contradictions, planned_changes

FURTHEST_AHEAD = timedelta(days=366)


@dataclass
class RosterPlan:
    """What a file would do. `effective_on` is `None` where no day could be found."""

    file_name: str
    sha256: str
    kind: str
    effective_on: date | None
    rows: int
    skipped: dict[str, int]
    diff: RosterDiff
    warnings: list[Issue] = field(default_factory=list)
    errors: list[Issue] = field(default_factory=list)
    created: CreatedMasters | None = None
    unknown: list[dict[str, Any]] = field(default_factory=list)
    # Why the roster as a whole needs a decision; blank: it needs none.
    question: str = ""
    choices: RosterChoices = field(default_factory=RosterChoices)

    @property
    def has_many_leavers(self) -> bool:
        """Whether the absent are more than the alarm allows, of those in service before."""
        touched = [change for change in self.diff.changes if change.kind in SUMMARY_KINDS]
        hired = {change.number for change in touched if change.kind == ChangeKind.HIRED}
        before = self.diff.unchanged + len({change.number for change in touched} - hired)
        return are_alarming(self.absent, before)

    @property
    def absent(self) -> int:
        """How many leave because a full roster does not name them."""
        return sum(
            change.kind == ChangeKind.LEFT and change.row is None for change in self.diff.changes
        )

    @property
    def summary(self) -> dict[str, Any]:
        """The summary of the commands' JSON."""
        lists: dict[str, Any] = {str(kind): self.diff.numbers(kind) for kind in SUMMARY_KINDS}
        return lists | {"unchanged": self.diff.unchanged}


def plan_import(
    book: Book,
    *,
    kind: str,
    effective_on: date | None,
    today: date,
    missing: Callable[[Masters], MissingMasters] = MissingMasters,
    choices: RosterChoices | None = None,
) -> RosterPlan:
    """Read the book and compare it with the city; nothing is written.

    What was said of the columns of an earlier file like it holds where `choices` say nothing.
    Raises `DomainError` when the file holds no roster at all. `today` bounds what can be a roster's
    day; it enters no figure.
    """
    choices = choices or RosterChoices()
    remembered = remembered_columns(book)
    title = survey(book, choices, remembered).title_date
    masters = Masters.load(effective_on or title or today)
    made = missing(masters)
    roster = read_roster(book, masters, made, choices.with_remembered(remembered))
    errors: list[Issue] = []
    day = _effective_day(roster, kind, effective_on, errors)
    if day is not None and day > today + FURTHEST_AHEAD:
        errors.append(
            about_file(f"発令日が{era_date(day)}になっています。1年以内の日を指定してください。")
        )
    diff, question = RosterDiff(), ""
    if day is not None and not errors:
        situation = Situation(day, kind, today, _confirmed(), choices.same_people)
        diff = _compared(roster, situation)
        question = _question(situation)
    plan = RosterPlan(
        file_name=book.filename,
        sha256=book.sha256,
        kind=kind,
        effective_on=day,
        rows=len(roster.rows),
        skipped=roster.skipped,
        diff=diff,
        warnings=[*roster.found.warnings, *diff.warnings],
        errors=[*errors, *roster.found.errors, *diff.errors],
        created=made if isinstance(made, CreatedMasters) else roster.made,
        unknown=[each.as_json() for each in roster.unknown],
        question=question,
        choices=choices,
    )
    if not roster.rows and not plan.errors:
        plan.errors.append(about_file("職員の行がありません。名簿のファイルか確かめてください。"))
    _warn_of_many_leavers(plan)
    return plan


def _compared(roster: RosterSheet, situation: Situation) -> RosterDiff:
    world = load_world()
    diff = compare(roster, world, situation)
    ask(diff, roster, world, situation, _contradictions(diff, situation))
    return diff


def _contradictions(diff: RosterDiff, situation: Situation) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for one in contradictions(planned_changes(diff.changes), situation.effective_on):
        found.setdefault((one.number, one.kind), []).append(one.message)
    return found


def _confirmed() -> tuple[date, ...]:
    """The days of the full rosters in force, earliest first."""
    full = RosterImport.objects.in_force().filter(kind=RosterKind.FULL)
    days = full.order_by("effective_on").values_list("effective_on", flat=True)
    return tuple(dict.fromkeys(day for day in days if day is not None))


def _question(situation: Situation) -> str:
    """What to ask about a roster older than the last one."""
    last = RosterImport.objects.in_force().order_by("-effective_on").first()
    if last is None or last.effective_on is None or situation.effective_on >= last.effective_on:
        return ""
    return (
        f"この名簿（{era_date(situation.effective_on)}）は、反映済みの名簿"
        f"（{era_date(last.effective_on)}）より古いものです。反映すると過去の記録が変わり、"
        "過去の日の数字も変わります。年度の違う名簿でないか確かめてください。"
    )


def _effective_day(
    roster: RosterSheet, kind: str, asked: date | None, errors: list[Issue]
) -> date | None:
    """The roster's day: the title row's or the asked one, which must agree; in a partial list
    whose every row has its own 発令日, the latest of those."""
    titles = roster.title_dates
    if len(titles) > 1:
        errors.append(about_file("シートによって基準日が違います。日付をそろえてください。"))
        return None
    title = next(iter(titles), None)
    if title and asked and title != asked:
        errors.append(
            about_file(
                f"名簿の日付は{era_date(title)}ですが、発令日に{era_date(asked)}が"
                "指定されています。年度の違う名簿でないか確かめてください。"
            )
        )
        return None
    day = asked or title
    if day is None and kind == RosterKind.PARTIAL:
        days = [row.starts_on for row in roster.rows if row.starts_on]
        day = max(days) if days and len(days) == len(roster.rows) else None
    if day is None and not roster.found.errors:
        errors.append(
            about_file("発令日が名簿にありません。発令日を入力して、もう一度読み込んでください。")
        )
    return day


def _warn_of_many_leavers(plan: RosterPlan) -> None:
    if plan.kind == RosterKind.FULL and plan.has_many_leavers:
        plan.warnings.insert(
            0,
            about_file(
                f"{plan.absent}人が名簿になく、退職になります（職員の{LEAVERS_ALARM_PERCENT}%を超えます）。"
                "一部だけの名簿でないか確かめてください。"
            ),
        )
