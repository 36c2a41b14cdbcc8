"""Who is to be reminded today, and in which words."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Exists, OuterRef, QuerySet

from agano_dx.lib.calendar import weekday_name, working_days_after, working_days_before
from agano_dx.lib.fiscal import era_date
from staff.models import Assignment, Duty
from training.models import (
    MISSED,
    Attendance,
    AttendanceStatus,
    CountingRule,
    Reminder,
    ReminderKind,
)
from training.outstanding import outstanding, programmes_owed

# A day on which nothing ran is made up for so long; what is older is past and stays unsaid.
CATCH_UP: Final = timedelta(days=14)
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """Working days before an offering, and after an absence; 0 is never."""

    before: int
    after_absence: int


@dataclass(frozen=True, slots=True)
class Letter:
    """One reminder in words. `place`: where the person stands today."""

    attendance: Attendance
    kind: ReminderKind
    held_on: date
    place: Assignment | None

    @property
    def key(self) -> str:
        """What makes it the one reminder it is."""
        return f"{self.attendance.pk}-{self.kind}-{self.held_on.isoformat()}"

    @property
    def address(self) -> str:
        """The person's address if a letter can go there, else nothing."""
        typed = self.attendance.staff.email.strip()
        try:
            validate_email(typed)
        except ValidationError:
            return ""
        return typed

    @property
    def subject(self) -> str:
        """One line, whatever was typed as the course's title."""
        title = " ".join(self.attendance.offering.course.title.split())
        about = "研修のお知らせ" if self.kind == ReminderKind.BEFORE else "研修のご案内"
        return f"【{about}】{title}（{self.held_on.month}月{self.held_on.day}日）"

    @property
    def text(self) -> str:
        """The letter's words, the same by e-mail and on paper."""
        said = _BEFORE if self.kind == ReminderKind.BEFORE else _after(self.attendance.status)
        return "\n".join(
            [f"{self.attendance.staff.name} 様", "", said, "", *self._facts(), "", _CLOSING]
        )

    def _facts(self) -> list[str]:
        offering = self.attendance.offering
        when = f"{era_date(self.held_on)}（{weekday_name(self.held_on)}）"
        is_coming = self.kind == ReminderKind.BEFORE
        if is_coming and offering.ends_on > offering.starts_on:
            when += f"から{era_date(offering.ends_on)}まで"
        if is_coming and offering.starts_at:
            when += f" {offering.starts_at:%H:%M}開始"
        venue = offering.venue if is_coming else ""
        return [
            f"研修：{offering.course.title}",
            f"日時：{when}",
            *([f"会場：{venue}"] if venue else []),
        ]


_BEFORE: Final = (
    "受講予定の研修の日が近づきました。\n"
    "出席できないときは、開催日の前に人事担当へ連絡してください。"
)
_AGAIN: Final = (
    "対象の職員全員に受けていただく研修です。"
    "別の回で受けられるよう、所属長と日程を相談し、人事担当へ申し込んでください。"
)
_AFTER: Final[dict[str, str]] = {
    AttendanceStatus.ABSENT: f"次の研修は、欠席と記録されています。\n{_AGAIN}",
    AttendanceStatus.LEFT_EARLY: f"次の研修は、早退のため修了になっていません。\n{_AGAIN}",
    AttendanceStatus.NOTIFIED: f"次の研修の欠席届を受け取りました。\n{_AGAIN}",
}
_CLOSING: Final = "人事担当（デジタル人材育成管理）"


def _after(status: str) -> str:
    """The words for how it was missed; a mark put right since leaves those of an absence."""
    return _AFTER.get(status, _AFTER[AttendanceStatus.ABSENT])


def pace_here() -> Pace:
    """The pace set for this installation."""
    return Pace(before=settings.REMIND_BEFORE, after_absence=settings.REMIND_AFTER_ABSENCE)


