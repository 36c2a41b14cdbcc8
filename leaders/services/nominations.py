"""Nominations, from the head's desk to a leader's term."""

from datetime import date, datetime

from django.db import transaction

from agano_dx.lib.errors import DomainError
from leaders.eligibility import candidates
from leaders.models import Cohort, LeaderTerm, Nomination, NominationStatus
from leaders.services.locking import lock_cohort
from staff.models import Department, StaffMember, User
from training.models import Counting


class NotEligibleError(DomainError):
    """The person may not be nominated, or no longer."""


class RoundClosedError(DomainError):
    """The round takes no nominations on this day."""


class NotSubmittedError(DomainError):
    """The nomination is not waiting for a decision."""


class OwnNominationError(DomainError):
    """Nobody decides on their own nomination."""


@transaction.atomic
def submit_nomination(
    *,
    cohort: Cohort,
    department: Department,
    staff: StaffMember,
    reason: str,
    expected_role: str,
    has_consent: bool,
    by: User,
    on: date,
    at: datetime,
    rule: Counting,
    returned: Nomination | None = None,
) -> Nomination:
    """Hand a nomination to HR, or hand a returned one in again.

    The cohort row is locked: two nominations of one person cannot both pass the check.
    """
    locked = lock_cohort(cohort.pk)
    if not locked.takes_nominations(on):
        raise RoundClosedError(f"{locked}の推薦は受付期間外です。人事担当に確かめてください。")
    nomination = Nomination(cohort=locked, department=department, staff=staff)
    if returned is not None:
        nomination = Nomination.objects.select_for_update().get(pk=returned.pk)
        if nomination.status != NominationStatus.RETURNED:
            raise NotSubmittedError("この推薦は提出済みです。一覧で確かめてください。")
    _check_eligible(department, locked, staff, on, rule, returned)
    nomination.staff = staff
    nomination.reason = reason
    nomination.expected_role = expected_role
    nomination.has_consent = has_consent
    nomination.status = NominationStatus.SUBMITTED
    nomination.submitted_by = by
    nomination.submitted_at = at
    nomination.full_clean(exclude=["department", "cohort"])
    nomination.save()
    return nomination


@transaction.atomic
def approve_nomination(*, nomination: Nomination, by: User, on: date, rule: Counting) -> LeaderTerm:
    """Approve: the person becomes a leader from the cohort's first day, or from today if later.

    Eligibility is checked again under the lock.
    """
    locked = _lock_submitted(nomination, by)
    _check_eligible(locked.department, locked.cohort, locked.staff, on, rule, locked)
    locked.status = NominationStatus.APPROVED
    locked.save(update_fields=["status"])
    term = LeaderTerm(
        cohort=locked.cohort,
        staff=locked.staff,
        department=locked.department,
        starts_on=max(on, locked.cohort.starts_on),
    )
    term.full_clean()
    term.save()
    return term


@transaction.atomic
def return_nomination(*, nomination: Nomination, by: User, comment: str) -> Nomination:
    """Send it back to the head with a comment."""
    locked = _lock_submitted(nomination, by)
    locked.status = NominationStatus.RETURNED
    locked.comment = comment
    locked.full_clean(exclude=["department", "cohort", "staff", "submitted_by"])
    locked.save(update_fields=["status", "comment"])
    return locked


def _lock_submitted(nomination: Nomination, by: User) -> Nomination:
    lock_cohort(nomination.cohort_id)
    locked = (
        Nomination.objects.select_for_update(of=("self",))
        .select_related("cohort", "department", "staff")
        .get(pk=nomination.pk)
    )
    if locked.status != NominationStatus.SUBMITTED:
        raise NotSubmittedError("この推薦はすでに処理されています。一覧で確かめてください。")
    if by.staff_id == locked.staff_id or by.pk == locked.submitted_by_id:
        raise OwnNominationError(
            "自分の推薦や自分が提出した推薦は承認・差戻しできません。別の担当者に頼んでください。"
        )
    return locked


def _check_eligible(
    department: Department,
    cohort: Cohort,
    staff: StaffMember,
    on: date,
    rule: Counting,
    apart_from: Nomination | None,
) -> None:
    for candidate in candidates(department, cohort, on, rule, apart_from):
        if candidate.staff == staff:
            if candidate.is_eligible:
                return
            raise NotEligibleError(f"この職員は推薦できません。{candidate.reason}")
    raise NotEligibleError("この職員はこの部署にいません。推薦する人を選び直してください。")
