"""What stands on the papers of leaders: letters of appointment, numbers of certificates."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from agano_dx.lib.fiscal import FiscalYear
from leaders.models import LeaderCertificate, LeaderTerm, NominationAct, NominationEvent
from staff.heads import Head, heads_of
from staff.models import Assignment, Department
from staff.organisation import DepartmentTree
from training.proofs import fold_number, read_number

# --- 任命通知 -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter of appointment of one term, to the person and to the head of the department.

    `place` and `rank`: where the person stands on the day; empty when they have left.
    """

    term: LeaderTerm
    place: str
    rank: str
    unit: Department
    head: Head | None
    dated_on: date

    @property
    def until(self) -> date:
        """The last day of the appointment: the cohort's, whatever came of the term since."""
        return self.term.cohort.ends_on

    @property
    def expected_role(self) -> str:
        """What the head expects; empty for a term that no nomination led to."""
        return self.term.nomination.expected_role if self.term.nomination else ""


def letters(
    terms: Sequence[LeaderTerm], tree: DepartmentTree, dated_on: date | None
) -> list[Letter]:
    """The letters of these terms as they stand on the tree's day; four queries.

    Dated as asked, else on the day of the approval, else on the term's first day.
    """
    places = {
        place.staff_id: place
        for place in Assignment.objects.employed(tree.on)
        .filter(staff__in=[term.staff_id for term in terms])
        .select_related("department", "rank")
    }
    units = {term.pk: tree.reporting_unit(term.department_id) for term in terms}
    heads = heads_of({unit.pk for unit in units.values()}, tree)
    approved = _approved_on([term.nomination_id for term in terms if term.nomination_id])
    found = []
    for term in terms:
        place, unit = places.get(term.staff_id), units[term.pk]
        found.append(
            Letter(
                term=term,
                place=place.department.name if place else "",
                rank=place.rank.name if place else "",
                unit=unit,
                head=heads.get(unit.pk),
                dated_on=dated_on or approved.get(term.nomination_id or 0) or term.starts_on,
            )
        )
    return found


def _approved_on(nomination_ids: Collection[int]) -> dict[int, date]:
    """The day, in Japan's time, on which each of these nominations was approved."""
    events = NominationEvent.objects.filter(
        nomination__in=nomination_ids, act=NominationAct.APPROVED
    )
    return {event.nomination_id: timezone.localtime(event.at).date() for event in events}


# --- 修了証 -------------------------------------------------------------------------------------


def read_leader_number(typed: str) -> tuple[FiscalYear, int] | None:
    """The year and serial of L-R8-12, ｌ－ｒ８－１２ or 第L-R8-0012号; `None` when it is none.

    Without its L it is the number of a training's certificate, which is another paper.
    """
    folded = fold_number(typed).removeprefix("第")
    if not folded.startswith("L"):
        return None
    return read_number(folded.removeprefix("L").removeprefix("-"))


def certificate_numbered(year: FiscalYear, serial: int) -> LeaderCertificate | None:
    """The certificate with this number, and the term it rests on."""
    found = LeaderCertificate.objects.filter(fiscal_year=year.year, serial=serial)
    return found.select_related("term__staff", "term__cohort").first()
