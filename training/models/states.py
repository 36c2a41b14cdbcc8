"""The states of a place on an offering, and the sets of them that have a name."""

from django.db import models


class AttendanceStatus(models.TextChoices):
    """受講予定・出欠."""

    BOOKED = "booked", "受講予定"
    WAITING = "waiting", "空き待ち"
    PRESENT = "present", "出席"
    LATE = "late", "遅刻"
    LEFT_EARLY = "left_early", "早退"
    ABSENT = "absent", "欠席"
    EXCUSED = "excused", "免除"
    NOTIFIED = "notified", "欠席届"
    CANCELLED = "cancelled", "取消"


class AbsenceReason(models.TextChoices):
    """Why somebody said beforehand that they cannot come."""

    DUTY = "duty", "公務"
    HOLIDAY = "holiday", "休暇"
    OTHER = "other", "その他"


# Attendance that makes a completion; 早退・欠席・免除 do not.
COMPLETING = (AttendanceStatus.PRESENT, AttendanceStatus.LATE)
# Attendance after which one has something to say about the training.
ATTENDED = (*COMPLETING, AttendanceStatus.LEFT_EARLY)
# What a clerk may set on the attendance page.
SETTLED = (
    AttendanceStatus.PRESENT,
    AttendanceStatus.LATE,
    AttendanceStatus.LEFT_EARLY,
    AttendanceStatus.ABSENT,
    AttendanceStatus.EXCUSED,
)
# A seat, or a place in the line for one.
BOOKINGS = (AttendanceStatus.BOOKED, AttendanceStatus.WAITING)
# On the list, and nobody has said yet whether they came.
TO_MARK = (AttendanceStatus.BOOKED, AttendanceStatus.NOTIFIED)
# People are, or were, really expected there.
EXPECTED = (*BOOKINGS, *ATTENDED)
# The day went by without a completion, excused or not: the person has to come again.
MISSED = (AttendanceStatus.ABSENT, AttendanceStatus.LEFT_EARLY, AttendanceStatus.NOTIFIED)
# Places that fill no seat: given up, waiting for one, or known beforehand to stay empty.
SEATLESS = (AttendanceStatus.CANCELLED, AttendanceStatus.WAITING, AttendanceStatus.NOTIFIED)
# A place in one of these is no place any more: the person may get a new one.
GIVEN_UP = (AttendanceStatus.CANCELLED, AttendanceStatus.NOTIFIED)
