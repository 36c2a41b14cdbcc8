"""Where those began who came between two sides, and where those ended who went."""

from reports.standing import Standings
from staff.models import Assignment


def came_from_or_went_to(
    before: Standings, after: Standings, units: frozenset[int]
) -> frozenset[int]:
    """Who came into the units over another unit, or left the service from one. In one query.

    To a head these people came from, or went to, ほかの部署: what they were hired or dismissed as
    is told where it happened.
    """
    was = {one.staff_id for one in before.people}
    now = {one.staff_id for one in after.people}
    places: dict[int, list[int]] = {}
    rows = (
        Assignment.objects.filter(staff__in=was ^ now, starts_on__lte=after.on)
        .order_by("staff", "starts_on")
        .values_list("staff", "department")
    )
    for staff, department in rows:
        places.setdefault(staff, []).append(department)
    first = {pk for pk in now - was if pk in places and places[pk][0] not in units}
    last = {pk for pk in was - now if pk in places and places[pk][-1] not in units}
    return frozenset(first | last)
