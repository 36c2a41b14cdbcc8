"""Accounts."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models


class User(AbstractUser):
    """An account: the login is the staff number. Roles come from groups and from posts held."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    username = models.CharField(
        "職員番号",
        max_length=20,
        unique=True,
        validators=[
            RegexValidator(
                r"^[0-9A-Za-z-]+$", "職員番号は半角の数字・英字・ハイフンで入力してください。"
            )
        ],
        error_messages={"unique": "この職員番号の利用者は登録済みです。"},
    )
    staff = models.OneToOneField(
        "staff.StaffMember",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="user",
        verbose_name="職員",
    )

    must_change_password = models.BooleanField(
        "初期パスワードのまま", default=False, help_text="変えるまで、ほかの画面は開きません。"
    )

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "利用者"
        verbose_name_plural = "利用者"

    def __str__(self) -> str:
        return self.username

    @property
    def person_name(self) -> str:
        """Whose account it is, to tell who did something; the login where it is nobody's."""
        return self.staff.name if self.staff else self.username

    def get_full_name(self) -> str:
        """The login; names belong to the staff member."""
        return self.username

    def get_short_name(self) -> str:
        """The login."""
        return self.username
