"""Offerings: making and changing one, calling it off, the filters of the list."""

from typing import Any

from django import forms

from agano_dx.lib.fiscal import FiscalYear
from agano_dx.lib.formfields import EXAMPLE, DayField, TimeOfDayField
from training.forms.days import days_as_text, read_days
from training.forms.limits import far_from_plan, seats_field
from training.models import (
    PERIOD_MODES,
    SETTLED,
    Category,
    Offering,
    OfferingDay,
    OfferingEvent,
    OfferingState,
)

_DAYS = ("starts_on", "ends_on", "days")
# A copy begins with everything but when it is held.
COPIED = ("course", "mode", "starts_at", "ends_at", "venue", "capacity", "instructor")


class OfferingForm(forms.ModelForm):
    """An offering. `version` is the state the clerk saw. Cleans `days` to unsaved rows."""

    starts_on = DayField(
        label="開催日",
        required=False,
        help_text=f"{EXAMPLE}何日かに分けて行うときは空欄にし、下の欄に入力します。",
    )
    ends_on = DayField(
        label="終了日",
        required=False,
        help_text="1日で終わるときは空欄で構いません。eラーニングとOJTは期間の最後の日です。",
    )
    starts_at = TimeOfDayField(label="開始時刻", required=False)
    ends_at = TimeOfDayField(label="終了時刻", required=False, help_text="例：15:00")
    days = forms.CharField(
        label="何日かに分けて行うとき",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="1行に1日、「2026-12-01 13:30-15:00」のように入力します。"
        "時刻のない行は、上の開始時刻・終了時刻になります。",
    )
    booking_closes_on = DayField(
        label="申込の締切日",
        required=False,
        help_text="空欄のときは、開催日の前日（eラーニングとOJTは最後の日）までです。",
    )
    capacity = seats_field()
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Offering
        fields = (
            "course",
            "mode",
            "starts_on",
            "ends_on",
            "starts_at",
            "ends_at",
            "venue",
            "capacity",
            "instructor",
            "takes_signups",
            "booking_closes_on",
        )

    field_order = (
        *("course", "mode", "starts_on", "ends_on", "starts_at", "ends_at", "days"),
        *("venue", "capacity", "instructor", "takes_signups", "booking_closes_on"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].empty_label = "選んでください"  # type: ignore[attr-defined]
        self.initial.setdefault("version", self.instance.version)
        if self.instance.pk:
            self._show_days()
            self._keep_what_marks_rest_on()

    def _show_days(self) -> None:
        """Days of their own take the place of the one day and its times."""
        days = days_as_text(self.instance.days.all())
        if days:
            self.initial["days"] = days
            for name in ("starts_on", "ends_on", "starts_at", "ends_at"):
                self.initial[name] = None

    def _keep_what_marks_rest_on(self) -> None:
        """With people on it an offering keeps its course, with marks also its days."""
        people = self.instance.attendances.all()
        if people.exists():
            self.fields["course"].disabled = True
            self.fields["course"].help_text = "受講者がいるため変えられません。"
        if people.filter(status__in=SETTLED).exists():
            for name in _DAYS:
                self.fields[name].disabled = True
                self.fields[name].help_text = "出欠が入力されているため変えられません。"

    def clean_days(self) -> list[OfferingDay]:
        """The days meant; a wrong line is named."""
        return read_days(self.cleaned_data["days"])

    def clean(self) -> dict[str, Any]:
        """When it is held, in one of the three ways; the seats taken still fit."""
        data: dict[str, Any] = super().clean() or {}
        self._refuse_far_days(data)
        if data.get("days"):
            self._take_days(data)
        elif data.get("starts_on") is None and not set(_DAYS) & set(self.errors):
            self.add_error("starts_on", "開催日を入力してください。")
        data["ends_on"] = data.get("ends_on") or data.get("starts_on")
        self._check_seats(data)
        return data

    def _refuse_far_days(self, data: dict[str, Any]) -> None:
        """A slip of the year is told; days kept from before stay as they are."""
        for name in (*_DAYS, "booking_closes_on"):
            if name in self.changed_data and data.get(name):
                days = [one.day for one in data[name]] if name == "days" else [data[name]]
                if why := far_from_plan(days):
                    self.add_error(name, why)

    def _take_days(self, data: dict[str, Any]) -> None:
        """The offering begins and ends with its days; one day alone needs no row of its own."""
        days: list[OfferingDay] = data["days"]
        if data.get("mode") in PERIOD_MODES:
            self.add_error(
                "days",
                "eラーニングとOJTは期間で行います。この欄を空欄にし、開催日と終了日を入力してください。",
            )
        if data.get("starts_on") or data.get("ends_on"):
            self.add_error(
                "days",
                "この欄に入力したときは、開催日と終了日を空欄にしてください。どちらか一方だけにします。",
            )
        for one in days:
            if one.starts_at is None:
                one.starts_at, one.ends_at = data.get("starts_at"), data.get("ends_at")
        data["starts_on"], data["ends_on"] = days[0].day, days[-1].day
        data["starts_at"], data["ends_at"] = days[0].starts_at, days[0].ends_at
        data["days"] = days if len(days) > 1 else []

    def _check_seats(self, data: dict[str, Any]) -> None:
        capacity = data.get("capacity")
        if capacity and self.instance.pk:
            taken = self.instance.attendances.all().taking_a_seat().count()
            if capacity < taken:
                self.add_error(
                    "capacity",
                    f"登録済みの{taken}人より少なくできません。{taken}以上にしてください。",
                )


def copy_of(offering: Offering) -> dict[str, Any]:
    """What the form for a copy begins with: everything but the dates."""
    copied = {name: getattr(offering, name) for name in COPIED}
    return copied | {"course": offering.course_id, "takes_signups": offering.takes_signups}


class CancelForm(forms.ModelForm):
    """Why an offering is called off."""

    class Meta:
        model = OfferingEvent
        fields = ("reason",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        reason.required = True
        reason.label, reason.help_text = "中止の理由", "お知らせに載ります。例：講師の都合のため"
        reason.error_messages["required"] = "中止の理由を入力してください。"


class OfferingFilterForm(forms.Form):
    """The filters of the list of offerings."""

    year = forms.TypedChoiceField(
        label="年度", required=False, coerce=FiscalYear.parse, empty_value=None
    )
    category = forms.ChoiceField(
        label="研修区分", required=False, choices=[("", "すべて"), *Category.choices]
    )
    state = forms.ChoiceField(
        label="状態", required=False, choices=[("", "すべて"), *OfferingState.choices]
    )

    def __init__(self, data: Any, *, years: list[FiscalYear]) -> None:  # noqa: ANN401
        super().__init__(data)
        self.fields["year"].choices = [  # type: ignore[attr-defined]
            ("", "すべて"),
            *((year.label, year.long_label) for year in years),
        ]
