"""Writing what リーダー名簿 says, the cohorts concerned being locked."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from agano_dx.lib import audit
from agano_dx.lib.issues import Findings
from agano_dx.lib.locks import told_when_held
from leaders.imports.lines import Facts, Line
from leaders.imports.plan import Outcome, Planned, World, plan
from leaders.models import LeaderTerm
from leaders.services.locking import lock_cohort
from staff.models import User

_CHANGED: Final = [
    "department",
    "ends_on",
    "end_reason",
    "end_note",
    "completed",
    "decided_on",
    "decision_reason",
]
# What the command line says about a term it does not touch.
DIFFERS: Final = (
    "登録済みの任期と内容が違います。変えるときは、リーダー名簿の取込の画面で確かめてください。"
)


@dataclass(frozen=True, slots=True)
class Written:
    """How many terms were added, how many changed."""

    added: int = 0
    changed: int = 0


@transaction.atomic
def import_leaders(*, terms: list[Line], found: Findings, by: User | None, dry_run: bool) -> int:
    """Add the terms not there yet; the same file twice adds nothing. Answers how many are new.

    For the server's command line: a known term that differs stays as it is, with a warning.
    """
    lock_cohorts(terms)
    rows = plan(terms, World.load(by), accepted=())
    tell(rows, found)
    found.warnings += [
        row.line.issue("starts_on", DIFFERS) for row in rows if row.outcome == Outcome.CHANGE
    ]
    if found.errors:
        return 0
    new = [row for row in rows if row.outcome == Outcome.ADD]
    if not dry_run:
        write(new, by=by)
    return len(new)


def lock_cohorts(lines: Iterable[Line]) -> None:
    """Lock the cohorts the rows speak of, in the order of their numbers."""
    concerned = {line.cohort.number: line.cohort.pk for line in lines}
    with told_when_held():
        for _, pk in sorted(concerned.items()):
            lock_cohort(pk)


def tell(rows: Iterable[Planned], found: Findings) -> None:
    """Add what the comparison found to what the reading found, in the order of the rows."""
    for row in rows:
        found.errors += row.errors
        found.warnings += row.warnings
    for issues in (found.errors, found.warnings):
        issues.sort(key=lambda issue: issue.row or 0)


def write(rows: Sequence[Planned], *, by: User | None) -> Written:
    """Write rows that add or change a term, in a constant number of statements.

    Within a transaction, on a plan made while the cohorts are locked. The term a row names is
    decided (修了・未修了) on the day of reading, unless it was decided so before.
    """
    added = [_told(LeaderTerm(), row) for row in rows if row.outcome == Outcome.ADD]
    known = [(row.known, row) for row in rows if row.outcome == Outcome.CHANGE and row.known]
    said = [_changes(term, row) for term, row in known]
    changed = [_told(term, row) for term, row in known]
    # A person has one open term in a cohort: the one before ends before another one opens.
    for is_open in (False, True):
        part = [term for term in changed if (term.ends_on is None) is is_open]
        LeaderTerm.objects.bulk_update(part, _CHANGED)
    LeaderTerm.objects.bulk_create(added)
    _record(by, audit.CREATE, [(term, _first_words(term)) for term in added])
    _record(by, audit.UPDATE, list(zip(changed, said, strict=True)))
    return Written(len(added), len(changed))


def _told(term: LeaderTerm, row: Planned) -> LeaderTerm:
    """The term as the row tells it."""
    line, told = row.line, row.told
    was = Facts.of(term).completed if row.known else None
    if told.completed != was:
        term.decided_on = None if told.completed is None else line.read_on
    term.cohort, term.staff, term.starts_on = line.cohort, line.staff, line.starts_on
    term.department, term.ends_on = told.department, told.ends_on
    term.end_reason, term.end_note = told.end_reason, told.end_note
    term.completed, term.decision_reason = bool(told.completed), told.decision_reason
    return term


def _first_words(term: LeaderTerm) -> audit.Changes:
    return {"staff": (None, term.staff_id), "starts_on": (None, term.starts_on)}


def _changes(known: LeaderTerm, row: Planned) -> audit.Changes:
    """What the row changes, from what to what."""
    was = Facts.of(known)
    return {
        one.field: (_plain(was, one.field), _plain(row.told, one.field)) for one in row.differences
    }


def _plain(facts: Facts, field: str) -> object:
    return facts.department.pk if field == "department" else getattr(facts, field)


def _record(
    by: User | None, action: int, about: Collection[tuple[LeaderTerm, audit.Changes]]
) -> None:
    if about:
        audit.record(by=by, action=action, about=about)
