"""The occasions on which courses are held."""

from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, Q, Value, When
from django.db.models.functions import ExtractYear
from django.urls import reverse

from agano_dx.lib.fiscal import FiscalYear
from training.models.counting import FrozenYear
from training.models.courses import Course
from training.models.states import SEATLESS, AttendanceStatus


class Mode(models.TextChoices):
    """How an offering is held."""

    CLASSROOM = "classroom", "集合"
    ONLINE = "online", "オンライン"
    ON_DEMAND = "on_demand", "eラーニング"
    OJT = "ojt", "OJT"


# People come when it suits them, within a period.
PERIOD_MODES = (Mode.ON_DEMAND, Mode.OJT)


class OfferingState(models.TextChoices):
    """How far an offering is, in the words of its pages. Not stored: it follows from the day."""

    PLANNED = "planned", "開催予定"
    OPEN = "open", "受付中"
    FULL = "full", "満席"
    BOOKING_OVER = "booking_over", "受付終了"
    RUNNING = "running", "実施中"
    HELD = "held", "実施済"
    CLOSED = "closed", "締め済"
    CANCELLED = "cancelled", "中止"


class OfferingQuerySet(models.QuerySet["Offering"]):
    """Questions about offerings."""

    def in_year(self, year: FiscalYear) -> Self:
        """Offerings that begin in the fiscal year."""
        return self.filter(starts_on__range=(year.first_day, year.last_day))

    def not_frozen(self) -> Self:
        """Offerings whose marks may still change: the year in which they end is not frozen."""
        before_april = When(ends_on__month__lt=4, then=Value(1))
        return self.alias(
            ended_in=ExtractYear("ends_on") - Case(before_april, default=Value(0))
        ).exclude(ended_in__in=FrozenYear.objects.values("fiscal_year"))

    def awaiting_marks(self, on: date) -> Self:
        """Offerings that are over and still have people without a mark that may yet be entered."""
        return (
            self.not_frozen()
            .filter(
                ends_on__lte=on,
                closed_at__isnull=True,
                cancelled_at__isnull=True,
                attendances__status=AttendanceStatus.BOOKED,
            )
            .distinct()
        )

    def takes_people(self, on: date) -> Self:
        """Offerings that are neither over, closed nor called off; a period until its last day."""
        return self.filter(
            Q(starts_on__gte=on) | Q(ends_on__gte=on, mode__in=PERIOD_MODES),
            closed_at__isnull=True,
            cancelled_at__isnull=True,
        )

    def bookable(self, on: date) -> Self:
        """Offerings that people and heads may sign up for on the day, full or not."""
        return self.filter(
            _books(on), takes_signups=True, cancelled_at__isnull=True, closed_at__isnull=True
        )

    def with_seats(self) -> Self:
        """Each offering with `taken`, how many seats are taken, and `waiting`, how many wait."""
        return self.annotate(
            taken=Count(
                "attendances",
                filter=Q(attendances__isnull=False) & ~Q(attendances__status__in=SEATLESS),
            ),
            waiting=Count("attendances", filter=Q(attendances__status=AttendanceStatus.WAITING)),
        )

    def in_state(self, state: OfferingState, on: date) -> Self:
        """Offerings of which `Offering.state` says this on the day; ask `with_seats` first."""
        standing = self.filter(cancelled_at__isnull=True, closed_at__isnull=True)
        if state == OfferingState.CANCELLED:
            return self.filter(cancelled_at__isnull=False)
        if state == OfferingState.CLOSED:
            return self.filter(cancelled_at__isnull=True, closed_at__isnull=False)
        if state == OfferingState.HELD:
            return standing.filter(ends_on__lt=on)
        coming = standing.filter(ends_on__gte=on)
        books = Q(takes_signups=True) & _books(on)
        is_full = Q(capacity__isnull=False, taken__gte=F("capacity"))
        if state == OfferingState.FULL:
            return coming.filter(books | Q(starts_on__gt=on)).filter(is_full)
        if state == OfferingState.OPEN:
            return coming.filter(books).exclude(is_full)
        if state == OfferingState.RUNNING:
            return coming.exclude(books).filter(starts_on__lte=on)
        ahead = coming.exclude(books).exclude(is_full).filter(starts_on__gt=on)
        return ahead.filter(takes_signups=state == OfferingState.BOOKING_OVER)


