"""Asking for an outstanding list, and what is done with the people on it."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from agano_dx.lib.fiscal import FiscalYear, era_date
from agano_dx.lib.formfields import AskedDayField, DayField
from agano_dx.lib.japanese import read_date
from staff.access import Access
from staff.models import Band, StaffMember
from staff.organisation import DepartmentTree
from training.forms.limits import far_from_plan, seats_field
from training.models import Course, Offering, Programme
from training.outstanding import listed_programmes

NEW = "new"


def asked_for(
    data: QueryDict, programmes: Sequence[Programme], today: date, access: Access
) -> tuple[QueryDict, date]:
    """The filters with what goes without saying filled in, and the day they mean.

    A typed day goes before the year. A year means its last day when it is over, today while it
    runs, and its first day when it is to come, which only those may see who see appointments to
    come.
    """
    filled = data.copy()
    year = FiscalYear.containing(today)
    typed = read_date(data.get("as_of", "").strip()).value
    if typed is not None and (typed <= today or access.sees_future):
        day = typed
    else:
        chosen = next(
            (
                one
                for one in offered_years(programmes, today, access)
                if one.label == data.get("year")
            ),
            year,
        )
        day = _day_of(chosen, today)
    filled["year"] = FiscalYear.containing(day).label
    if programmes and not any(row.code == data.get("programme") for row in programmes):
        running = [row for row in programmes if row.first_year <= year <= row.last_year]
        filled["programme"] = (running or list(programmes))[0].code
    return filled, day


def offered_years(programmes: Sequence[Programme], today: date, access: Access) -> list[FiscalYear]:
    """The years of the plan, those to come only for those who may see them."""
    this_year = FiscalYear.containing(today)
    first = min((row.first_year for row in programmes), default=this_year)
    last = max((row.last_year for row in programmes), default=this_year)
    return [
        year
        for year in FiscalYear.range(min(first, this_year), max(last, this_year))
        if year <= this_year or access.sees_future
    ]


def _day_of(year: FiscalYear, today: date) -> date:
    if today in year:
        return today
    return year.last_day if year.last_day < today else year.first_day


class OutstandingFilterForm(forms.Form):
    """The filters of the list; offers only units the asker may see."""

    programme = forms.ModelChoiceField(
        label="施策",
        required=False,
        queryset=Programme.objects.none(),
        to_field_name="code",
        empty_label=None,
        error_messages={"invalid_choice": "施策を選び直してください。"},
    )
    year = forms.ChoiceField(label="年度", required=False)
    department = forms.TypedChoiceField(label="所属", required=False, coerce=int, empty_value=None)
    band = forms.ChoiceField(label="職階", required=False, choices=[("", "すべて"), *Band.choices])
    as_of = AskedDayField(help_text="例：R8.3.31　年度より優先します。")

    def __init__(
        self,
        data: QueryDict,
        *,
        years: Collection[FiscalYear],
        tree: DepartmentTree,
        access: Access,
    ) -> None:
        super().__init__(data)
        units = access.name_units
        self.fields["programme"].queryset = listed_programmes()  # type: ignore[attr-defined]
        # An old or typed day may lie outside the plan's years.
        labels = {year.label: year.long_label for year in years}
        day_s = FiscalYear.containing(tree.on)
        labels.setdefault(day_s.label, day_s.long_label)
        self.fields["year"].choices = list(labels.items())  # type: ignore[attr-defined]
        self.fields["department"].choices = [  # type: ignore[attr-defined]
            ("", "すべて"),
            *(
                (unit.pk, "\u3000" * (len(tree.above(unit.pk)) - 1) + unit.name)
                for unit in tree.in_order
                if units is None or unit.pk in units
            ),
        ]


class HeadsNoticeForm(forms.Form):
    """What is typed on a notice to the heads."""

    reply_by = DayField(label="回答期限", required=False, help_text="例：R8.12.7")
    addition = forms.CharField(
        label="書き添えること",
        required=False,
        max_length=200,
        help_text="本文の後に入ります。例：研修の案内は庁内の掲示板に載せています。",
    )
    with_booked = forms.BooleanField(label="予約済の人も載せる", required=False)


class BookForm(forms.Form):
    """Onto which offering people go: one that is coming, or a new one."""

    offering = forms.ChoiceField(
        label="開催回",
        widget=forms.RadioSelect,
        error_messages={
            "required": "開催回を選んでください。",
            "invalid_choice": "開催回を選び直してください。",
        },
    )
    course = forms.ModelChoiceField(
        label="研修", required=False, queryset=Course.objects.none(), empty_label="選んでください"
    )
    starts_on = DayField(label="開催日", required=False)
    capacity = seats_field()

    def __init__(
        self,
        data: Any,  # noqa: ANN401 - a QueryDict, or nothing yet
        *,
        category: str,
        coming: Sequence[tuple[Offering, str]],
        today: date,
    ) -> None:
        """`coming`: the offerings to choose from, each in words."""
        courses = Course.objects.filter(category=category)
        initial = {"course": courses.order_by("-pk").first(), "offering": "" if coming else NEW}
        super().__init__(data, initial=initial)
        self.today = today
        self.coming = {str(offering.pk): offering for offering, _ in coming}
        self.fields["course"].queryset = courses  # type: ignore[attr-defined]
        self.fields["offering"].choices = [  # type: ignore[attr-defined]
            *((str(offering.pk), words) for offering, words in coming),
            (NEW, "新しい開催回を作る（下に入力します）"),
        ]

    @property
    def chosen(self) -> Offering | None:
        """The offering chosen; `None` for a new one."""
        return self.coming.get(self.cleaned_data["offering"])

    def clean(self) -> dict[str, Any]:
        """A new offering needs its course and a day that is not over."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("offering") != NEW:
            return data
        if not data.get("course") and "course" not in self.errors:
            self.add_error("course", "新しい開催回の研修を選んでください。")
        starts_on = data.get("starts_on")
        if not starts_on and "starts_on" not in self.errors:
            self.add_error("starts_on", "新しい開催回の開催日を入力してください。")
        elif starts_on and starts_on < self.today:
            self.add_error("starts_on", "開催日は今日以後の日にしてください。")
        elif starts_on and (why := far_from_plan([starts_on])):
            self.add_error("starts_on", why)
        return data

    def refuse_absent(self, members: Sequence[StaffMember]) -> bool:
        """Whether somebody will have left the city's service by then; says who."""
        chosen = self.chosen
        on = chosen.day_of_people(self.today) if chosen else self.cleaned_data["starts_on"]
        gone = [member.name for member in members if not member.is_employed(on)]
        if gone:
            self.add_error(
                None,
                f"{'、'.join(gone[:10])}は、{era_date(on)}に在職していません。"
                "印を外して、もう一度登録してください。",
            )
        return bool(gone)
