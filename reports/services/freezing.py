"""Making a year's figures final: its records are locked, and what they say is kept."""

from datetime import date

from django.db import transaction
from django.db.models import Max

from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import FiscalYear
from agano_dx.lib.locks import take_exclusive
from reports.documents import progress_document
from reports.kept_figures import agree
from reports.models import Snapshot
from reports.models.snapshots import digest_of
from reports.progress import progress
from reports.snapshots import members_document, rule_document
from reports.standing import standings
from staff.access import access_of
from staff.models import User
from staff.organisation import DepartmentTree
from staff.services.rosters.locking import LOCK as ROSTERS
from training.models import AttendanceChange, FrozenYear
from training.services.freezing import counted_by, freeze_year

# How often the records are counted before those who write at the same time are let finish.
TRIES = 3


class NotForHrError(DomainError):
    """Only the personnel office makes figures final."""


class UnsettledError(DomainError):
    """The records changed while they were counted."""


@transaction.atomic
def freeze(*, year: FiscalYear, by: User, today: date) -> Snapshot:
    """Lock the year's records and keep its figures, rule and members. The same twice is once.

    Years are frozen one at a time (`freeze_year` takes the lock), and nobody marks meanwhile. A
    year whose records were locked before figures were kept gets them now, as they are known.
    """
    if not access_of(by, today).is_hr:
        raise NotForHrError("数値を確定できるのは人事担当です。人事担当に頼んでください。")
    take_exclusive(ROSTERS)  # no roster moves anybody between the figures and the members
    frozen = freeze_year(year=year, by=by, today=today)
    kept = Snapshot.objects.filter(fiscal_year=year.year).first()
    return kept or _keep(frozen, by)


def _keep(frozen: FrozenYear, by: User) -> Snapshot:
    for _ in range(TRIES):
        made = _taken(frozen, by)
        if agree(made):
            made.save(force_insert=True)
            return made
    raise UnsettledError(
        "ほかの人が同時に記録を変えているため、確定できませんでした。少し待ってから、もう一度確定してください。"
    )


def _taken(frozen: FrozenYear, by: User) -> Snapshot:
    """The figures and the members; on PostgreSQL somebody may write between the two."""
    day = frozen.fiscal_year.last_day
    rule = counted_by(frozen)
    last = AttendanceChange.objects.aggregate(last=Max("pk"))["last"] or 0
    figures = progress_document(progress(day, rule, None))
    members = members_document(standings(day, None), DepartmentTree.load(day), changes_until=last)
    counted = rule_document(rule)
    return Snapshot(
        fiscal_year=frozen.fiscal_year,
        as_of=day,
        frozen_by=by,
        figures=figures,
        rule=counted,
        members=members,
        digest=digest_of(figures, counted, members),
    )
