"""The door to the training area: each role comes to the page it uses most."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from staff.navigation import area_entries
from staff.pages import PageRequest, allow


@require_GET
@allow(lambda access: access.sees_figures)
def index(request: PageRequest) -> HttpResponse:
    """Lead on to the first page of the area that the asker may see."""
    entries = area_entries("training", request.access)
    return redirect(entries[0][1] if entries else "home")
