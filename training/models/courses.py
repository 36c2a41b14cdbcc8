"""What is taught: categories and courses."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

WEB_ADDRESS = r"\Ahttps?://[^\s/?#@\\]+([/?#][^\s\\]*)?\Z"
BAD_WEB_ADDRESS = (
    "教材のリンクとして読めません。「http://」か「https://」で始まるアドレスを入力してください。"
)


class Category(models.TextChoices):
    """研修区分."""

    MIND = "mind", "DXマインド"
    KNOWLEDGE = "knowledge", "知識"
    SKILL = "skill", "スキル"
    EXECUTIVE = "executive", "幹部"
    ELEARNING = "elearning", "eラーニング"
    OJT = "ojt", "OJT"
    LEADER_ACTIVITY = "leader_activity", "リーダー活動"


class Course(models.Model):
    """研修: what is taught, over the years."""

    title = models.CharField("研修名", max_length=100)
    category = models.CharField(
        "研修区分",
        max_length=20,
        choices=Category,
        help_text="受講者がいる研修の区分は変えられません。",
    )
    provider = models.CharField("実施機関・講師", max_length=100, blank=True)
    hours = models.DecimalField("時間数", max_digits=5, decimal_places=1, null=True, blank=True)
    description = models.TextField("内容", blank=True)
    # No URLField: it refuses the names of servers inside the city, http://kyozai/.
    material_url = models.CharField(
        "教材のリンク",
        max_length=500,
        blank=True,
        validators=[RegexValidator(WEB_ADDRESS, BAD_WEB_ADDRESS)],
        help_text="庁内の共有先やeラーニングのアドレスを入れます。例：https://www.example.jp/",
    )

    class Meta:
        verbose_name = "研修"
        verbose_name_plural = "研修"
        ordering = ["category", "title"]
        constraints = [
            models.UniqueConstraint(
                name="training_course_once_per_category",
                fields=["title", "category"],
                violation_error_message="同じ区分に同じ名前の研修が登録済みです。",
            ),
            models.CheckConstraint(
                name="training_course_category_known",
                condition=Q(category__in=Category.values),
                violation_error_message="研修区分を選び直してください。",
            ),
            models.CheckConstraint(
                name="training_course_hours_positive",
                condition=Q(hours__isnull=True) | Q(hours__gt=0),
                violation_error_message="時間数は0より大きい数にしてください。",
            ),
            # The page makes a link of it: no other kind of address may get there.
            models.CheckConstraint(
                name="training_course_material_on_the_web",
                condition=Q(material_url="")
                | Q(material_url__startswith="http://")
                | Q(material_url__startswith="https://"),
                violation_error_message=BAD_WEB_ADDRESS,
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The course's page."""
        return reverse("training:course_detail", args=[self.pk])
