"""What the preview of a file with attendance shows: questions first, then what is plain."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.http import urlencode

from agano_dx.lib.issues import Issue
from staff.models import StaffMember
from staff.pages import PageRequest
from training.forms.uploads import JOINS, LEAFED, STAYS_OUT, DecisionsForm
from training.imports.left import Left
from training.imports.lines import LEAVE_OUT, TRIANGLE, UNFINISHED
from training.imports.plan import (
    TO_TICK,
    TRIANGLE_MEANINGS,
    Outcome,
    Planned,
)
from training.models import (
    AttendanceChange,
    AttendanceStatus,
    AttendanceUpload,
    Category,
    UploadKind,
    UploadState,
)
from training.services.uploads import Preview

PAGE = 50
# Rows to decide about that are shown at once.
QUESTIONS = 50
_UNMARKED = str(AttendanceStatus.BOOKED.label)
STEPS = ["ファイルを選ぶ", "内容を確かめる", "反映済み"]
TITLES = {
    UploadKind.SHEET: "出席簿を読み込む",
    UploadKind.ELEARNING: "eラーニングの記録を読み込む",
    UploadKind.HISTORY: "受講履歴を読み込む",
}


@dataclass(frozen=True, slots=True)
class Question:
    """A row whose person a clerk decides: whom it could be, what was typed, what is wrong."""

    row: Planned
    options: list[tuple[str, str]]
    chosen: str
    typed: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A row with what was answered about it, the record so far, who made that and when."""

    row: Planned
    is_ticked: bool | None
    now: str = ""
    change: AttendanceChange | None = None

    @property
    def answer(self) -> str:
        """What was said about a person who is not on the offering; "" for nothing yet."""
        if self.is_ticked is None:
            return ""
        return JOINS if self.is_ticked else STAYS_OUT


class Made(NamedTuple):
    """An offering that a file makes, and whether its course is new too."""

    title: str
    category: str
    starts_on: date | None
    ends_on: date | None
    people: int
    is_new_course: bool


def trail() -> list[tuple[str, str]]:
    """The page above."""
    return [("取込", reverse("training:upload_list"))]


def address(upload: AttendanceUpload, form: DecisionsForm) -> str:
    """The preview again: the pages leafed to, else the first question that is still open."""
    url = reverse("training:upload_detail", args=[upload.pk])
    pages = form.shown | form.leafed
    if not form.leafed:
        pages.pop("asked", None)
    query = f"?{urlencode(pages)}" if pages else ""
    return f"{url}{query}" + "".join(f"#{name}" for name in form.leafed)


def preview_context(
    request: PageRequest, upload: AttendanceUpload, preview: Preview, form: DecisionsForm | None
) -> dict[str, Any]:
    """Everything the preview shows."""
    lists = _lists(preview)
    wanted = request.GET.dict() if form is None else form.shown
    pages = {name: _leaf(rows, wanted.get(name)) for name, rows in lists.items()}
    special = {row.index for rows in lists.values() for row in rows}
    plain = [row for row in preview.planned if row.index not in special]
    plain.sort(key=lambda row: row.outcome != Outcome.REFUSED)
    missing = _missing(upload, preview)
    waiting = sum(row.is_undecided for row in preview.planned)
    page = Paginator(plain, PAGE).get_page(request.GET.get("page"))
    return {
        "steps": STEPS,
        "decide_url": reverse("training:upload_decide", args=[upload.pk]),
        "seen": preview.fingerprint,
        "read": preview.content.row_count,
        "going": sum(row.is_to_write for row in preview.planned),
        "waiting": waiting,
        "faulty": preview.content.faulty,
        "refused": len(preview.with_outcome(Outcome.REFUSED)),
        "blocking": waiting + preview.content.faulty,
        "leaves_rest": form.decisions.leaves_rest if form else preview.leaves_rest,
        "triangles": sum(line.status == TRIANGLE for line in preview.content.lines),
        "triangle": (form and form.decisions.triangle) or preview.triangle,
        "meanings": [(value, AttendanceStatus(value).label) for value in TRIANGLE_MEANINGS],
        "pages": pages,
        "asked": _questions(list(pages["asked"]), preview, missing, form),
        "answers": [(JOINS, "加える"), (STAYS_OUT, "加えない")],
        "walk_ins": _shown(list(pages["walk_ins"]), form),
        "conflicts": _shown(list(pages["conflicts"]), form),
        "unfinished": sum(row.line.status == UNFINISHED for row in preview.planned),
        "made": _made(preview),
        "missing": missing,
        "page": page,
        "querystring": urlencode({name: leaf.number for name, leaf in pages.items()}),
        "rest": "そのほかの行" if special else "すべての行",
        "rows": _shown(list(page), form),
        "errors": preview.content.errors,
        "warnings": _warnings(preview),
        "form_errors": _errors(preview, form),
    }


