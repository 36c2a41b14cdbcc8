"""Nominations, as they are handed in to HR."""

from datetime import date, datetime

from django.db import transaction

from agano_dx.lib.errors import DomainError
from leaders.eligibility import candidates
from leaders.models import Cohort, Nomination, NominationStatus
from leaders.services.locking import lock_cohort
from staff.models import Department, StaffMember, User
from training.models import Counting


class NotEligibleError(DomainError):
    """The person may not be nominated, or no longer."""


class RoundClosedError(DomainError):
    """The round takes no nominations on this day."""


class NotSubmittedError(DomainError):
    """The nomination is not waiting for a decision."""


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