def _books(on: date) -> Q:
    """On or before the last day to sign up, as `Offering.last_booking_day` has it."""
    unset = Q(booking_closes_on__isnull=True)
    period = Q(mode__in=PERIOD_MODES)
    return (
        Q(booking_closes_on__gte=on)
        | (unset & period & Q(ends_on__gte=on))
        | (unset & ~period & Q(starts_on__gt=on))
    )


class Offering(models.Model):
    """開催回: a course held on a day, on several days, or open over a period.

    With `OfferingDay` rows it meets on just these days and `starts_on` and `ends_on` are the first
    and the last of them; without any it is held on its one day or open from the one to the other.
    """

    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, related_name="offerings", verbose_name="研修"
    )
    starts_on = models.DateField("開催日")
    ends_on = models.DateField("終了日", help_text="1日で終わるときは開催日と同じ日にします。")
    starts_at = models.TimeField("開始時刻", null=True, blank=True)
    ends_at = models.TimeField("終了時刻", null=True, blank=True)
    venue = models.CharField("会場", max_length=100, blank=True)
    mode = models.CharField("実施方法", max_length=12, choices=Mode, default=Mode.CLASSROOM)
    capacity = models.PositiveIntegerField(
        "定員", null=True, blank=True, help_text="定めないときは空欄にします。"
    )
    instructor = models.CharField("講師", max_length=100, blank=True)
    takes_signups = models.BooleanField(
        "本人と所属長の申込を受け付ける",
        default=False,
        help_text="選ぶと、職員がマイ研修から、部署長が部下について申し込めます。",
    )
    booking_closes_on = models.DateField(
        "申込の締切日", null=True, blank=True, help_text="空欄のときは開催日の前日までです。"
    )
    cancelled_at = models.DateTimeField("中止日時", null=True, blank=True, editable=False)
    closed_at = models.DateTimeField("締め日時", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField("版", default=1, editable=False)

    objects = OfferingQuerySet.as_manager()

    class Meta:
        verbose_name = "開催回"
        verbose_name_plural = "開催回"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="training_offering_mode_known",
                condition=Q(mode__in=Mode.values),
                violation_error_message="実施方法を選び直してください。",
            ),
            models.CheckConstraint(
                name="training_offering_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="終了日は開催日以後の日にしてください。",
            ),
            models.CheckConstraint(
                name="training_offering_capacity_positive",
                condition=Q(capacity__isnull=True) | Q(capacity__gt=0),
                violation_error_message="定員は1以上にしてください。",
            ),
            models.CheckConstraint(
                name="training_offering_ends_at_after_start",
                condition=Q(ends_at__isnull=True)
                | Q(starts_at__isnull=False, ends_at__gt=F("starts_at")),
                violation_error_message="終了時刻は開始時刻より後にしてください。",
            ),
            models.CheckConstraint(
                name="training_offering_booking_closes_in_time",
                condition=Q(booking_closes_on__isnull=True)
                | Q(booking_closes_on__lte=F("ends_on")),
                violation_error_message="申込の締切日は終了日までの日にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on}"

    def get_absolute_url(self) -> str:
        """The offering's page."""
        return reverse("training:offering_detail", args=[self.pk])

    @property
    def is_period(self) -> bool:
        """Whether people come when it suits them, within a period: e-learning, OJT."""
        return self.mode in PERIOD_MODES

    @property
    def is_open(self) -> bool:
        """Whether its people may still change: neither closed nor called off."""
        return self.cancelled_at is None and self.closed_at is None

    @property
    def last_booking_day(self) -> date:
        """The last day to sign up: as set, else the end of a period or the eve of a day."""
        if self.booking_closes_on is not None:
            return self.booking_closes_on
        return self.ends_on if self.is_period else self.starts_on - timedelta(days=1)

    def day_of_people(self, today: date) -> date:
        """The day on which its people have to be in service: in a period that is on, today."""
        if self.is_period:
            return min(max(self.starts_on, today), self.ends_on)
        return self.starts_on

    def is_bookable(self, on: date) -> bool:
        """Whether people may sign up on the day, as `OfferingQuerySet.bookable` asks it."""
        return self.takes_signups and self.is_open and on <= self.last_booking_day

    def can_be_marked(self, on: date) -> bool:
        """Whether attendance may be entered on the day: it has begun, and is open."""
        return self.is_open and on >= self.starts_on

    @property
    def last_withdrawal_day(self) -> date:
        """The last day on which people may give their place up: the eve, or a period's last day.

        To that day a seat that comes free goes to the next in line.
        """
        return self.ends_on if self.is_period else self.starts_on - timedelta(days=1)

    @property
    def last_notice_day(self) -> date:
        """The last day to say that one cannot come: the day itself, the last one of a period."""
        return self.ends_on if self.is_period else self.starts_on

    def state(self, taken: int, on: date) -> OfferingState:
        """How far the offering is on the day, with so many seats taken."""
        if self.cancelled_at is not None:
            return OfferingState.CANCELLED
        if self.closed_at is not None:
            return OfferingState.CLOSED
        if on > self.ends_on:
            return OfferingState.HELD
        books = self.is_bookable(on)
        if on >= self.starts_on and not books:
            return OfferingState.RUNNING
        if self.capacity is not None and taken >= self.capacity:
            return OfferingState.FULL
        if books:
            return OfferingState.OPEN
        return OfferingState.BOOKING_OVER if self.takes_signups else OfferingState.PLANNED


class OfferingDay(models.Model):
    """One of several days on which an offering meets."""

    offering = models.ForeignKey(
        Offering, on_delete=models.PROTECT, related_name="days", verbose_name="開催回"
    )
    day = models.DateField("開催日")
    starts_at = models.TimeField("開始時刻", null=True, blank=True)
    ends_at = models.TimeField("終了時刻", null=True, blank=True)

    class Meta:
        verbose_name = "開催日"
        verbose_name_plural = "開催日"
        ordering = ["offering", "day"]
        constraints = [
            models.UniqueConstraint(
                name="training_offeringday_once",
                fields=["offering", "day"],
                violation_error_message="同じ日が2回あります。1日に1行にしてください。",
            ),
            models.CheckConstraint(
                name="training_offeringday_ends_at_after_start",
                condition=Q(ends_at__isnull=True)
                | Q(starts_at__isnull=False, ends_at__gt=F("starts_at")),
                violation_error_message="終了時刻は開始時刻より後にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class OfferingEventKind(models.TextChoices):
    """What happened to an offering."""

    CLOSED = "closed", "締め"
    REOPENED = "reopened", "締めの取消し"
    CANCELLED = "cancelled", "中止"


class OfferingEvent(models.Model):
    """締め・締めの取消し・中止, with who, when and why. Never edited, never deleted."""

    offering = models.ForeignKey(
        Offering, on_delete=models.PROTECT, related_name="events", verbose_name="開催回"
    )
    kind = models.CharField("種別", max_length=10, choices=OfferingEventKind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="offering_events",
        verbose_name="操作した人",
    )
    at = models.DateTimeField("日時", auto_now_add=True)
    reason = models.CharField("理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "開催回の履歴"
        verbose_name_plural = "開催回の履歴"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="training_offeringevent_kind_known",
                condition=Q(kind__in=OfferingEventKind.values),
            ),
            models.CheckConstraint(
                name="training_offeringevent_reason_given",
                condition=Q(kind=OfferingEventKind.CLOSED) | ~Q(reason=""),
                violation_error_message="理由を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}"
