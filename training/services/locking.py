"""An offering under lock: the one door to every change of the people on it."""

from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import FiscalYear
from agano_dx.lib.locks import told_when_held
from training.models import FrozenYear, Offering


class OfferingClosedError(DomainError):
    """The offering's records are closed, or it was called off."""


class FrozenYearError(DomainError):
    """The figures of the offering's year are final."""


def lock_offering(offering: Offering) -> Offering:
    """The offering, locked until the transaction ends.

    Its course is not joined: after waiting for the lock PostgreSQL reads this row anew, not others,
    and the category of the course may have been changed meanwhile.
    """
    with told_when_held():
        return Offering.objects.select_for_update().get(pk=offering.pk)


def lock_open(offering: Offering) -> Offering:
    """The offering, locked; refused when it is closed, called off, or of a frozen year.

    An offering belongs to the year in which it ends.
    """
    locked = lock_offering(offering)
    refuse_shut(locked)
    return locked


def refuse_shut(offering: Offering) -> None:
    """Refuse when the offering is closed, called off, or of a frozen year."""
    if offering.cancelled_at is not None:
        raise OfferingClosedError("この開催回は中止になったため、変更できません。")
    if offering.closed_at is not None:
        raise OfferingClosedError(
            "この開催回は締め済みのため、変更できません。直すときは、先に締めを取り消してください。"
        )
    refuse_frozen(FiscalYear.containing(offering.ends_on))


def refuse_frozen(*years: FiscalYear) -> None:
    """Refuse when the figures of one of the years are final."""
    frozen = FrozenYear.objects.filter(fiscal_year__in=[year.year for year in years]).first()
    if frozen is not None:
        raise FrozenYearError(
            f"{frozen.fiscal_year.long_label}の数値は確定済みのため、出欠を変更できません。"
        )
