"""How allauth behaves here."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from staff.access import may_sign_in
from staff.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by the city; nobody signs up."""

    error_messages: ClassVar = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "職員番号かパスワードが正しくありません。"
        "確かめて、もう一度入力してください。"
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Never."""
        return False

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Turn away those who have left as those whose account is switched off.

        Only whoever knows the password learns of it.
        """
        if not may_sign_in(user, timezone.localdate()):
            clear_login(request)
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def set_password(self, user: User, password: str) -> None:
        """A password of one's own: the first one is gone, and with it all other sessions."""
        user.must_change_password = False
        super().set_password(user, password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        """Home, where work goes on."""
        return reverse("home")
