"""Which designations rest on which completed terms."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from leaders.models import LeaderTerm, Route, SpecialistDesignation


def designated_by(terms: Collection[LeaderTerm], on: date) -> set[int]:
    """The keys of those completed terms without which a designation would have no ground.

    Designations by the leaders' route, in force or to come. Two queries.
    """
    people = {term.staff_id for term in terms}
    standing = SpecialistDesignation.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on), staff__in=people, route=Route.LEADER
    )
    begun = list(standing.values_list("staff", "starts_on"))
    asked = {term.pk for term in terms}
    others = list(
        LeaderTerm.objects.filter(staff__in=people, completed=True)
        .exclude(pk__in=asked)
        .values_list("staff", "ends_on")
    )
    return {
        term.pk
        for term in terms
        for staff, starts_on in begun
        if staff == term.staff_id
        and term.completed
        and not any(who == staff and ended and ended <= starts_on for who, ended in others)
    }
