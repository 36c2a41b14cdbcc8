"""What every request carries, what none may carry, and what every personal page forbids."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from staff.access import access_of


class NullSignMiddleware:
    """Refuses addresses with a null sign: nobody types one, and PostgreSQL fails on it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 400 to such an address."""
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("null sign in the address")
        return self.get_response(request)


class AccessMiddleware:
    """Gives each request `request.access`: the asker's rights today, read when first needed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the rights, answer, and forbid storing what was answered to a person."""
        request.access = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: access_of(request.user, timezone.localdate())
        )
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response
