"""The door to the leaders' area: each role comes to the page it uses most."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from staff.navigation import area_entries
from staff.pages import PageRequest


@require_GET
def index(request: PageRequest) -> HttpResponse:
    """Lead on to the first page of the area that the asker may see."""
    entries = area_entries("leaders", request.access)
    if not entries:
        raise PermissionDenied
    return redirect(entries[0][1])
