"""Nominations, as they are written, handed in to HR and taken back."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from agano_dx.lib.errors import DomainError
from leaders.eligibility import candidates
from leaders.models import (
    Cohort,
    EnteredAs,
    Nomination,
    NominationAct,
    NominationEvent,
    NominationStatus,
)
from leaders.openings import (
    Opening,
    Sight,
    entered_as,
    opening,
    opening_on_behalf,
    terms_by_unit,
)
from leaders.services.locking import lock_cohort
from staff.access import access_of
from staff.models import Department, StaffMember, User
from staff.organisation import DepartmentTree
from training.models import Counting


class NotEligibleError(DomainError):
    """The person may not be nominated, or no longer."""


class RoundClosedError(DomainError):
    """The round takes no nominations on this day."""


class NotSubmittedError(DomainError):
    """The nomination does not stand where the act needs it."""


class OwnNominationError(DomainError):
    """Nobody writes, withdraws or decides about their own nomination."""


class NotNominatingError(DomainError):
    """Whoever asks does not nominate for the department, or no longer."""


class NominationChangedMeanwhileError(DomainError):
    """Somebody else wrote in the nomination after this page was opened."""

    def __init__(self, now: Nomination) -> None:
        super().__init__(
            "ほかの人がこの推薦を書き直しました。下の「今の内容」と見比べて直し、"
            "もう一度押してください。"
        )
        self.now = now


@dataclass(frozen=True, slots=True)
class Sheet:
    """What whoever nominates has written, and where.

    `stored`: the nomination it goes on with; `seen`: the version of it that was on the page.
    """

    cohort: Cohort
    department: Department
    staff: StaffMember
    reason: str
    expected_role: str
    has_consent: bool
    stored: Nomination | None = None
    seen: int | None = None

    def stands_in(self, nomination: Nomination) -> bool:
        """Whether the nomination says just this."""
        return (self.staff.pk, self.reason, self.expected_role, self.has_consent) == (
            nomination.staff_id,
            nomination.reason,
            nomination.expected_role,
            nomination.has_consent,
        )


@transaction.atomic
def save_draft(*, sheet: Sheet, by: User, on: date, rule: Counting) -> Nomination:
    """Keep what has been written so far; one that came back stays 差戻し.

    In the round or outside it, until the cohort is over: HR can hand in what a head was late with.
    The same sent twice is kept once.
    """
    cohort = lock_cohort(sheet.cohort.pk)
    capacity = _capacity(by, sheet.department, on)
    if cohort.is_over(on):
        raise RoundClosedError(f"{cohort}は終わっています。人事担当に確かめてください。")
    desk = _on_the_desk(sheet, NominationStatus.DRAFT)
    if desk.pk and desk.is_on_the_desk and sheet.stands_in(desk):
        return desk
    _check_writable(desk, sheet, by)
    _check_sheet(sheet, by, on, rule)
    _write(desk, sheet, capacity)
    return desk


@transaction.atomic
def submit(*, sheet: Sheet, by: User, on: date, at: datetime, rule: Counting) -> Nomination:
    """Hand a nomination to HR: a new one, a draft, or one that came back.

    The cohort's lock comes first: two nominations of one person cannot both pass the check. The
    same sent twice is handed in once.
    """
    cohort = lock_cohort(sheet.cohort.pk)
    capacity = _capacity(by, sheet.department, on)
    desk = _on_the_desk(sheet, NominationStatus.SUBMITTED)
    if desk.status == NominationStatus.SUBMITTED and sheet.stands_in(desk):
        return desk
    _check_writable(desk, sheet, by)
    found = _opening(cohort, sheet.department, capacity, Sight.of(access_of(by, on), on))
    _check_sheet(sheet, by, on, rule)
    desk.status = NominationStatus.SUBMITTED
    desk.replaces = found.replaces
    desk.submitted_by = by
    desk.submitted_at = at
    _write(desk, sheet, capacity)
    NominationEvent.objects.create(
        nomination=desk, act=NominationAct.SUBMITTED, by=by, entered_as=capacity, at=at
    )
    return desk


@transaction.atomic
def withdraw(
    *,
    nomination: Nomination,
    department: Department,
    comment: str,
    by: User,
    on: date,
    at: datetime,
) -> Nomination:
    """Take it back before it is approved; the reason stays with it."""
    lock_cohort(nomination.cohort_id)
    capacity = _capacity(by, department, on)
    locked = Nomination.objects.select_for_update().get(pk=nomination.pk)
    if not locked.is_open:
        raise NotSubmittedError(
            f"この推薦は{locked.get_status_display()}です。経過で確かめてください。"
        )
    if by.staff_id == locked.staff_id:
        raise OwnNominationError(
            "自分の推薦を取り下げることはできません。部署長か人事担当に頼んでください。"
        )
    locked.status = NominationStatus.WITHDRAWN
    locked.version += 1
    locked.save(update_fields=["status", "version"])
    NominationEvent.objects.create(
        nomination=locked,
        act=NominationAct.WITHDRAWN,
        by=by,
        entered_as=capacity,
        at=at,
        comment=comment,
    )
    return locked


def _capacity(by: User, department: Department, on: date) -> EnteredAs:
    """In what capacity the account nominates here, asked again under the lock."""
    found = entered_as(access_of(by, on), department.pk)
    if found is None:
        raise NotNominatingError("この部署の推薦はできなくなりました。人事担当に相談してください。")
    return found


def _on_the_desk(sheet: Sheet, wanted: NominationStatus) -> Nomination:
    """The nomination as it stands now; a new one may have been made by the same click before."""
    if sheet.stored is not None:
        return Nomination.objects.select_for_update().get(pk=sheet.stored.pk)
    same = Nomination.objects.filter(
        cohort=sheet.cohort,
        department=sheet.department,
        staff=sheet.staff,
        status=wanted,
        reason=sheet.reason,
        expected_role=sheet.expected_role,
        has_consent=sheet.has_consent,
    )
    return same.first() or Nomination(cohort=sheet.cohort, department=sheet.department)


def _check_writable(desk: Nomination, sheet: Sheet, by: User) -> None:
    if not desk.is_on_the_desk:
        raise NotSubmittedError(
            f"この推薦は{desk.get_status_display()}です。推薦の一覧で確かめてください。"
        )
    if desk.pk and desk.staff_id == by.staff_id:
        raise OwnNominationError(
            "自分の推薦を書き直すことはできません。部署長か人事担当に頼んでください。"
        )
    if desk.pk and desk.version != sheet.seen:
        raise NominationChangedMeanwhileError(desk)


def _opening(cohort: Cohort, department: Department, capacity: EnteredAs, sight: Sight) -> Opening:
    terms = terms_by_unit(cohort, DepartmentTree.load(sight.on))[department.pk]
    ask = opening_on_behalf if capacity == EnteredAs.HR else opening
    found = ask(cohort, terms, sight)
    if found is None:
        raise RoundClosedError(f"{cohort}の推薦は受付期間外です。人事担当に確かめてください。")
    return found


def _check_sheet(sheet: Sheet, by: User, on: date, rule: Counting) -> None:
    _check_eligible(
        sheet.department, sheet.cohort, sheet.staff, on, rule, sheet.stored, by.staff_id
    )


def _write(desk: Nomination, sheet: Sheet, capacity: EnteredAs) -> None:
    desk.staff = sheet.staff
    desk.reason = sheet.reason
    desk.expected_role = sheet.expected_role
    desk.has_consent = sheet.has_consent
    desk.entered_as = capacity
    desk.version += 1 if desk.pk else 0
    desk.full_clean(exclude=["department", "cohort"])
    desk.save()


def _check_eligible(
    department: Department,
    cohort: Cohort,
    staff: StaffMember,
    on: date,
    rule: Counting,
    apart_from: Nomination | None,
    asker: int | None = None,
) -> None:
    for candidate in candidates(department, cohort, on, rule, apart_from, asker):
        if candidate.staff == staff:
            if candidate.is_eligible:
                return
            raise NotEligibleError(f"この職員は推薦できません。{candidate.reason}")
    raise NotEligibleError("この職員はこの部署にいません。推薦する人を選び直してください。")
