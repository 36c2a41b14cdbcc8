"""Which admin site stands at /admin/, and how forms tell what is missing."""

from django.contrib.admin.apps import AdminConfig
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms import Field


class MasterSiteConfig(AdminConfig):
    """Django's admin with our rights in front."""

    default_site = "staff.site.MasterSite"

    def ready(self) -> None:
        """Django's own sentences are stiff Japanese: these say what to do."""
        super().ready()
        Field.default_error_messages["required"] = "空欄です。入力するか、選んでください。"
        MaxValueValidator.message = "%(limit_value)s以下の数を入力してください。"
        MinValueValidator.message = "%(limit_value)s以上の数を入力してください。"
