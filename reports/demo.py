"""The sample city, loaded by the same services a user goes through."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.core.management import call_command
from django.db import transaction

from agano_dx.lib.issues import Findings
from agano_dx.lib.workbooks.reading import Book, read_workbook
from leaders.imports import import_leaders, read_leaders
from leaders.models import Cohort
from reports.demo_curriculum import load_curriculum
from reports.demo_leaders import load_activities
from reports.demo_people import demo_people
from reports.demo_training import load_training_year
from staff.models import RosterImport, RosterKind
from staff.roster.masters import import_departments, import_ranks
from staff.roster.plan import plan_import
from staff.services.accounts import open_account
from staff.services.rosters import apply_import, store_preview
from training.imports.elearning import LogOptions, read_elearning
from training.imports.history import read_history
from training.imports.lines import Line
from training.imports.writing import import_attendance
from training.models import Category

ROSTERS = (
    ("roster_2025-04-01.xlsx", RosterKind.FULL, date(2025, 4, 1)),
    ("roster_2026-04-01.xlsx", RosterKind.FULL, date(2026, 4, 1)),
    ("roster_changes_2026-10-01.csv", RosterKind.PARTIAL, date(2026, 10, 1)),
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """One account to try the product with."""

    role: str
    number: str
    name: str


def load_plan_and_masters(city: Path) -> None:
    """The plan, departments and ranks."""
    call_command("loaddata", "plan", verbosity=0)
    found = Findings()
    import_departments(_book(city / "departments.csv"), found)
    import_ranks(_book(city / "ranks.csv"), found)
    _demand_clean(found)


def load_rosters(city: Path, *, today: date, at: datetime) -> list[RosterImport]:
    """The three rosters, each previewed and put into force."""
    applied = []
    for name, kind, day in ROSTERS:
        plan = plan_import(_book(city / name), kind=kind, effective_on=day, today=max(today, day))
        _demand_clean(Findings(plan.warnings, plan.errors))
        applied.append(
            apply_import(
                roster_import=store_preview(plan=plan, by=None),
                by=None,
                at=at,
                leavers_accepted=True,
            )
        )
    return applied


def load_training(city: Path, *, today: date) -> None:
    """The histories of two years and the e-learning log."""
    for name in ("history_R7.xlsx", "history_R8.xlsx"):
        found = Findings()
        _load_attendance(read_history(_book(city / name), found), found, today)
    found = Findings()
    log = _book(city / "elearning_log.csv")
    _load_attendance(read_elearning(log, LogOptions(Category.ELEARNING), found), found, today)


def load_leaders(city: Path, *, today: date) -> None:
    """The leaders of the first term."""
    found = Findings()
    terms = read_leaders(_book(city / "leaders_term1.xlsx"), found, on=today)
    import_leaders(terms=terms, found=found, by=None, dry_run=False)
    _demand_clean(found)


@transaction.atomic
def load_sample_city(city: Path, *, today: date, at: datetime) -> None:
    """Everything, or nothing; then something to do: a round, training and activities under way."""
    load_plan_and_masters(city)
    load_rosters(city, today=today, at=at)
    load_training(city, today=today)
    load_leaders(city, today=today)
    _open_round(today)
    load_training_year(today=today, at=at)
    load_activities(today=today, at=at)
    load_curriculum(today=today, at=at)


def open_demo_accounts(*, today: date, password: str) -> list[SignIn]:
    """One account for each role, of people the sample city has."""
    sign_ins = []
    for person in demo_people(today):
        user = open_account(member=person.member, groups=person.groups, password=password)
        sign_ins.append(SignIn(person.role, user.username, person.member.name))
    return sign_ins


def _open_round(today: date) -> None:
    """Nominations for the cohort after the running one are open around today."""
    coming = [cohort for cohort in Cohort.objects.all() if cohort.starts_on > today]
    if coming:
        coming[0].nominations_open_on = today - timedelta(days=7)
        coming[0].nominations_close_on = today + timedelta(days=60)
        coming[0].save(update_fields=["nominations_open_on", "nominations_close_on"])


def _load_attendance(rows: list[Line], found: Findings, today: date) -> None:
    import_attendance(rows=rows, found=found, by=None, today=today, dry_run=False)
    _demand_clean(found)


def _book(path: Path) -> Book:
    return read_workbook(path.read_bytes(), path.name)


def _demand_clean(found: Findings) -> None:
    if found.errors:
        raise ValueError([issue.as_line() for issue in found.errors])
