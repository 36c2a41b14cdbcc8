"""Courses and offerings."""

from typing import Any

from django import forms

from agano_dx.lib.fiscal import FiscalYear
from agano_dx.lib.formfields import DayField
from training.models import COMPLETING, Category, Course, Offering

HELD_CATEGORIES = [choice for choice in Category.choices if choice[0] != Category.LEADER_ACTIVITY]


class CourseForm(forms.ModelForm):
    """A course; its category stays once people have attended it."""

    class Meta:
        model = Course
        fields = ("title", "category", "provider", "hours", "description", "material_url")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", "選んでください"), *HELD_CATEGORIES]  # type: ignore[attr-defined]
        if self.instance.pk and self.instance.offerings.filter(attendances__isnull=False).exists():
            self.fields["category"].disabled = True


class OfferingForm(forms.ModelForm):
    """An offering. `version` is the state the clerk saw."""

    starts_on = DayField(label="開催日")
    ends_on = DayField(
        label="終了日", required=False, help_text="1日で終わるときは空欄で構いません。"
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Offering
        fields = (
            "course",
            "starts_on",
            "ends_on",
            "starts_at",
            "mode",
            "venue",
            "capacity",
            "instructor",
        )
        widgets = {"starts_at": forms.TimeInput(format="%H:%M", attrs={"placeholder": "13:30"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].empty_label = "選んでください"  # type: ignore[attr-defined]
        self.fields["starts_at"].help_text = "例：13:30"
        self.initial.setdefault("version", self.instance.version)
        self._keep_what_marks_rest_on()

    def _keep_what_marks_rest_on(self) -> None:
        """With people on it an offering keeps its course, with completions also its days."""
        if not self.instance.pk:
            return
        people = self.instance.attendances.all()
        if people.exists():
            self.fields["course"].disabled = True
            self.fields["course"].help_text = "受講者がいるため変えられません。"
        if people.filter(status__in=COMPLETING).exists():
            for name in ("starts_on", "ends_on"):
                self.fields[name].disabled = True
                self.fields[name].help_text = "出席の記録があるため変えられません。"

    def clean(self) -> dict[str, Any]:
        """One day unless another end is given; the seats taken still fit."""
        data: dict[str, Any] = super().clean() or {}
        data["ends_on"] = data.get("ends_on") or data.get("starts_on")
        capacity = data.get("capacity")
        if capacity and self.instance.pk:
            taken = self.instance.attendances.all().taking_a_seat().count()
            if capacity < taken:
                self.add_error(
                    "capacity",
                    f"登録済みの{taken}人より少なくできません。{taken}以上にしてください。",
                )
        return data


class OfferingFilterForm(forms.Form):
    """The filters of the list of offerings."""

    year = forms.TypedChoiceField(
        label="年度", required=False, coerce=FiscalYear.parse, empty_value=None
    )
    category = forms.ChoiceField(
        label="研修区分", required=False, choices=[("", "すべて"), *HELD_CATEGORIES]
    )

    def __init__(self, data: Any, *, years: list[FiscalYear]) -> None:  # noqa: ANN401
        super().__init__(data)
        self.fields["year"].choices = [  # type: ignore[attr-defined]
            ("", "すべて"),
            *((year.label, year.long_label) for year in years),
        ]
