"""登用の候補: who may become a specialist, and what is known of them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef

from leaders.models import Activity, LeaderTerm, Route, SpecialistDesignation
from leaders.specialists.office import Stay, stay_of, stays
from staff.models import Assignment, AssignmentQuerySet
from training.models import (
    Attendance,
    Category,
    Counting,
    Evidence,
    EvidenceKind,
    EvidenceState,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody with what speaks for them, as of a day.

    `terms`: completed ones. `learned`: the categories completed by the counting rule. `starts_on`:
    the day of a designation that is still to begin.
    """

    place: Assignment
    stay: Stay | None
    terms: tuple[LeaderTerm, ...]
    learned: tuple[Category, ...]
    qualifications: tuple[str, ...]
    ojt_hours: Decimal
    activities: int
    starts_on: date | None

    @property
    def routes(self) -> tuple[Route, ...]:
        """The routes open to the person."""
        return _routes(self.stay, self.terms)

    @property
    def route_labels(self) -> str:
        """The routes in words: 推進室・リーダー."""
        return "・".join(str(route.label) for route in self.routes)

    @property
    def learned_labels(self) -> str:
        """The completed categories in words."""
        return "・".join(str(category.label) for category in self.learned)


def candidates(on: date, rule: Counting) -> list[Candidate]:
    """Those who could be designated on the day and are not, highest rank first. Nine queries.

    In service that day; in the digital office then or before, or with a completed leader's term.
    """
    in_office = stays(on)
    return _described(list(candidate_places(on, in_office)), in_office, on, rule)


def candidate_places(on: date, in_office: Collection[int]) -> AssignmentQuerySet:
    """The places on the day of the candidates, of whom these are or were in the office."""
    reached = {*in_office, *LeaderTerm.objects.completed(on).values_list("staff", flat=True)}
    active = SpecialistDesignation.objects.active(on).filter(staff=OuterRef("staff"))
    return (
        Assignment.objects.employed(on)
        .filter(~Exists(active), staff__in=reached)
        .select_related("staff", "department", "rank")
        .order_by("rank__order", "department__order", "staff__number")
    )


def profile(staff_id: int, on: date, rule: Counting) -> Candidate | None:
    """The same about one person in service, designated or not; with or without an open route."""
    places = Assignment.objects.employed(on).filter(staff=staff_id)
    stay = stay_of(staff_id, on)
    in_office = {staff_id: stay} if stay else {}
    shown = list(places.select_related("staff", "department", "rank"))
    return next(iter(_described(shown, in_office, on, rule)), None)


def routes_on(staff_id: int, on: date) -> tuple[Route, ...]:
    """The routes open to a person on the day, in three queries."""
    terms = tuple(LeaderTerm.objects.completed(on).filter(staff=staff_id))
    return _routes(stay_of(staff_id, on), terms)


def _routes(stay: Stay | None, terms: Sequence[LeaderTerm]) -> tuple[Route, ...]:
    possible = ((Route.OFFICE, stay is not None), (Route.LEADER, bool(terms)))
    return tuple(route for route, is_open in possible if is_open)


def _described(
    places: list[Assignment], in_office: dict[int, Stay], on: date, rule: Counting
) -> list[Candidate]:
    """What is known of the people at these places, in five queries whatever their number."""
    people = [place.staff_id for place in places]
    terms: dict[int, list[LeaderTerm]] = defaultdict(list)
    completed = LeaderTerm.objects.completed(on).filter(staff__in=people)
    for term in completed.select_related("cohort", "department").order_by("starts_on", "pk"):
        terms[term.staff_id].append(term)
    learned = _learned(people, on, rule)
    titles, hours = _proofs(people, on)
    activities = _activities(people, on)
    coming = _coming(people, on)
    return [
        Candidate(
            place=place,
            stay=in_office.get(place.staff_id),
            terms=tuple(terms[place.staff_id]),
            learned=tuple(one for one in Category if one in learned[place.staff_id]),
            qualifications=tuple(titles[place.staff_id]),
            ojt_hours=hours[place.staff_id],
            activities=activities.get(place.staff_id, 0),
            starts_on=coming.get(place.staff_id),
        )
        for place in places
    ]


def _learned(people: list[int], on: date, rule: Counting) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    done = Attendance.objects.completed(on, rule).filter(staff__in=people)
    for staff_id, category in done.order_by().values_list("staff", "category").distinct():
        found[staff_id].add(category)
    return found


def _proofs(people: list[int], on: date) -> tuple[dict[int, list[str]], dict[int, Decimal]]:
    """The titles of confirmed qualifications, and the confirmed hours of OJT."""
    titles: dict[int, list[str]] = defaultdict(list)
    hours: dict[int, Decimal] = defaultdict(Decimal)
    confirmed = Evidence.objects.filter(
        staff__in=people, state=EvidenceState.CONFIRMED, obtained_on__lte=on
    )
    for proof in confirmed.order_by("obtained_on", "pk"):
        if proof.kind == EvidenceKind.QUALIFICATION:
            titles[proof.staff_id].append(proof.title)
        elif proof.kind == EvidenceKind.OJT:
            hours[proof.staff_id] += proof.hours or 0
    return titles, hours


def _activities(people: list[int], on: date) -> dict[int, int]:
    """How many activities each has or had as a leader; those of coming terms do not count yet."""
    counted = (
        Activity.objects.filter(term__staff__in=people, term__starts_on__lte=on)
        .values_list("term__staff")
        .annotate(count=Count("pk"))
        .order_by()
    )
    return dict(counted.values_list("term__staff", "count"))


def _coming(people: list[int], on: date) -> dict[int, date]:
    coming = SpecialistDesignation.objects.filter(staff__in=people, starts_on__gt=on)
    return dict(coming.order_by("-starts_on").values_list("staff", "starts_on"))
