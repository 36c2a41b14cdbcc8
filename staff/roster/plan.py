"""A whole import thought through before anything is written."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from agano_dx.lib.fiscal import era_date
from agano_dx.lib.issues import Issue, about_file
from agano_dx.lib.workbooks.reading import Book
from staff.models import ChangeKind, ImportStatus, RosterImport, RosterKind
from staff.roster.diff import LEAVERS_ALARM_PERCENT, SUMMARY_KINDS, RosterDiff, compare
from staff.roster.lookup import Masters
from staff.roster.missing import CreatedMasters, MissingMasters
from staff.roster.sheet import RosterSheet, read_roster
from staff.roster.world import load_world

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
    masters: Masters | None = None,
    missing: MissingMasters | None = None,
) -> RosterPlan:
    """Read the book and compare it with the city; nothing is written.

    Raises `DomainError` when the file holds no roster at all. `today` bounds what can be a roster's
    day; it enters no figure.
    """
    masters = masters or Masters.load(effective_on or today)
    missing = missing or MissingMasters(masters)
    roster = read_roster(book, masters, missing)
    errors: list[Issue] = []
    day = _effective_day(roster, kind, effective_on, errors)
    if day is not None:
        _check_day(day, today, errors)
    diff = RosterDiff()
    if day is not None and not errors:
        diff = compare(roster, load_world(), effective_on=day, kind=kind)
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
        created=missing if isinstance(missing, CreatedMasters) else None,
    )
    if not roster.rows and not plan.errors:
        plan.errors.append(about_file("職員の行がありません。名簿のファイルか確かめてください。"))
    _warn_of_many_leavers(plan)
    return plan


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


def _check_day(day: date, today: date, errors: list[Issue]) -> None:
    """Refuse a day too far ahead and a roster older than the last one."""
    if day > today + FURTHEST_AHEAD:
        errors.append(
            about_file(f"発令日が{era_date(day)}になっています。1年以内の日を指定してください。")
        )
    last = (
        RosterImport.objects.filter(status=ImportStatus.APPLIED)
        .order_by("-effective_on")
        .values_list("effective_on", flat=True)
        .first()
    )
    if last is not None and day < last:
        errors.append(
            about_file(
                f"この名簿（{era_date(day)}）は、反映済みの名簿（{era_date(last)}）より古いものです。"
                "新しい名簿を選んでください。"
            )
        )


def _warn_of_many_leavers(plan: RosterPlan) -> None:
    """Of those in service before, rows of the file naming a leaver aside."""
    touched = [change for change in plan.diff.changes if change.kind in SUMMARY_KINDS]
    hired = {change.number for change in touched if change.kind == ChangeKind.HIRED}
    before = plan.diff.unchanged + len({change.number for change in touched} - hired)
    leavers = sum(change.kind == ChangeKind.LEFT and change.row is None for change in touched)
    if plan.kind == RosterKind.FULL and leavers * 100 > before * LEAVERS_ALARM_PERCENT:
        plan.warnings.insert(
            0,
            about_file(
                f"{leavers}人が名簿になく、退職になります（職員の{LEAVERS_ALARM_PERCENT}%を超えます）。"
                "一部だけの名簿でないか確かめてください。"
            ),
        )
