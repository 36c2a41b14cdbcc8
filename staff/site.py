"""Django's admin, for masters and for system administrators only."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse


class MasterSite(admin.AdminSite):
    """The admin site: sign-in is the application's own, the right is the group's."""

    site_header = "阿賀野市 デジタル人材育成管理 設定"
    site_title = "設定"
    index_title = "設定"
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the account is a system administrator."""
        return bool(request.access.is_admin)  # type: ignore[attr-defined]

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send those not signed in to the application's sign-in, others away with 403."""
        del extra_context
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.get_full_path(), reverse("account_login"))


class MasterAdmin(admin.ModelAdmin):
    """A master that administrators keep; nothing is deleted here."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """For administrators."""
        return bool(request.access.is_admin)  # type: ignore[attr-defined]

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """For administrators."""
        del obj
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """For administrators."""
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """For administrators."""
        del obj
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never: masters are closed with a date."""
        del request, obj
        return False