def due(today: date, pace: Pace) -> list[Letter]:
    """The reminders that are due on the day and not made yet, by department and person.

    Before an offering: everybody booked, from so many working days before it until its eve. After
    an absence: whoever missed it and still owes a row of the plan without a new booking, from so
    many working days after its end, for two weeks. Nobody who has left or is on leave. The
    queries are as many as the rows of the plan and their categories, whoever was absent.
    """
    found = [
        *((row, ReminderKind.BEFORE, row.offering.starts_on) for row in _coming(today, pace)),
        *((row, ReminderKind.ABSENT, row.offering.ends_on) for row in _missed(today, pace)),
    ]
    places = places_today({row.staff_id for row, _, _ in found}, today)
    letters = [
        Letter(row, kind, held_on, places[row.staff_id])
        for row, kind, held_on in found
        if row.staff_id in places and row.staff.is_employed(max(today, held_on))
    ]
    return sorted(letters, key=by_department)


def places_today(staff_ids: set[int], today: date) -> dict[int, Assignment]:
    """Where those of these people stand who are at work today."""
    places = Assignment.objects.employed(today).filter(staff__in=staff_ids, duty=Duty.ACTIVE)
    return {place.staff_id: place for place in places.select_related("department")}


def unclear_letters(today: date) -> list[tuple[Reminder, Letter]]:
    """Those of which nobody knows whether they went out, with their words."""
    rows = list(
        Reminder.objects.unclear()
        .select_related("attendance__staff", "attendance__offering__course")
        .order_by("pk")
    )
    places = places_today({row.attendance.staff_id for row in rows}, today)
    return [
        (
            row,
            Letter(
                row.attendance,
                ReminderKind(row.kind),
                row.held_on,
                places.get(row.attendance.staff_id),
            ),
        )
        for row in rows
    ]


def goes_by_mail(letter: Letter) -> bool:
    """Whether the letter goes out by itself here: e-mail is configured and there is an address."""
    return settings.SENDS_EMAIL and bool(letter.address)


def by_department(letter: Letter) -> tuple[int, str, str, date, str]:
    """The order of departments; those without a place come last."""
    number, place = letter.attendance.staff.number, letter.place
    if place is None:
        return (1_000_000, "", number, letter.held_on, letter.kind)
    return (place.department.order, place.department.code, number, letter.held_on, letter.kind)


def _coming(today: date, pace: Pace) -> QuerySet[Attendance]:
    if not pace.before:
        return Attendance.objects.none()
    last = working_days_after(today, pace.before)
    return _not_made(ReminderKind.BEFORE, "offering__starts_on").filter(
        status=AttendanceStatus.BOOKED,
        offering__starts_on__gt=today,
        offering__starts_on__lte=last,
    )


def _missed(today: date, pace: Pace) -> list[Attendance]:
    if not pace.after_absence:
        return []
    # So many working days lie between the offering's end and the end of today.
    ended_before = working_days_before(today + _ONE_DAY, pace.after_absence)
    rows = list(
        _not_made(ReminderKind.ABSENT, "offering__ends_on").filter(
            status__in=MISSED,
            offering__ends_on__lt=ended_before,
            offering__ends_on__gte=ended_before - CATCH_UP,
        )
    )
    still_owed = _owed_after_absence(today, {row.category for row in rows})
    return [row for row in rows if (row.category, row.staff.number) in still_owed]


def _not_made(kind: ReminderKind, day: str) -> QuerySet[Attendance]:
    made = Reminder.objects.filter(attendance=OuterRef("pk"), kind=kind, held_on=OuterRef(day))
    return Attendance.objects.filter(
        ~Exists(made), offering__cancelled_at__isnull=True
    ).select_related("staff", "offering__course")


def _owed_after_absence(today: date, categories: set[str]) -> set[tuple[str, str]]:
    """Category and number of those who missed it and neither completed nor booked it since."""
    rule = CountingRule.objects.in_force(today)
    return {
        (category, one.number)
        for category in categories
        for row in programmes_owed(category, today)
        for one in outstanding(row, today, rule, None)
        if one.reason == "absent"
    }
