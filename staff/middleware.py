"""What every request carries, what none may carry, and what every personal page forbids."""

from collections.abc import Callable

from django.contrib.auth import logout
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
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
    """Gives each request `request.access`: the asker's rights today, read when first needed.

    The session of somebody who has left ends here, at the first request after the last day.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the rights, answer, and forbid storing what was answered to a person."""
        _set_access(request)
        if _has_left(request):
            logout(request)
            _set_access(request)
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response


def _set_access(request: HttpRequest) -> None:
    request.access = SimpleLazyObject(  # type: ignore[attr-defined]
        lambda: access_of(request.user, timezone.localdate())
    )


def _has_left(request: HttpRequest) -> bool:
    """Whether the session is of a person whom no right is given any more."""
    user = request.user
    return (
        user.is_authenticated and user.staff_id is not None and request.access.staff_id is None  # type: ignore[attr-defined]
    )


class FirstPasswordMiddleware:
    """Leads those who still have their first password to changing it, and nowhere else.

    Pages for everybody stay as they are: health, sign-in and sign-out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[object, ...],
        kwargs: dict[str, object],
    ) -> HttpResponse | None:
        """Send them to the page where a password is changed."""
        del args, kwargs
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        match = request.resolver_match
        if match is None or match.view_name == "account_change_password":
            return None
        return redirect("account_change_password") if request.user.must_change_password else None
