"""What training shows on a person's page, and what it asks about a roster before it is applied."""

from collections.abc import Collection, Iterator
from datetime import date

from agano_dx.lib.fiscal import era_date
from staff.models import Duty, StaffMember
from staff.slots import Contradiction, PlannedChange, Section
from training.bookings import Bookings, bookings_from
from training.models import AttendanceStatus, Category


def training_record(member: StaffMember, on: date) -> Section:
    """The person's attendances, newest first. Places yet to come are shown too: they are booked."""
    del on
    rows = (
        member.attendances.exclude(status=AttendanceStatus.CANCELLED)
        .select_related("offering__course")
        .order_by("-offering__starts_on", "-pk")
    )
    return Section(
        title="受講記録",
        columns=("開催日", "区分", "研修名", "状態", "修了日"),
        rows=tuple(
            (
                era_date(row.offering.starts_on),
                str(Category(row.category).label),
                row.offering.course.title,
                str(AttendanceStatus(row.status).label),
                era_date(row.completed_on) if row.completed_on else "",
            )
            for row in rows
        ),
        empty="受講の記録はまだありません。",
        note="修了になるのは出席と遅刻です。",
    )


def booking_contradictions(changes: Collection[PlannedChange], on: date) -> Iterator[Contradiction]:
    """Seats that people who leave or go on leave have booked for days when they are away."""
    del on
    for found in bookings_from(changes):
        yield Contradiction(found.change.number, found.change.kind, _of_bookings(found))


def _of_bookings(found: Bookings) -> str:
    change = found.change
    act = (
        f"{era_date(change.left_on)}に退職する"
        if change.left_on
        else f"{era_date(change.starts_on)}から{Duty(change.duty).label}になる"
    )
    return (
        f"{act}職員に、その後の研修の予約が{len(found.seats)}件（最初は"
        f"{era_date(found.first.offering.starts_on)}開催）ありますが、反映しても予約は消えないため、"
        "反映の後に取り消してください。"
    )
