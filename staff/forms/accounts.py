"""Sign-in."""

import unicodedata
from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from django import forms


class LoginForm(AllauthLoginForm):
    """Staff number and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "職員番号"
        self.fields["login"].widget.attrs.update({"placeholder": "", "autocomplete": "username"})
        self.fields["login"].error_messages["required"] = "職員番号を入力してください。"
        self.fields["password"].label = "パスワード"
        self.fields["password"].widget.attrs["placeholder"] = ""
        self.fields["password"].help_text = ""
        self.fields["password"].error_messages["required"] = "パスワードを入力してください。"
        self.fields.pop("remember", None)

    def clean_login(self) -> str:
        """Full-width digits mean the same number."""
        typed: str = super().clean_login()
        return unicodedata.normalize("NFKC", typed).strip()


class ChangePasswordForm(AllauthChangePasswordForm):
    """The present password once, the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "oldpassword": "今のパスワード",
            "password1": "新しいパスワード",
            "password2": "新しいパスワード（もう一度）",
        }
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs["placeholder"] = ""
        self.fields["password1"].help_text = "12文字以上にしてください。"

    def clean_password1(self) -> str:
        """Another one: a first password on paper is known to whoever printed it."""
        password: str = self.cleaned_data["password1"]
        if password == self.cleaned_data.get("oldpassword"):
            raise forms.ValidationError(
                "今のパスワードと同じです。別のパスワードを入力してください。"
            )
        return password
