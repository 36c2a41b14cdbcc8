"""Django's admin, for masters and for system administrators only."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from agano_dx.lib.formfields import DayField
from staff.models import StaffMember


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
        """Send those not signed in to the application's sign-in, others away with 403.

        Administrators who come from there are let in.
        """
        del extra_context
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.get_full_path(), reverse("account_login"))


class StaffNumberField(forms.ModelChoiceField):
    """A staff member, typed by number."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=StaffMember.objects.all(),
            to_field_name="number",
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            error_messages={
                "invalid_choice": "この職員番号の職員はいません。番号を直してください。"
            },
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401 - Django's own signature
        """Show the number of what is stored by key."""
        if isinstance(value, int):
            return StaffMember.objects.values_list("number", flat=True).get(pk=value)
        return super().prepare_value(value)


class MasterAdmin(admin.ModelAdmin):
    """A master that administrators keep; nothing is deleted here.

    Its forms work without scripts. Days are typed as everywhere else, staff members by their
    number.
    """

    formfield_overrides: ClassVar = {
        models.DateField: {"form_class": DayField, "widget": forms.TextInput}
    }

    @property
    def media(self) -> forms.Media:
        """No scripts."""
        return forms.Media()

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """The plain field, without links to pop-up windows."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def formfield_for_foreignkey(
        self, db_field: "models.ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        """Staff members by number, everything else from a list."""
        if db_field.related_model is StaffMember:
            return StaffNumberField(label="職員番号", required=not db_field.blank)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

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


class LookOnlyAdmin(MasterAdmin):
    """Records that come about by services, with their rules and locks; here they are only read."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        del request, obj
        return False
