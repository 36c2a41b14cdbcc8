"""The city's people as an import compares with them: read in three queries, asked in memory."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from staff.models import Assignment, ConcurrentPost, StaffMember


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person stands from a day on, by code and name."""

    starts_on: date
    department: str
    rank: str
    team: str
    duty: str
    employment: str


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A concurrent post and its days."""

    department: str
    rank: str
    starts_on: date
    ends_on: date | None

    def held_on(self, on: date) -> bool:
        """Whether it is held on the day."""
        return self.starts_on <= on and (self.ends_on is None or self.ends_on >= on)


@dataclass(slots=True)
class Person:
    """A staff member with all places, earliest first."""

    pk: int
    number: str
    name: str
    kana: str
    email: str
    hired_on: date
    left_on: date | None
    places: list[Place] = field(default_factory=list)
    posts: list[HeldPost] = field(default_factory=list)

    def employed_on(self, on: date) -> bool:
        """Whether in service on the day."""
        return self.hired_on <= on and (self.left_on is None or self.left_on >= on)

    def place_on(self, on: date) -> Place | None:
        """The place as of the day; before the first one known, the first one."""
        if not self.places:
            return None
        found = bisect_right([place.starts_on for place in self.places], on)
        return self.places[max(found - 1, 0)]

    def place_after(self, on: date) -> Place | None:
        """The first place that begins after the day."""
        return next((place for place in self.places if place.starts_on > on), None)

    def posts_on(self, on: date) -> set[tuple[str, str]]:
        """Concurrent posts held on the day: department code and rank."""
        return {(post.department, post.rank) for post in self.posts if post.held_on(on)}


def load_world(
    numbers: set[str] | None = None, pks: frozenset[int] = frozenset()
) -> dict[str, Person]:
    """People by number: all of them, or those with these numbers or primary keys."""
    of_member = Q() if numbers is None else Q(number__in=numbers) | Q(pk__in=pks)
    of_staff = Q() if numbers is None else Q(staff__number__in=numbers) | Q(staff__in=pks)
    members = StaffMember.objects.filter(of_member).values_list(
        "pk", "number", "name", "name_kana", "email", "hired_on", "left_on"
    )
    people = {row[0]: Person(*row) for row in members}
    places = Assignment.objects.filter(of_staff).order_by("staff", "starts_on")
    for row in places.values_list(
        "staff", "starts_on", "department__code", "rank__name", "team", "duty", "employment"
    ):
        people[row[0]].places.append(Place(*row[1:]))
    posts = ConcurrentPost.objects.filter(of_staff)
    for held in posts.values_list(
        "staff", "department__code", "rank__name", "starts_on", "ends_on"
    ):
        people[held[0]].posts.append(HeldPost(*held[1:]))
    return {person.number: person for person in people.values()}
