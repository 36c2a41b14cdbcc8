"""The attendance page of an offering: everyone in one grid, saved with one button."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agano_dx.lib.errors import DomainError
from staff.pages import PageRequest, allow, show
from training.forms.attendance import MarksForm
from training.models import SETTLED, AttendanceStatus, Offering
from training.places import Participant, on_offering
from training.services.marking import Conflict, mark
from training.views.offerings import trail

# One key for each state, shown on the page.
KEYS = {
    AttendanceStatus.PRESENT: "1",
    AttendanceStatus.LATE: "2",
    AttendanceStatus.LEFT_EARLY: "3",
    AttendanceStatus.ABSENT: "4",
    AttendanceStatus.EXCUSED: "5",
    AttendanceStatus.BOOKED: "0",
}


@dataclass(frozen=True, slots=True)
class GridRow:
    """A person's row: the state the clerk sees, the one chosen, and a conflict if there is one."""

    person: Participant
    seen: str
    chosen: str
    is_own: bool
    conflict: Conflict | None = None

    @property
    def now_label(self) -> str:
        """The recorded state in words."""
        return str(AttendanceStatus(self.seen).label)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def offering_attendance(request: PageRequest, pk: int) -> HttpResponse:
    """Mark everybody. Rows changed by somebody else meanwhile are shown, not overwritten."""
    offering = get_object_or_404(Offering.objects.select_related("course"), pk=pk)
    people = on_offering(offering)
    conflicts: dict[int, Conflict] = {}
    error = ""
    if request.method == "POST":
        posted = MarksForm(request.POST)
        try:
            done = mark(
                offering=offering, marks=posted.marks, by=request.user, today=timezone.localdate()
            )
        except DomainError as refusal:
            error = str(refusal)
        else:
            if not done.conflicts:
                messages.success(request, _told(done.changed))
                return redirect("training:offering_attendance", pk=pk)
            conflicts = {conflict.attendance_id: conflict for conflict in done.conflicts}
            people = on_offering(offering)
    rows = [_row(person, request, conflicts, error) for person in people]
    context = {
        "offering": offering,
        "rows": rows,
        "statuses": [
            (status, AttendanceStatus(status).label, KEYS[status])
            for status in (*SETTLED, AttendanceStatus.BOOKED)
        ],
        "conflict_count": len(conflicts),
        "error": error,
        "can_mark": offering.closed_at is None and timezone.localdate() >= offering.starts_on,
    }
    return show(
        request, "training/offering_attendance.html", "出欠の入力", context, trail(offering)
    )


def _told(changed: int) -> str:
    return f"{changed}人の出欠を保存しました。" if changed else "変更はありませんでした。"


def _row(
    person: Participant, request: PageRequest, conflicts: dict[int, Conflict], error: str
) -> GridRow:
    seen = chosen = person.attendance.status
    conflict = conflicts.get(person.attendance.pk)
    if conflict is not None:
        chosen = conflict.chosen
    elif error:  # nothing was written: what the clerk saw and chose must not be lost
        seen = _posted(request, f"seen-{person.attendance.pk}", seen)
        chosen = _posted(request, f"status-{person.attendance.pk}", chosen)
    return GridRow(
        person=person,
        seen=seen,
        chosen=chosen,
        is_own=person.staff.pk == request.user.staff_id,
        conflict=conflict,
    )


def _posted(request: PageRequest, name: str, otherwise: str) -> str:
    value = request.POST.get(name, otherwise)
    return value if value in KEYS else otherwise
