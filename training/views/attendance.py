"""The attendance page of an offering: everyone in one grid, saved as it is marked.

Without a script the same grid is one form with one button.
"""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from staff.pages import PageRequest, allow, show
from training.forms.marking import LONGEST_REASON, MarksForm
from training.models import SETTLED, AttendanceStatus, Offering
from training.places import ListOrder, Participant, by_status, on_offering
from training.services.locking import refuse_shut
from training.services.marking import Conflict, Mark, Marked, mark, refuse_unheld
from training.views.offerings import final_days, grid_trail, trail

# One key for each state, shown on the page.
KEYS = {
    AttendanceStatus.PRESENT: "1",
    AttendanceStatus.LATE: "2",
    AttendanceStatus.LEFT_EARLY: "3",
    AttendanceStatus.ABSENT: "4",
    AttendanceStatus.EXCUSED: "5",
    AttendanceStatus.BOOKED: "0",
}
CHOICES = [
    *((status, AttendanceStatus(status).label, KEYS[status]) for status in SETTLED),
    (AttendanceStatus.BOOKED, "未入力", KEYS[AttendanceStatus.BOOKED]),
]
UNMARKED = "unmarked"
WHEN = "n月j日 H:i"


@dataclass(frozen=True, slots=True)
class GridRow:
    """A person's row: the state the clerk sees, the one chosen, and a conflict if there is one."""

    person: Participant
    seen: str
    chosen: str
    is_own: bool
    is_hidden: bool
    conflict: Conflict | None = None

    @property
    def now_label(self) -> str:
        """The recorded state in words."""
        return str(AttendanceStatus(self.seen).label)


@dataclass(frozen=True, slots=True)
class Tried:
    """What a posted page came to: conflicts, or a refusal of the whole page."""

    conflicts: dict[int, Conflict]
    error: str = ""


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def offering_attendance(request: PageRequest, pk: int) -> HttpResponse:
    """Mark everybody. Rows changed by somebody else meanwhile are shown, not overwritten."""
    offering = get_object_or_404(Offering.objects.select_related("course"), pk=pk)
    tried = Tried({})
    if request.method == "POST":
        try:
            done = _mark(request, offering)
        except DomainError as refusal:
            tried = Tried({}, str(refusal))
        else:
            if not done.conflicts:
                messages.success(request, _told(done.changed))
                return redirect(request.get_full_path())
            tried = Tried({conflict.attendance_id: conflict for conflict in done.conflicts})
    context = _grid(request, offering, tried)
    template = "training/offering_attendance.html"
    return show(request, template, "出欠の入力", context, trail(offering))


@require_POST
@allow(lambda access: access.keeps_training)
def offering_mark(request: PageRequest, pk: int) -> HttpResponse:
    """Save rows of the grid as they are marked; what was confirmed and what clashed, as JSON.

    A refusal is 422 with its sentence, a clash 409: the rows without one are saved all the same.
    """
    offering = get_object_or_404(Offering, pk=pk)
    # The same browser may be somebody else's by now; marks are never written under their name.
    if request.POST.get("account", str(request.user.pk)) != str(request.user.pk):
        words = "別の人がログインしています。画面を開き直してください。"
        return JsonResponse({"error": words}, status=422)
    try:
        marks = MarksForm(request.POST).marks
        done = mark(offering=offering, marks=marks, by=request.user, today=timezone.localdate())
    except DomainError as refusal:
        return JsonResponse({"error": str(refusal)}, status=422)
    return JsonResponse(_confirmed(marks, done), status=409 if done.conflicts else 200)


@require_GET
@allow(lambda access: access.keeps_training)
def mark_history(request: PageRequest, pk: int, place: int) -> HttpResponse:
    """Every change of one person's mark: old and new, who, when, why."""
    offering = get_object_or_404(Offering.objects.select_related("course"), pk=pk)
    row = get_object_or_404(offering.attendances.select_related("staff"), pk=place)
    audit.looked_at(row, by=request.user)
    context = {
        "offering": offering,
        "place": row,
        "changes": row.changes.select_related("by__staff").order_by("-pk"),
    }
    template = "training/mark_history.html"
    return show(request, template, "出欠の履歴", context, grid_trail(offering))


