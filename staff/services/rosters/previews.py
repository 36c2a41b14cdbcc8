"""What a file would do: kept to be looked at, computed again when something changed, or dropped."""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeAlias

from django.db import transaction

from agano_dx.lib.workbooks.reading import Book, read_workbook
from staff.models import Decision, ImportStatus, RosterChange, RosterFile, RosterImport, User
from staff.roster.changes import Change
from staff.roster.choices import RosterChoices
from staff.roster.layouts import remembered_columns
from staff.roster.plan import RosterPlan, plan_import
from staff.roster.survey import survey
from staff.services.rosters.locking import lock_waiting
from staff.services.rosters.refusals import AlreadyDecidedError

ChangeKey: TypeAlias = tuple[str, str, str, str, str]


@transaction.atomic
def store_preview(*, plan: RosterPlan, by: User | None) -> RosterImport:
    """Keep what the file would do, so that it can be looked at and then put into force."""
    stored = RosterImport.objects.create(
        kind=plan.kind,
        file_name=plan.file_name[:200],
        sha256=plan.sha256,
        uploaded_by=by,
        **_facts(plan),
    )
    _store_changes(stored, plan.diff.changes, {})
    return stored


@transaction.atomic
def start_import(
    *, content: bytes, book: Book, kind: str, day: date | None, by: User, today: date
) -> RosterImport:
    """Keep a file, and its preview where nothing about its reading has to be asked first.

    Nothing is kept of a file that holds no roster.
    """
    stored = RosterImport.objects.create(
        kind=kind,
        status=ImportStatus.READING,
        file_name=book.filename[:200],
        sha256=book.sha256,
        effective_on=day,
        uploaded_by=by,
    )
    RosterFile.objects.create(roster_import=stored, content=content)
    if survey(book, remembered=remembered_columns(book)).needs_asking:
        return stored
    return replan(roster_import=stored, choices=RosterChoices(), today=today, book=book)


def replan(
    *, roster_import: RosterImport, choices: RosterChoices, today: date, book: Book | None = None
) -> RosterImport:
    """Compute the preview again, from the kept file and the city as it is now.

    Decisions and corrections made before stay with the changes that are still the same.
    """
    book = book or book_of(roster_import)
    with transaction.atomic():
        locked = lock_waiting(roster_import)
        plan = plan_import(
            book, kind=locked.kind, effective_on=locked.effective_on, today=today, choices=choices
        )
        decided = {key_of(change): change for change in locked.changes.all()}
        locked.changes.all().delete()
        _store_changes(locked, plan.diff.changes, decided)
        for name, value in _facts(plan).items():
            setattr(locked, name, value)
        locked.status = ImportStatus.PREVIEW
        locked.save()
    return locked


def book_of(roster_import: RosterImport) -> Book:
    """The kept file, read; refused when the import was decided and the file is gone."""
    upload = RosterFile.objects.filter(roster_import=roster_import).first()
    if upload is None:
        raise AlreadyDecidedError("この取込はすでに処理されています。一覧で確かめてください。")
    return read_workbook(bytes(upload.content), roster_import.file_name)


@transaction.atomic
def discard_import(*, roster_import: RosterImport, by: User | None) -> RosterImport:
    """Drop a preview and its file; nothing else changes."""
    del by  # the single save below leaves its own entry, with the request's account
    locked = lock_waiting(roster_import)
    locked.status = ImportStatus.DISCARDED
    locked.save(update_fields=["status"])
    RosterFile.objects.filter(roster_import=locked).delete()
    return locked


def last_applied() -> RosterImport | None:
    """The import that was put into force last."""
    return RosterImport.objects.in_force().order_by("-applied_at").first()


def key_of(change: RosterChange | Change) -> ChangeKey:
    """By which a change computed again is known to be the same."""
    read = getattr(change, "read_as", None) or change.after
    kind, day = str(change.kind), change.starts_on.isoformat()
    return change.number, kind, day, _plain(change.before), _plain(read)


def _plain(values: dict[str, Any]) -> str:
    return repr(sorted((name, values[name] and str(values[name])) for name in values))


def _facts(plan: RosterPlan) -> dict[str, Any]:
    return {
        "effective_on": plan.effective_on,
        "rows": plan.rows,
        "unchanged": plan.diff.unchanged,
        "skipped": plan.skipped,
        "warnings": [issue.as_json() for issue in plan.warnings],
        "errors": [issue.as_json() for issue in plan.errors],
        "unknown": plan.unknown,
        "choices": plan.choices.as_json(),
        "question": plan.question,
        "follows": last_applied(),
    }


def _store_changes(
    stored: RosterImport, changes: Iterable[Change], decided: dict[ChangeKey, RosterChange]
) -> None:
    RosterChange.objects.bulk_create(
        _row(stored, change, decided.get(key_of(change))) for change in changes
    )


def _row(stored: RosterImport, change: Change, before: RosterChange | None) -> RosterChange:
    row = RosterChange(
        roster_import=stored,
        number=change.number,
        name=change.name,
        staff_id=change.staff_id,
        kind=change.kind,
        starts_on=change.starts_on,
        before=change.before,
        after=change.after,
        sheet=change.sheet,
        row=change.row,
        question=change.question,
        namesakes=list(change.namesakes),
        decision=_first_decision(change),
    )
    # A decision holds while its question is the one that was answered.
    if before is not None and before.question == change.question:
        row.decision, row.after, row.read_as = before.decision, before.after, before.read_as
    return row


def _first_decision(change: Change) -> Decision:
    if not change.question:
        return Decision.ACCEPTED
    return Decision.LEFT_OUT if change.is_optional else Decision.OPEN
