"""Workbooks with leaders' terms: kept, shown, put into force once or dropped."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from agano_dx.lib.errors import DomainError
from agano_dx.lib.issues import Findings, Issue, without_my_number
from agano_dx.lib.locks import take_exclusive, told_when_held
from agano_dx.lib.workbooks.reading import Book, read_workbook
from leaders.imports.plan import Outcome, Planned, World, fingerprint, plan
from leaders.imports.reading import read_leaders
from leaders.imports.writing import Written, lock_cohorts, tell, write
from leaders.models import LeaderUpload, LeaderUploadState
from staff.models import User

LOCK = "leaders.uploads"
LONGEST_FILE_NAME = 200
# The plan has 115 seats: more rows are some other list. A preview shows them all on one page.
MOST_ROWS = 500


class UploadDecidedError(DomainError):
    """The upload was put into force or dropped before."""

    def __init__(self) -> None:
        super().__init__("この取込はすでに処理されています。結果を確かめてください。")


class StalePreviewError(DomainError):
    """Terms changed since the preview was shown."""

    def __init__(self) -> None:
        super().__init__(
            "画面を開いた後に任期の記録が変わりました。内容をもう一度確かめてください。"
        )


class FaultyRowsError(DomainError):
    """Rows with errors were neither mended nor left out."""


class UndecidedError(DomainError):
    """No change has a tick, or one without a tick stands in the way of another row."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A workbook as it stands: what would become of each row, what is wrong, what is odd."""

    rows: list[Planned]
    errors: list[Issue]
    warnings: list[Issue]

    @property
    def fingerprint(self) -> str:
        """By which the button knows whether the terms are still what was shown."""
        return fingerprint(self.rows)

    @property
    def faulty(self) -> int:
        """How many rows of the file cannot be taken."""
        return _rows_of(self.errors)

    def with_outcome(self, *outcomes: Outcome) -> list[Planned]:
        """The rows of which one of these would become."""
        return [row for row in self.rows if row.outcome in outcomes]


@transaction.atomic
def start_upload(
    *, content: bytes, book: Book, by: User, today: date, at: datetime
) -> LeaderUpload:
    """Keep the file until it is decided upon. The same file again is the same upload."""
    take_exclusive(LOCK)
    waiting = LeaderUpload.objects.filter(
        state=LeaderUploadState.PREVIEW, sha256=book.sha256, by=by
    ).first()
    if waiting is not None:
        return waiting
    found = Findings()
    lines = read_leaders(book, found, on=today)
    count = len(lines) + _rows_of(found.errors)
    if count > MOST_ROWS:
        raise DomainError(
            f"行が多すぎます（上限は{MOST_ROWS:,}行）。ファイルを分けてから読み込んでください。"
        )
    if not count:
        raise DomainError("見出しの下に行がありません。リーダー名簿のファイルを選んでください。")
    return LeaderUpload.objects.create(
        file_name=without_my_number(book.filename)[:LONGEST_FILE_NAME],
        sha256=book.sha256,
        content=content,
        row_count=count,
        by=by,
        uploaded_at=at,
    )


def preview_of(upload: LeaderUpload, *, by: User, today: date) -> Preview:
    """What would become of each row as things stand, without any lock."""
    return _preview(_book(upload), None, by=by, today=today)


def apply_upload(
    *,
    upload: LeaderUpload,
    ticked: Collection[int],
    leaves_faulty: bool,
    seen: str,
    by: User,
    today: date,
    at: datetime,
) -> Written:
    """Put the file into force as it was shown; known terms change only where a row is ticked.

    The bytes, which never change, are read before any lock is taken; everything they are held
    against is read again under the locks of the upload and of the cohorts concerned. Where that is
    no more what the preview with the fingerprint `seen` showed, nothing is written.
    """
    book = _book(upload)
    with transaction.atomic():
        locked = _locked(upload)
        lock_cohorts(read_leaders(book, Findings(), on=today))
        shown = _preview(book, None, by=by, today=today)
        if shown.fingerprint != seen:
            raise StalePreviewError
        if shown.errors and not leaves_faulty:
            raise FaultyRowsError(
                f"誤りのある行が{shown.faulty}行あります。元のファイルを直して読み込み直すか、"
                "「誤りのある行は取り込まない」に印を付けてください。"
            )
        chosen = _preview(book, ticked, by=by, today=today)
        written = write(_going(shown, chosen, ticked), by=by)
        _finish(locked, LeaderUploadState.APPLIED, written, at)
    return written


@transaction.atomic
def discard_upload(*, upload: LeaderUpload, at: datetime) -> None:
    """Drop the file; nothing was written."""
    _finish(_locked(upload), LeaderUploadState.DISCARDED, Written(), at)


def _rows_of(issues: Iterable[Issue]) -> int:
    """In how many rows something is wrong: a row may have several errors."""
    return len({(issue.sheet, issue.row) for issue in issues})


def _book(upload: LeaderUpload) -> Book:
    """The file, read anew."""
    kept = LeaderUpload.objects.get(pk=upload.pk)
    if kept.state != LeaderUploadState.PREVIEW:
        raise UploadDecidedError
    return read_workbook(bytes(kept.content), kept.file_name)


def _preview(book: Book, ticked: Collection[int] | None, *, by: User, today: date) -> Preview:
    """`ticked`: the rows that may change a term, `None` for all of them."""
    found = Findings()
    rows = plan(read_leaders(book, found, on=today), World.load(by), ticked)
    tell(rows, found)
    return Preview(rows, found.errors, found.warnings)


def _going(shown: Preview, chosen: Preview, ticked: Collection[int]) -> list[Planned]:
    """The rows to write: all new terms, and the changes with a tick."""
    known = {row.index for row in shown.with_outcome(Outcome.REFUSED)}
    worse = [row for row in chosen.with_outcome(Outcome.REFUSED) if row.index not in known]
    if worse:
        places = "、".join(str(row.line.row) for row in worse[:10])
        raise UndecidedError(
            f"印を付けなかった変更のため、{places}行目の任期がほかの任期と重なります。"
            "変更にも印を付けるか、ファイルを直して読み込み直してください。"
        )
    going = chosen.with_outcome(Outcome.ADD)
    going += [row for row in chosen.with_outcome(Outcome.CHANGE) if row.index in ticked]
    if not going and chosen.with_outcome(Outcome.CHANGE):
        raise UndecidedError(
            "印の付いた変更がありません。変える行に印を付けるか、取込を取りやめてください。"
        )
    return going


def _locked(upload: LeaderUpload) -> LeaderUpload:
    """The upload, locked and still waiting."""
    with told_when_held():
        locked = LeaderUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if locked.state != LeaderUploadState.PREVIEW:
        raise UploadDecidedError
    return locked


def _finish(locked: LeaderUpload, state: LeaderUploadState, written: Written, at: datetime) -> None:
    """Close the upload, whose bytes, full of names, go."""
    locked.state, locked.decided_at, locked.content = state, at, b""
    locked.added, locked.changed = written.added, written.changed
    locked.save(update_fields=["state", "decided_at", "content", "added", "changed"])
