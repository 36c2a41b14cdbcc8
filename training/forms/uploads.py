"""Choosing a file with attendance, and deciding about its rows."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from agano_dx.lib.fiscal import era_date
from agano_dx.lib.formfields import EXAMPLE, DayField
from agano_dx.lib.japanese import read_staff_number
from agano_dx.lib.workbooks.limits import MAX_UPLOAD
from agano_dx.lib.workbooks.refusals import refusal
from staff.models import StaffMember
from training.imports.elearning import LogOptions
from training.imports.lines import LEAVE_OUT
from training.imports.plan import TRIANGLE_MEANINGS
from training.models import Category, Course, Offering, UploadKind
from training.services.uploads import Decisions

# The lists of a preview that are decided about and leafed through; in its address by these names.
LEAFED = ("asked", "walk_ins", "conflicts")
_PLACE = re.compile(r"(?:choice|number)-([0-9]{1,6})")
# What is answered about a person who is not on the offering.
JOINS, STAYS_OUT = "join", "stay_out"


class OfferingChoice(forms.ModelChoiceField):
    """An offering by its day and course."""

    def label_from_instance(self, obj: Offering) -> str:
        """R8.6.1 DX研修（第1会議室）."""
        venue = f"（{obj.venue}）" if obj.venue else ""
        return f"{era_date(obj.starts_on)} {obj.course.title}{venue}"


class CourseChoice(forms.ModelChoiceField):
    """A course by its title and category."""

    def label_from_instance(self, obj: Course) -> str:
        """情報セキュリティ（知識）."""
        return f"{obj.title}（{obj.get_category_display()}）"


class UploadForm(forms.Form):
    """The file; what else there is to say depends on what it is."""

    file = forms.FileField(
        label="ファイル",
        allow_empty_file=True,  # the reader refuses it, with a reference number as all others
        help_text="Excel（.xlsx .xlsm）かCSV、10MBまで。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.csv"}),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_file(self) -> UploadedFile:
        """Refuse what is too large before it is read."""
        upload: UploadedFile = self.cleaned_data["file"]
        if upload.size is not None and upload.size > MAX_UPLOAD:
            raise forms.ValidationError(str(refusal("too_large")))
        return upload

    @property
    def options(self) -> LogOptions:
        """What the clerk said beside the file."""
        return LogOptions(
            self.cleaned_data.get("category") or Category.ELEARNING,
            self.cleaned_data.get("course"),
            self.cleaned_data.get("completed_on"),
        )


class SheetUploadForm(UploadForm):
    """A sign-in sheet, and of which offering it is."""

    offering = OfferingChoice(
        label="開催回",
        queryset=Offering.objects.none(),
        empty_label="選んでください",
        help_text="今日までに始まった、締めていない開催回です。",
    )
    field_order = ("offering", "file")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["offering"].queryset = (  # type: ignore[attr-defined]
            Offering.objects.filter(
                starts_on__lte=self.today, closed_at__isnull=True, cancelled_at__isnull=True
            )
            .select_related("course")
            .order_by("-starts_on", "-pk")
        )


class ElearningUploadForm(UploadForm):
    """An e-learning log, and what may be missing in it."""

    category = forms.ChoiceField(
        label="研修区分", choices=Category.choices, initial=Category.ELEARNING
    )
    course = CourseChoice(
        label="研修",
        queryset=Course.objects.all(),
        required=False,
        empty_label="ファイルのコース名を使う",
        help_text="コース名の列がないファイルのときに選びます。",
    )
    completed_on = DayField(
        label="修了日",
        required=False,
        help_text=f"修了日も最終アクセス日もない行に使います。{EXAMPLE}",
    )

    def clean_completed_on(self) -> date | None:
        """Nobody has completed anything tomorrow."""
        day: date | None = self.cleaned_data["completed_on"]
        if day is not None and day > self.today:
            raise forms.ValidationError("修了日は今日までの日を入力してください。")
        return day


FORMS = {
    UploadKind.SHEET: SheetUploadForm,
    UploadKind.ELEARNING: ElearningUploadForm,
    UploadKind.HISTORY: UploadForm,
}


class DecisionsForm:
    """What was posted about the rows of a preview: people, ticks, △, the rest.

    `typed` keeps the numbers as they were typed, `errors` says of which row they cannot be used.
    `shown` is the page of each list that was on the screen, `leafed` the page asked for.
    """

    def __init__(self, data: Any) -> None:  # noqa: ANN401 - a QueryDict
        places = {int(found[1]) for name in data if (found := _PLACE.fullmatch(name))}
        self.typed = {place: _said(data, f"number-{place}") for place in places}
        self.chosen = {place: _said(data, f"choice-{place}") for place in places}
        self.shown = {name: page for name in LEAFED if (page := _page(data, f"at-{name}"))}
        self.leafed = {name: page for name in LEAFED if (page := _page(data, f"to-{name}"))}
        self.errors: dict[int, str] = {}
        self.seen: str = data.get("seen", "")
        triangle = data.get("triangle", "")
        self.decisions = Decisions(
            choices=self._choices(),
            ticks=_ticks(data),
            triangle=triangle if triangle in TRIANGLE_MEANINGS else "",
            leaves_rest="leaves_rest" in data,
        )

    def _choices(self) -> dict[int, str]:
        """The person of each row: a number typed goes before the list; unknown ones are errors."""
        meant: dict[int, str] = {}
        for place, chosen in self.chosen.items():
            reading = read_staff_number(self.typed[place])
            if reading.error:
                self.errors[place] = reading.error
            meant[place] = reading.value or chosen
        known = set(
            StaffMember.objects.filter(number__in=meant.values()).values_list("number", flat=True)
        )
        for place, number in meant.items():
            if number not in (*known, "", LEAVE_OUT):
                self.errors.setdefault(
                    place, "この職員番号の職員はいません。番号を確かめて入力してください。"
                )
        return {place: number for place, number in meant.items() if place not in self.errors}


def _said(data: Any, name: str) -> str:  # noqa: ANN401 - a QueryDict
    """What stands in a field; PostgreSQL takes no null sign, not even in a question."""
    said: str = data.get(name, "")
    return said.replace("\0", "").strip()[:40]


def _page(data: Any, name: str) -> str:  # noqa: ANN401 - a QueryDict
    number: str = data.get(name, "")
    return number if re.fullmatch("[0-9]{1,6}", number) else ""


def _ticks(data: Any) -> dict[int, bool]:  # noqa: ANN401 - a QueryDict
    """Which rows go in: walk-ins that were answered about or all at once, conflicts by a tick."""
    ticked = _places(data, "tick")
    conflicts = {place: place in ticked for place in _places(data, "conflict")}
    said = {place: data.get(f"walk_in-{place}") for place in _places(data, "walk_in")}
    if "join_all" in data:
        return conflicts | dict.fromkeys(said, True)
    return conflicts | {
        place: answer == JOINS for place, answer in said.items() if answer in (JOINS, STAYS_OUT)
    }


def _places(data: Any, name: str) -> list[int]:  # noqa: ANN401 - a QueryDict
    return [int(value) for value in data.getlist(name) if re.fullmatch("[0-9]{1,6}", value)]
