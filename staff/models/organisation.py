"""The city's departments and ranks."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from agano_dx.lib.fiscal import era_date_short


class DepartmentKind(models.TextChoices):
    """Where a unit stands in the organisation."""

    DIVISION = "division", "部"
    SECTION = "section", "課・局"
    SUBSECTION = "subsection", "係"
    OFFICE = "office", "室・所・園"
    BRANCH_OFFICE = "branch_office", "支所"


class Band(models.TextChoices):
    """職階: the four bands the plan counts by."""

    SECTION_CHIEF = "section_chief", "課長級"
    DEPUTY = "deputy", "補佐級"
    SUBSECTION_CHIEF = "subsection_chief", "係長級"
    STAFF = "staff", "主任・主事級"


class DepartmentQuerySet(models.QuerySet["Department"]):
    """Questions about departments."""

    def open_on(self, on: date) -> Self:
        """Units that exist on the given day."""
        return self.filter(
            Q(opens_on__isnull=True) | Q(opens_on__lte=on),
            Q(closes_on__isnull=True) | Q(closes_on__gte=on),
        )


class DepartmentManager(models.Manager.from_queryset(DepartmentQuerySet)):  # type: ignore[misc]
    """Departments, found by their code in fixtures."""

    def get_by_natural_key(self, code: str) -> "Department":
        """The department with this code: the one without an end, else the one closed last."""
        last_first = F("closes_on").desc(nulls_first=True)
        found: Department | None = self.filter(code=code).order_by(last_first).first()
        if found is None:
            raise Department.DoesNotExist
        return found


class Department(models.Model):
    """A unit of the city: 部, 課, 係, 室. Closed with a date, never deleted.

    Another name, code or place in the tree is another row: the one before closes the day before
    and names it as its successor, so that every past day comes out the same.
    """

    code = models.CharField("所属コード", max_length=20)
    name = models.CharField("所属名", max_length=60)
    kind = models.CharField("種別", max_length=20, choices=DepartmentKind)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="上位の所属",
    )
    opens_on = models.DateField("設置日", null=True, blank=True)
    closes_on = models.DateField("廃止日", null=True, blank=True, help_text="この日まで有効です。")
    successor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name="後継の所属",
    )
    # Of several successors the heir is `successor`; all of them say here what they came out of.
    split_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name="分割前の所属",
    )
    gives_leader = models.BooleanField("リーダーを選出する部署", default=False)
    is_digital_office = models.BooleanField("デジタル化推進室", default=False)
    order = models.PositiveIntegerField("並び順", default=0)

    objects = DepartmentManager()

    class Meta:
        verbose_name = "所属"
        verbose_name_plural = "所属"
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                name="staff_department_kind_known",
                condition=Q(kind__in=DepartmentKind.values),
                violation_error_message="所属の種別を選び直してください。",
            ),
            models.CheckConstraint(
                name="staff_department_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                violation_error_message="所属を自分自身の下に置くことはできません。",
            ),
            models.CheckConstraint(
                name="staff_department_closes_after_opening",
                condition=Q(opens_on__isnull=True)
                | Q(closes_on__isnull=True)
                | Q(closes_on__gte=F("opens_on")),
                violation_error_message="廃止日は設置日以後の日にしてください。",
            ),
            models.CheckConstraint(
                name="staff_department_code_filled",
                condition=~Q(code="") & ~Q(name=""),
                violation_error_message="所属コードと所属名を入力してください。",
            ),
            models.UniqueConstraint(
                name="staff_department_one_open_per_code",
                fields=["code"],
                condition=Q(closes_on__isnull=True),
                violation_error_message="この所属コードは使われています。別のコードにしてください。",
            ),
            models.UniqueConstraint(
                name="staff_department_code_once_per_close",
                fields=["code", "closes_on"],
                violation_error_message="同じコードで同じ日に廃止した所属があります。日付を直してください。",
            ),
            models.CheckConstraint(
                name="staff_department_not_its_own_successor",
                condition=(Q(successor__isnull=True) | ~Q(successor=F("id")))
                & (Q(split_from__isnull=True) | ~Q(split_from=F("id"))),
                violation_error_message="所属を自分自身の後継にすることはできません。",
            ),
        ]

    def __str__(self) -> str:
        end = f"（{era_date_short(self.closes_on)}まで）" if self.closes_on else ""
        return f"{self.name}{end}"

    def get_absolute_url(self) -> str:
        """The department's page."""
        return reverse("staff:department_detail", args=[self.pk])

    def natural_key(self) -> tuple[str]:
        """The code."""
        return (self.code,)

    def is_open(self, on: date) -> bool:
        """Whether the unit exists on the given day."""
        return (self.opens_on is None or self.opens_on <= on) and not self.is_over(on)

    def is_over(self, on: date) -> bool:
        """Whether the unit has been closed before the given day."""
        return self.closes_on is not None and self.closes_on < on


class RankManager(models.Manager["Rank"]):
    """Ranks, found by their name in fixtures."""

    def get_by_natural_key(self, name: str) -> "Rank":
        """The rank with this name."""
        return self.get(name=name)


class Rank(models.Model):
    """職名: a title, with the band it counts in and what it entitles to."""

    name = models.CharField("職名", max_length=40, unique=True)
    band = models.CharField("職階", max_length=20, choices=Band)
    is_executive = models.BooleanField("幹部職員", default=False)
    is_leader_eligible = models.BooleanField("リーダー推薦可", default=False)
    heads_department = models.BooleanField("所属長の職", default=False)
    order = models.PositiveIntegerField("並び順", default=0)

    objects = RankManager()

    class Meta:
        verbose_name = "職名"
        verbose_name_plural = "職名"
        ordering = ["order", "name"]
        constraints = [
            models.CheckConstraint(
                name="staff_rank_band_known",
                condition=Q(band__in=Band.values),
                violation_error_message="職階を選び直してください。",
            ),
            models.CheckConstraint(
                name="staff_rank_name_filled",
                condition=~Q(name=""),
                violation_error_message="職名を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        """The name."""
        return (self.name,)
