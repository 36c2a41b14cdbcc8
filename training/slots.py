"""What training shows on a person's page."""

from datetime import date

from agano_dx.lib.fiscal import era_date
from staff.models import StaffMember
from staff.slots import Section
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
