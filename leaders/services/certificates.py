"""修了証 of leaders: one for each completed term, numbered without gaps through the fiscal year."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Max, QuerySet

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import FiscalYear
from agano_dx.lib.locks import take_exclusive
from leaders.models import Cohort, LeaderCertificate, LeaderTerm
from leaders.services.locking import lock_cohort, lock_term
from staff.models import User

NUMBERING = "leaders.certificates"


class NothingToCertifyError(DomainError):
    """The term is not completed, or not yet over."""


@transaction.atomic
def issue_certificate(*, term: LeaderTerm, by: User, today: date) -> LeaderCertificate:
    """The certificate of one completed term; issued twice it is the same."""
    locked = lock_term(term)
    if not LeaderTerm.objects.completed(today).filter(pk=locked.pk).exists():
        raise NothingToCertifyError(
            "修了と判定されていないため、修了証を発行できません。"
            "判定が違うときは人事担当に連絡してください。"
        )
    there = LeaderCertificate.objects.filter(term=locked).valid().first()
    return there or _issue([locked], by, today)[0]


@transaction.atomic
def issue_certificates(*, cohort: Cohort, by: User, today: date) -> list[LeaderCertificate]:
    """Certificates for all completed terms of a cohort that have none; the others keep theirs.

    In a constant number of statements.
    """
    locked = lock_cohort(cohort.pk)
    without = list(
        terms_without(locked, today)
        .select_related("staff", "department")
        .order_by("department__order", "starts_on", "pk")
    )
    return _issue(without, by, today) if without else []


def terms_without(cohort: Cohort, today: date) -> QuerySet[LeaderTerm]:
    """The completed terms of a cohort for which no certificate holds."""
    there = LeaderCertificate.objects.filter(term__cohort=cohort).valid()
    return (
        LeaderTerm.objects.completed(today)
        .filter(cohort=cohort)
        .exclude(pk__in=there.values("term"))
    )


def _issue(terms: Sequence[LeaderTerm], by: User, today: date) -> list[LeaderCertificate]:
    """Number and write them. Only one transaction at a time gives numbers."""
    take_exclusive(NUMBERING)
    year = FiscalYear.containing(today)
    numbered = LeaderCertificate.objects.filter(fiscal_year=year.year)
    last = numbered.aggregate(Max("serial"))["serial__max"]
    made = LeaderCertificate.objects.bulk_create(
        LeaderCertificate(
            term=term,
            fiscal_year=year,
            serial=serial,
            issued_on=today,
            staff_name=term.staff.name,
            department_name=term.department.name,
            starts_on=term.starts_on,
            ends_on=term.ends_on,
        )
        for serial, term in enumerate(terms, start=(last or 0) + 1)
        if term.ends_on is not None
    )
    audit.record(
        by=by,
        action=audit.CREATE,
        about=[(one, {"number": (None, one.number), "term": (None, one.term_id)}) for one in made],
    )
    return made
