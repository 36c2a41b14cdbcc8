"""The trail every change of a place leaves: its history row and its audit entry."""

from collections.abc import Sequence

from agano_dx.lib import audit
from staff.models import User
from training.models import Attendance, AttendanceChange

# A place, and the state it had before; "" for a new one.
Changed = Sequence[tuple[Attendance, str]]


def record_changes(changed: Changed, *, by: User | None, reason: str = "") -> None:
    """Write down what each place was and is now, in two statements whatever their number."""
    AttendanceChange.objects.bulk_create(
        AttendanceChange(attendance=place, old=old, new=place.status, by=by, reason=reason)
        for place, old in changed
    )
    for action, is_new in ((audit.CREATE, True), (audit.UPDATE, False)):
        about = [one for one in changed if (one[1] == "") == is_new]
        if about:
            audit.record(
                by=by, action=action, about=[(place, _said(place, old)) for place, old in about]
            )


def _said(place: Attendance, old: str) -> dict[str, tuple[object, object]]:
    said: dict[str, tuple[object, object]] = {"status": (old or None, place.status)}
    if not old:
        said["staff"] = (None, place.staff_id)
    return said
