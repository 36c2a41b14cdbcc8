"""推薦書: a nomination as a letter from the head to HR, as things stood when it was handed in."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from leaders.models import EnteredAs, LeaderTerm, Nomination, NominationEvent
from staff.heads import Head, heads_of
from staff.models import Assignment
from staff.organisation import DepartmentTree


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One letter. `entered_by` names who typed it in the head's place; else it is empty."""

    nomination: Nomination
    on: date
    unit: str
    head: Head | None
    entered_by: str
    rank: str
    terms: list[LeaderTerm]
    events: list[NominationEvent]


@dataclass(frozen=True)
class _Places:
    """The places of people over time, and the departments, read once."""

    tree: DepartmentTree
    places: dict[int, list[Assignment]]
    heads: dict[tuple[date, int], Head] = field(default_factory=dict)

    def rank(self, staff_id: int, on: date) -> str:
        """The rank held on the day."""
        held = [place for place in self.places[staff_id] if place.starts_on <= on]
        return held[-1].rank.name if held else ""

    def seen(self, on: date) -> DepartmentTree:
        """The departments as they were on the day."""
        return DepartmentTree(self.tree.by_id, on)


def recommendations(nominations: Sequence[Nomination], today: date) -> list[Recommendation]:
    """The letters, each of the day its nomination was handed in.

    The nominations come with cohort, department, staff and submitted_by__staff. A handful of
    queries, and two for each day on which something was handed in: a round has few of them.
    """
    known = _known(nominations, today)
    terms, events = _terms(nominations), _events(nominations)
    return [
        _letter(one, _day(one, today), known, terms[one.staff_id], events[one.pk])
        for one in nominations
    ]


def _letter(
    nomination: Nomination,
    on: date,
    known: _Places,
    terms: Iterable[LeaderTerm],
    events: list[NominationEvent],
) -> Recommendation:
    unit = known.seen(on).current(nomination.department_id)
    head, by = known.heads.get((on, unit.pk)), nomination.submitted_by
    typed = by.staff if by else None
    entered_by = ""
    if nomination.entered_as != EnteredAs.HEAD:
        role = EnteredAs(nomination.entered_as).label
        entered_by = f"{role}　{typed.name}" if typed else role
    elif typed and (head is None or head.name != typed.name):
        # Of several heads the one who handed it in signs: the 部長 for a section under them.
        head = Head(known.rank(typed.pk, on), typed.name)
    return Recommendation(
        nomination=nomination,
        on=on,
        unit=unit.name,
        head=head,
        entered_by=entered_by,
        rank=known.rank(nomination.staff_id, on),
        terms=[term for term in terms if term.starts_on <= on],
        events=events,
    )


def _day(nomination: Nomination, today: date) -> date:
    at = nomination.submitted_at
    return timezone.localtime(at).date() if at else today


def _known(nominations: Sequence[Nomination], today: date) -> _Places:
    people = {one.staff_id for one in nominations}
    people |= {
        one.submitted_by.staff_id
        for one in nominations
        if one.submitted_by and one.submitted_by.staff_id
    }
    places: dict[int, list[Assignment]] = defaultdict(list)
    for place in (
        Assignment.objects.filter(staff__in=people).select_related("rank").order_by("starts_on")
    ):
        places[place.staff_id].append(place)
    known = _Places(DepartmentTree.load(today), places)
    units: dict[date, set[int]] = defaultdict(set)
    for one in nominations:
        day = _day(one, today)
        units[day].add(known.seen(day).current(one.department_id).pk)
    for day, wanted in units.items():
        for unit, head in heads_of(wanted, known.seen(day)).items():
            known.heads[day, unit] = head
    return known


def _terms(nominations: Sequence[Nomination]) -> dict[int, list[LeaderTerm]]:
    """Where each person led before, apart from the term that the nomination itself made."""
    found: dict[int, list[LeaderTerm]] = defaultdict(list)
    for term in (
        LeaderTerm.objects.filter(staff__in={one.staff_id for one in nominations})
        .exclude(nomination__in=nominations)
        .select_related("cohort", "department")
        .order_by("starts_on")
    ):
        found[term.staff_id].append(term)
    return found


def _events(nominations: Sequence[Nomination]) -> dict[int, list[NominationEvent]]:
    found: dict[int, list[NominationEvent]] = defaultdict(list)
    for event in (
        NominationEvent.objects.filter(nomination__in=nominations)
        .select_related("by__staff")
        .order_by("at", "pk")
    ):
        found[event.nomination_id].append(event)
    return found
