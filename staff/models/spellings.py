"""How rosters spell what the city knows: headings of columns, departments, ranks."""

from django.db import models

from staff.models.organisation import Department, Rank


class ColumnMapping(models.Model):
    """Which field a heading means in a layout seen before, corrected by hand once."""

    layout = models.CharField("見出しの並びの指紋", max_length=64)
    heading = models.CharField("見出し", max_length=100)
    field = models.CharField("項目", max_length=40)

    class Meta:
        verbose_name = "列の対応"
        verbose_name_plural = "列の対応"
        constraints = [
            models.UniqueConstraint(
                name="staff_columnmapping_once_per_heading",
                fields=["layout", "heading"],
                violation_error_message="この見出しの対応は登録済みです。",
            )
        ]

    def __str__(self) -> str:
        return self.heading


class DepartmentAlias(models.Model):
    """Another way a department is written: 企財課, an old name, a code of another system."""

    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="aliases", verbose_name="所属"
    )
    written = models.CharField("書き方", max_length=100)
    # `label_key(written)`: the form in which labels are compared.
    key = models.CharField("照合用", max_length=100, unique=True)

    class Meta:
        verbose_name = "所属の別名"
        verbose_name_plural = "所属の別名"
        ordering = ["written"]

    def __str__(self) -> str:
        return self.written


class RankAlias(models.Model):
    """Another way a rank is written."""

    rank = models.ForeignKey(
        Rank, on_delete=models.PROTECT, related_name="aliases", verbose_name="職名"
    )
    written = models.CharField("書き方", max_length=100)
    key = models.CharField("照合用", max_length=100, unique=True)

    class Meta:
        verbose_name = "職名の別名"
        verbose_name_plural = "職名の別名"
        ordering = ["written"]

    def __str__(self) -> str:
        return self.written