def result_context(request: PageRequest, upload: AttendanceUpload) -> dict[str, Any]:
    """What became of a decided upload: numbers, and the rows that did not go in."""
    left = Left.all_from_json(upload.rows)
    return {
        "left": Paginator(left, PAGE).get_page(request.GET.get("page")),
        "has_sheets": any(row.sheet for row in left),
        "steps": STEPS,
        "result": upload.options.get("result", {}),
        "is_applied": upload.state == UploadState.APPLIED,
    }


def _lists(preview: Preview) -> dict[str, list[Planned]]:
    """The rows that are decided about, by the name of their list."""
    asked = [row for row in preview.planned if _is_open(row) or row.line.choice]
    return dict(zip(LEAFED, (asked, *map(preview.with_outcome, TO_TICK)), strict=True))


def _is_open(row: Planned) -> bool:
    """Whether somebody must still say whom the row means."""
    return row.outcome in (Outcome.ASKED, Outcome.DOUBLED)


def _leaf(rows: list[Planned], wanted: str | None) -> Page[Planned]:
    """The page of a list that is wanted, else the one with the first open question."""
    first = next((place for place, row in enumerate(rows) if row.is_undecided), 0)
    return Paginator(rows, QUESTIONS).get_page(wanted or first // QUESTIONS + 1)


def _questions(
    asked: Sequence[Planned],
    preview: Preview,
    missing: Sequence[tuple[StaffMember, str]],
    form: DecisionsForm | None,
) -> list[Question]:
    questions = []
    for row in asked:
        people = dict.fromkeys([*row.who.candidates, *([row.member] if row.member else [])])
        if row.line.is_of_sheet:
            people |= dict.fromkeys(member for member, now in missing if now == _UNMARKED)
        options = [
            ("", "選んでください"),
            (LEAVE_OUT, "この行は取り込まない"),
            *((member.number, f"{member.number} {member.name}") for member in people),
        ]
        chosen, typed, error = row.line.choice, "", ""
        if form is not None:
            chosen = form.chosen.get(row.index, chosen)
            typed, error = form.typed.get(row.index, ""), form.errors.get(row.index, "")
        questions.append(Question(row, options, chosen, typed, error))
    return questions


def _shown(rows: Sequence[Planned], form: DecisionsForm | None) -> list[Shown]:
    """Rows with what was just answered, the record so far and who made it, in one query."""
    answered = form.decisions.ticks if form is not None else {}
    latest = {
        change.attendance_id: change
        for change in AttendanceChange.objects.filter(
            attendance__in=[row.place.pk for row in rows if row.place is not None]
        )
        .select_related("by__staff")
        .order_by("pk")
    }
    return [
        Shown(
            row,
            answered.get(row.index, row.line.is_ticked),
            str(AttendanceStatus(row.place.status).label) if row.place else "",
            latest.get(row.place.pk) if row.place else None,
        )
        for row in rows
    ]


def _missing(upload: AttendanceUpload, preview: Preview) -> list[tuple[StaffMember, str]]:
    """People with a place on the offering whom no row of the sheet means, and their state."""
    if upload.offering is None:
        return []
    named = {row.member.pk for row in preview.planned if row.member is not None}
    people = preview.world.directory.by_pk
    found = [
        (people[place.staff_id], str(AttendanceStatus(place.status).label))
        for place in preview.world.held.places_of(upload.offering)
        if place.status not in (AttendanceStatus.CANCELLED, AttendanceStatus.WAITING)
        and place.staff_id not in named
    ]
    return sorted(found, key=lambda pair: pair[0].number)


def _made(preview: Preview) -> list[Made]:
    """Offerings still to be made, and how many people would be on them."""
    going = [row.line for row in preview.planned if row.is_to_write and row.offering is None]
    counted = Counter((line.title, line.category, line.starts_on, line.ends_on) for line in going)
    courses = preview.world.held.courses
    return [
        Made(
            title,
            str(Category(category).label),
            starts_on,
            ends_on,
            people,
            (title, category) not in courses,
        )
        for (title, category, starts_on, ends_on), people in counted.items()
    ]


def _warnings(preview: Preview) -> list[Issue]:
    """What to look at: doubts about cells, and names that are not the numbers'."""
    doubts = [
        row.line.issue(row.who.doubt)
        for row in preview.planned
        if row.is_to_write and row.who.doubt and not row.line.choice
    ]
    return [*preview.content.warnings, *doubts]


def _errors(preview: Preview, form: DecisionsForm | None) -> list[str]:
    """What is wrong with what was typed, by the row of the file."""
    if form is None:
        return []
    rows = {row.index: row.line.row for row in preview.planned}
    return [f"{rows[place]}行目：{words}" for place, words in form.errors.items() if place in rows]