def shut_words(offering: Offering) -> str:
    """Why nothing can be marked now, in words; empty when it can."""
    try:
        refuse_shut(offering)
        refuse_unheld(offering, timezone.localdate())
    except DomainError as refusal:
        return str(refusal)
    return ""


def _mark(request: PageRequest, offering: Offering) -> Marked:
    posted = MarksForm(request.POST)
    return mark(offering=offering, marks=posted.marks, by=request.user, today=timezone.localdate())


def _grid(request: PageRequest, offering: Offering, tried: Tried) -> dict[str, object]:
    order = ListOrder.asked(request.GET.get("order"))
    people = on_offering(offering, order)
    final = final_days(offering, people)
    rows = [_row(person, request, tried) for person in people if not person.is_waiting]
    waiting = sorted((person for person in people if person.is_waiting), key=_line)
    return {
        "offering": offering,
        "rows": rows,
        "waiting": waiting,
        "statuses": CHOICES,
        "totals": _totals(rows),
        "order": order,
        "orders": ListOrder.choices,
        "only_unmarked": request.GET.get("show") == UNMARKED,
        "conflict_count": len(tried.conflicts),
        "error": tried.error,
        "reason": request.POST.get("reason", ""),
        "longest_reason": LONGEST_REASON,
        "shut": shut_words(offering),
        "is_frozen": offering.ends_on in final,
        "may_correct": offering.cancelled_at is None and bool(final),
        "account": request.user.pk,
    }


def _line(person: Participant) -> tuple[bool, datetime | None, int]:
    """The place in the line of those who wait."""
    since = person.attendance.waiting_since
    return (since is not None, since, person.attendance.pk)


def _totals(rows: list[GridRow]) -> list[tuple[str, int]]:
    """How many of each recorded state, those without a mark first."""
    count = dict(by_status(row.person for row in rows))
    unmarked = count.pop(AttendanceStatus.BOOKED, 0)
    return [("未入力", unmarked), *((str(status.label), count[status]) for status in count)]


def _told(changed: int) -> str:
    return f"{changed}人の出欠を保存しました。" if changed else "変更はありませんでした。"


def _row(person: Participant, request: PageRequest, tried: Tried) -> GridRow:
    seen = chosen = person.attendance.status
    conflict = tried.conflicts.get(person.attendance.pk)
    if conflict is not None:
        chosen = conflict.chosen
    elif tried.error:  # nothing was written: what the clerk saw and chose must not be lost
        seen = _posted(request, f"seen-{person.attendance.pk}", seen)
        chosen = _posted(request, f"status-{person.attendance.pk}", chosen)
    only_unmarked = request.GET.get("show") == UNMARKED
    return GridRow(
        person=person,
        seen=seen,
        chosen=chosen,
        is_own=person.staff.pk == request.user.staff_id,
        is_hidden=only_unmarked and seen == chosen != AttendanceStatus.BOOKED,
        conflict=conflict,
    )


def _posted(request: PageRequest, name: str, otherwise: str) -> str:
    value = request.POST.get(name, otherwise)
    return value if value in AttendanceStatus.values else otherwise


def _confirmed(marks: list[Mark], done: Marked) -> dict[str, object]:
    """What the page is told: each row that is saved, and each that clashed with whom."""
    clashed = {conflict.attendance_id for conflict in done.conflicts}
    return {
        "saved": [
            {"id": one.attendance_id, "now": one.chosen}
            for one in marks
            if one.attendance_id not in clashed
        ],
        "conflicts": [
            {
                "id": conflict.attendance_id,
                "now": conflict.now,
                "label": str(AttendanceStatus(conflict.now).label),
                "by": conflict.changed_by,
                "at": date_format(timezone.localtime(conflict.changed_at), WHEN)
                if conflict.changed_at
                else "",
            }
            for conflict in done.conflicts
        ],
    }
