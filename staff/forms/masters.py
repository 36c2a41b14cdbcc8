"""Accounts as administrators keep them."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)

from staff.access import GROUPS
from staff.models import StaffMember, User


class GroupField(forms.ModelMultipleChoiceField):
    """Roles by their Japanese names."""

    def label_from_instance(self, obj: Any) -> str:  # noqa: ANN401 - Django's own signature
        """システム管理者, 人事担当, 管理職."""
        return GROUPS.get(obj.name, obj.name)


class AccountForm(forms.ModelForm):
    """An account: the number must be a staff member's; a password typed here replaces the old."""

    groups = GroupField(
        label="役割",
        queryset=Group.objects.filter(name__in=GROUPS),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="部署長の権限は、発令と兼務から自動で決まります。",
    )
    new_password = forms.CharField(
        label="新しいパスワード",
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="".join(password_validators_help_texts()) + "空欄なら今のままです。",
    )

    class Meta:
        model = User
        fields = ("username", "is_active", "groups")

    def clean_username(self) -> str:
        """The number of somebody in the staff."""
        number: str = self.cleaned_data["username"]
        if not StaffMember.objects.filter(number=number).exists():
            raise forms.ValidationError(
                "この職員番号の職員はいません。先に名簿を取り込んでください。"
            )
        return number

    def clean_new_password(self) -> str:
        """A password that holds; a new account and one that opens again need one."""
        password: str = self.cleaned_data["new_password"]
        has_one = self.instance.pk and self.instance.has_usable_password()
        if not password and not has_one and self.cleaned_data.get("is_active"):
            raise forms.ValidationError("利用を始める人のパスワードを入力してください。")
        if password:
            validate_password(password, self.instance)
        return password

    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002 - Django's own signature
        """Link the staff member and set the password, which its owner must change.

        An account switched off loses its password, and so every session of it ends for good.
        """
        user: User = super().save(commit=False)
        user.staff = StaffMember.objects.get(number=user.username)
        if self.cleaned_data["new_password"]:
            user.set_password(self.cleaned_data["new_password"])
            user.must_change_password = True
        if not user.is_active:
            user.set_unusable_password()
        if commit:
            user.save()
            self.save_m2m()
        return user
