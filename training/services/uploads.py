"""Files with attendance: read and kept, decided upon, put into force once or dropped."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from agano_dx.lib.errors import DomainError
from agano_dx.lib.issues import Findings, without_my_number
from agano_dx.lib.locks import take_exclusive, told_when_held
from agano_dx.lib.workbooks.reading import Book
from staff.models import User
from training.imports.elearning import LogOptions, read_elearning
from training.imports.held import Held
from training.imports.history import read_history
from training.imports.left import left_of
from training.imports.lines import UNFINISHED, Content, Line
from training.imports.people import Directory
from training.imports.plan import (
    OPEN,
    TO_TICK,
    TRIANGLE_MEANINGS,
    Outcome,
    Planned,
    World,
    fingerprint,
    plan,
    with_triangle,
)
from training.imports.sheets import read_sheet
from training.imports.writing import LOCK, past_world, sheet_world, write
from training.models import AttendanceUpload, Offering, UploadKind, UploadState
from training.services.marking import refuse_unheld

LONGEST_FILE_NAME = 200
# More than a city of this size makes in ten years; a preview of them still takes a second.
MOST_ROWS = 20_000


class UploadDecidedError(DomainError):
    """The upload was put into force or dropped before."""

    def __init__(self) -> None:
        super().__init__("この取込はすでに処理されています。結果を確かめてください。")


class StalePreviewError(DomainError):
    """Records changed since the preview was shown, or a decision opened a new question."""


class UndecidedError(DomainError):
    """Rows still wait for a decision."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a clerk said on the preview: about rows by their place, about △, about the rest.

    `ticks`: whether walk-ins and rows that contradict the records go in. `leaves_rest`: rows that
    nobody decided about, and rows with errors, stay out.
    """

    choices: Mapping[int, str] = field(default_factory=dict)
    ticks: Mapping[int, bool] = field(default_factory=dict)
    triangle: str = ""
    leaves_rest: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """An upload as it stands: what was read, and what would become of each row."""

    content: Content
    planned: list[Planned]
    triangle: str
    leaves_rest: bool
    world: World

    @property
    def fingerprint(self) -> str:
        """By which the button knows whether the records are still what was shown."""
        return fingerprint(self.planned)

    def with_outcome(self, *outcomes: Outcome) -> list[Planned]:
        """The rows of which one of these would become."""
        return [row for row in self.planned if row.outcome in outcomes]


@transaction.atomic
def start_upload(
    *,
    kind: str,
    offering: Offering | None,
    book: Book,
    options: LogOptions,
    by: User,
    today: date,
) -> AttendanceUpload:
    """Keep what the file says until it is decided upon. The same file again is the same upload."""
    take_exclusive(LOCK)
    waiting = AttendanceUpload.objects.filter(
        state=UploadState.PREVIEW, kind=kind, offering=offering, sha256=book.sha256, by=by
    )
    stored = _stored(options) if kind == UploadKind.ELEARNING else {}
    for upload in waiting:
        if {name: upload.options.get(name) for name in stored} == stored:
            return upload
    content = _read(kind, offering, book, options, today)
    return AttendanceUpload.objects.create(
        kind=kind,
        offering=offering,
        file_name=without_my_number(book.filename)[:LONGEST_FILE_NAME],
        sha256=book.sha256,
        options=stored,
        rows=content.as_json(),
        row_count=content.row_count,
        by=by,
    )


def preview_of(upload: AttendanceUpload, *, by: User, today: date) -> Preview:
    """What would become of each row as things stand, without any lock."""
    content, triangle = _kept(upload)
    lines = with_triangle(content.lines, triangle)
    world = World(Directory(lines), _held(upload, lines), by, today)
    leaves_rest = upload.options.get("leaves_rest", False)
    return Preview(content, plan(lines, world), triangle, leaves_rest, world)


@transaction.atomic
def decide_upload(*, upload: AttendanceUpload, decisions: Decisions) -> None:
    """Keep what was decided about rows, for the next look at the preview."""
    _keep(_locked(upload), decisions)


@transaction.atomic
def apply_upload(
    *,
    upload: AttendanceUpload,
    decisions: Decisions,
    seen: str,
    by: User,
    today: date,
    at: datetime,
) -> int:
    """Put the file into force as it was shown and decided; how many people changed.

    Everything is computed again under the locks. Where a record changed since the preview with the
    fingerprint `seen`, or a decision sent along opened a question nobody has seen, nothing is
    written.
    """
    locked = _locked(upload)
    content, triangle = _kept(locked)
    world = _locked_world(locked, content.lines, by, today)
    shown = plan(with_triangle(content.lines, triangle), world)
    if fingerprint(shown) != seen:
        raise StalePreviewError(
            "画面を開いた後に出欠の記録が変わりました。内容をもう一度確かめてください。"
        )
    content, triangle = _merged(content, triangle, decisions)
    planned = plan(with_triangle(content.lines, triangle), world)
    asked = {row.index for row in shown if row.outcome in TO_TICK}
    if any(row.outcome in TO_TICK and row.index not in asked for row in planned):
        raise StalePreviewError(
            "選んだ内容により、確かめてほしい行が出ました。取り込むかどうかを決めてください。"
        )
    _demand_decided(planned, content, decisions)
    imported = write(planned, by=by, today=today, reason=f"{UploadKind(locked.kind).label}の取込")
    locked.rows = [row.as_json() for row in left_of(planned, content)]
    _finish(locked, UploadState.APPLIED, at, imported=imported, result=_counts(planned, content))
    return imported


@transaction.atomic
def discard_upload(*, upload: AttendanceUpload, at: datetime) -> None:
    """Drop the file; nothing was written."""
    locked = _locked(upload)
    locked.rows = []
    _finish(locked, UploadState.DISCARDED, at, imported=0, result={})


def _read(
    kind: str, offering: Offering | None, book: Book, options: LogOptions, today: date
) -> Content:
    found = Findings()
    if offering is not None:
        refuse_unheld(offering, today)
        lines = read_sheet(book, found)
    elif kind == UploadKind.ELEARNING:
        lines = read_elearning(book, options, found)
    else:
        lines = read_history(book, found)
    if len(lines) > MOST_ROWS:
        raise DomainError(
            f"行が多すぎます（上限は{MOST_ROWS:,}行）。ファイルを分けてから読み込んでください。"
        )
    if not (lines or found.errors):
        raise DomainError("見出しの下に行がありません。記録の入ったファイルを選んでください。")
    return Content.of(lines, found)


def _stored(options: LogOptions) -> dict[str, Any]:
    return {
        "category": options.category,
        "course": options.course.pk if options.course else None,
        "completed_on": options.completed_on.isoformat() if options.completed_on else None,
    }


def _locked(upload: AttendanceUpload) -> AttendanceUpload:
    """The upload, locked and still waiting."""
    with told_when_held():
        locked = AttendanceUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if locked.state != UploadState.PREVIEW:
        raise UploadDecidedError
    return locked


def _kept(upload: AttendanceUpload) -> tuple[Content, str]:
    """The content, and how △ is read: until somebody says, as our own printed 出席簿 says."""
    triangle = upload.options.get("triangle") or TRIANGLE_MEANINGS[0]
    return Content.from_json(upload.rows), triangle


def _merged(content: Content, triangle: str, decisions: Decisions) -> tuple[Content, str]:
    decided = content.decided(dict(decisions.choices), dict(decisions.ticks))
    return decided, decisions.triangle or triangle


def _keep(locked: AttendanceUpload, decisions: Decisions) -> None:
    content, triangle = _merged(*_kept(locked), decisions)
    locked.rows = content.as_json()
    locked.options = locked.options | {
        "triangle": triangle,
        "leaves_rest": decisions.leaves_rest,
    }
    locked.save(update_fields=["rows", "options"])


def _held(upload: AttendanceUpload, lines: list[Line]) -> Held:
    if upload.offering is not None:
        return Held.of_offering(upload.offering)
    return Held.of_courses(lines, Offering.objects.select_related("course"))


def _locked_world(
    upload: AttendanceUpload, lines: tuple[Line, ...], by: User, today: date
) -> World:
    if upload.offering is not None:
        return sheet_world(upload.offering, lines, by, today)
    return past_world(lines, by, today)


def _demand_decided(planned: list[Planned], content: Content, decisions: Decisions) -> None:
    waiting = sum(row.is_undecided for row in planned) + content.faulty
    if waiting and not decisions.leaves_rest:
        raise UndecidedError(
            f"決めていない行か、誤りのある行が{waiting}行あります。"
            "一行ずつ決めるか、「取り込まない」の印を付けてください。"
        )


def _counts(planned: list[Planned], content: Content) -> dict[str, int]:
    """How many rows became what, without any name."""
    written = Counter(str(row.outcome) for row in planned if row.is_to_write)
    stayed = Counter(str(row.outcome) for row in planned if not row.is_to_write)
    unfinished = sum(row.line.status == UNFINISHED for row in planned)
    return {
        "walk_ins": written[Outcome.WALK_IN],
        "replaced": written[Outcome.CONFLICT],
        "same": stayed[Outcome.SAME],
        "kept": stayed[Outcome.CONFLICT],
        "unfinished": unfinished,
        "blank": stayed[Outcome.BLANK] - unfinished,
        "left_out": content.faulty
        + sum(stayed[one] for one in (*OPEN, Outcome.REFUSED, Outcome.LEFT_OUT, Outcome.WALK_IN)),
    }


def _finish(
    locked: AttendanceUpload,
    state: UploadState,
    at: datetime,
    *,
    imported: int,
    result: dict[str, int],
) -> None:
    """Close the upload, whose rows hold nothing of people any more."""
    locked.state, locked.decided_at, locked.imported = state, at, imported
    locked.options = locked.options | {"result": result}
    locked.save(update_fields=["state", "decided_at", "imported", "options", "rows"])
