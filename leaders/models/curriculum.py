"""リーダーのカリキュラム: what a leader learns, as courses."""

from django.db import models
from django.db.models import Q

from training.models import Course


class Strand(models.TextChoices):
    """A part of the leaders' curriculum, as the plan names them."""

    PROMOTION = "promotion", "DX推進スキル"
    BPR = "bpr", "BPR手法"
    TOOLS = "tools", "導入ツール"


class CurriculumCourse(models.Model):
    """A course of the curriculum.

    A leader has done a strand with a completion in one of its courses.
    """

    strand = models.CharField("区分", max_length=10, choices=Strand)
    course = models.OneToOneField(
        Course, on_delete=models.PROTECT, related_name="curriculum", verbose_name="研修"
    )

    class Meta:
        verbose_name = "リーダーのカリキュラム"
        verbose_name_plural = "リーダーのカリキュラム"
        ordering = ["strand", "course__title"]
        constraints = [
            models.CheckConstraint(
                name="leaders_curriculumcourse_strand_known",
                condition=Q(strand__in=Strand.values),
                violation_error_message="区分を選び直してください。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.strand}"
