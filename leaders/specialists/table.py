"""Specialists on a day: how many of each band, and who."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from leaders.bands import BandCount, specialist_ranges
from leaders.models import Route, SpecialistDesignation
from staff.models import Assignment, AssignmentQuerySet, Band


@dataclass(frozen=True, slots=True)
class Designated:
    """A specialist of the day: where they stand, and the designation in force.

    `ends_on` is the designation's, or empty where it may not be told yet.
    """

    place: Assignment
    designation: SpecialistDesignation
    ends_on: date | None

    @property
    def route(self) -> str:
        """The route in words."""
        return str(Route(self.designation.route).label)


def bands(on: date, scope: frozenset[int] | None) -> tuple[BandCount, ...]:
    """The specialists of the day in scope by the band of their rank that day, in two queries.

    Each person counts once. `scope`: departments; `None` means the whole city.
    """
    counted = dict(
        designated_places(on, scope)
        .values_list("rank__band")
        .annotate(count=Count("pk"))
        .order_by()
        .values_list("rank__band", "count")
    )
    ranges = specialist_ranges()
    return tuple(
        BandCount(
            band,
            counted.get(band, 0),
            ranges[band].minimum if band in ranges else 0,
            ranges[band].maximum if band in ranges else None,
        )
        for band in Band
    )


def designated_places(on: date, scope: frozenset[int] | None) -> AssignmentQuerySet:
    """The places on the day of the specialists in scope, highest rank first."""
    return (
        SpecialistDesignation.objects.all()
        .places(on)
        .within(scope)
        .select_related("staff", "department", "rank")
        .order_by("rank__order", "department__order", "staff__number")
    )


def designated(places: Sequence[Assignment], on: date, told_until: date) -> list[Designated]:
    """The specialists at these places with the designation in force on the day, in one query.

    Ends after `told_until` are left out: that somebody is going to leave may be secret.
    """
    active = SpecialistDesignation.objects.active(on).filter(
        staff__in=[place.staff_id for place in places]
    )
    in_force = {one.staff_id: one for one in active.order_by("starts_on", "pk")}
    return [
        Designated(place, one, one.ends_on if _is_told(one.ends_on, told_until) else None)
        for place in places
        if (one := in_force.get(place.staff_id)) is not None
    ]


def _is_told(ends_on: date | None, told_until: date) -> bool:
    return ends_on is not None and ends_on <= told_until
