"""出席簿: the list of an offering on paper."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from agano_dx.lib import audit
from staff.pages import PageRequest, allow, show
from training.meetings import when_held
from training.models import Offering
from training.places import ListOrder, on_offering
from training.views.offerings import grid_trail

# Lines left empty for people who come without a place.
EMPTY_LINES = 5


@require_GET
@allow(lambda access: access.keeps_training)
def offering_sheet(request: PageRequest, pk: int) -> HttpResponse:
    """The people with room for their one mark and a signature. Taking it leaves a trace."""
    offering = get_object_or_404(Offering.objects.select_related("course"), pk=pk)
    order = ListOrder.asked(request.GET.get("order"))
    people = [person for person in on_offering(offering, order) if not person.is_waiting]
    audit.looked_at(offering, by=request.user, print="attendance_sheet", rows=len(people))
    context = {
        "offering": offering,
        "people": people,
        "when": when_held(offering),
        "empty_lines": range(len(people) + 1, len(people) + 1 + EMPTY_LINES),
        "order": order,
        "orders": ListOrder.choices,
    }
    above = grid_trail(offering)
    return show(request, "training/offering_sheet.html", "出席簿", context, above)
