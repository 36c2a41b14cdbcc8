"""Questions about certificates, evidence and reports that several pages ask."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agano_dx.lib.fiscal import FiscalYear
from staff.access import Access, heads_among
from staff.models import Assignment
from training.models import (
    Attendance,
    AttendanceStatus,
    Certificate,
    Evidence,
    EvidenceKind,
    EvidenceState,
    Mode,
    TrainingReport,
)

_NUMBER = re.compile(r"第?(?P<year>[^-]+)-(?P<serial>[0-9]{1,6})号?")
# What people type between the year and the number; ー is the same key in kana mode.
_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—―−ー", "-"))


# --- Certificates -------------------------------------------------------------------------------


def fold_number(typed: str) -> str:
    """The number of a paper as it is printed, whatever keys it was typed with: R8-0012."""
    return "".join(unicodedata.normalize("NFKC", typed).split()).upper().translate(_HYPHENS)


def read_number(typed: str) -> tuple[FiscalYear, int] | None:
    """The year and serial of R8-12, ｒ８－００１２ or 第R8-0012号; `None` when it is no number."""
    written = _NUMBER.fullmatch(fold_number(typed))
    if written is None:
        return None
    try:
        return FiscalYear.parse(written["year"]), int(written["serial"])
    except ValueError:
        return None


def certificate_numbered(year: FiscalYear, serial: int) -> Certificate | None:
    """The certificate with this number, and the record it rests on."""
    found = Certificate.objects.filter(fiscal_year=year.year, serial=serial)
    return found.select_related("attendance__staff", "attendance__offering__course").first()


# --- What waits to be checked -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits for the asker: qualifications, OJT records."""

    qualifications: int
    ojt: int


def waiting_for(access: Access, on: date) -> Waiting:
    """What the asker is expected to check, never their own; in a constant number of queries."""
    waiting = Evidence.objects.visible_to(access, on).waiting().exclude(staff=access.staff_id)
    qualifications = 0
    if access.keeps_training:
        qualifications = waiting.filter(kind=EvidenceKind.QUALIFICATION).count()
    doing_ojt = list(waiting.filter(kind=EvidenceKind.OJT).values_list("staff", flat=True))
    expected = expected_of(access, doing_ojt, on)
    return Waiting(qualifications, sum(staff in expected for staff in doing_ojt))


def unread_reports(access: Access, on: date) -> int:
    """How many reports the asker is expected to read, never their own."""
    unread = TrainingReport.objects.visible_to(access, on).filter(
        submitted_at__isnull=False, read_at__isnull=True
    )
    authors = list(unread.values_list("attendance__staff", flat=True))
    expected = expected_of(access, authors, on)
    return sum(author in expected for author in authors)


def expected_of(access: Access, staff_ids: Collection[int], on: date) -> frozenset[int]:
    """Of these people those whose OJT and reports the asker confirms, never the asker.

    That is the head; of those who head a department themselves also those who keep the training.
    """
    others = frozenset(staff_ids) - {access.staff_id}
    expected: frozenset[int] = frozenset()
    if others and access.headed:
        own = Assignment.objects.as_of(on).within(access.headed).filter(staff__in=others)
        expected |= frozenset(own.values_list("staff", flat=True))
    if others and access.keeps_training:
        expected |= heads_among(others, on)
    return expected


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One line of a list: the evidence, and where its person stands on the day."""

    evidence: Evidence
    department: str


def rows_of(found: Iterable[Evidence], on: date) -> list[EvidenceRow]:
    """The lines of a list, with the departments in one query."""
    listed = list(found)
    places = Assignment.objects.as_of(on).filter(staff__in={one.staff_id for one in listed})
    names = dict(places.values_list("staff", "department__name"))
    return [EvidenceRow(one, names.get(one.staff_id, "（所属なし）")) for one in listed]


# --- OJT ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OjtProgress:
    """One person's place on an OJT offering: its records, and how far they are."""

    place: Attendance
    records: list[Evidence]

    @property
    def needed(self) -> Decimal | None:
        """The hours of the course; without them the first confirmed record is enough."""
        return self.place.offering.course.hours

    @property
    def confirmed(self) -> Decimal:
        """The hours confirmed so far."""
        return self._hours(EvidenceState.CONFIRMED)

    @property
    def waiting(self) -> Decimal:
        """The hours that wait to be confirmed."""
        return self._hours(EvidenceState.SUBMITTED)

    @property
    def words(self) -> str:
        """How far it is: 確認済み 4.0 / 10.0 時間."""
        goal = f" / {self.needed}" if self.needed is not None else ""
        return f"確認済み {self.confirmed}{goal} 時間"

    @property
    def takes_records(self) -> bool:
        """Whether the person may write: a booked place."""
        return self.place.status == AttendanceStatus.BOOKED

    def _hours(self, state: EvidenceState) -> Decimal:
        found = (record.hours or Decimal(0) for record in self.records if record.state == state)
        return sum(found, Decimal("0.0"))


def ojt_of(staff_id: int | None) -> list[OjtProgress]:
    """The person's places on OJT offerings, the latest first; in two queries."""
    places = (
        Attendance.objects.filter(staff=staff_id, offering__mode=Mode.OJT)
        .exclude(status__in=[AttendanceStatus.CANCELLED, AttendanceStatus.WAITING])
        .select_related("offering__course")
        .order_by("-offering__starts_on", "-pk")
    )
    return _with_records(list(places))


def ojt_progress(place: Attendance) -> OjtProgress:
    """How far one place is."""
    return _with_records([place])[0]


def _with_records(places: list[Attendance]) -> list[OjtProgress]:
    found: dict[int | None, list[Evidence]] = defaultdict(list)
    records = Evidence.objects.filter(attendance__in=places).select_related("confirmed_by__staff")
    for record in records.order_by("obtained_on", "pk"):
        found[record.attendance_id].append(record)
    return [OjtProgress(place, found[place.pk]) for place in places]
