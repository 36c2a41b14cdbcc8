"""How the seats of the proposal are to be offered."""

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Max, Q

from agano_dx.lib.calendar import is_working_day, working_days_after
from agano_dx.lib.fiscal import era_date
from agano_dx.lib.formfields import DayField
from reports.services.drafts import Seats, Wish
from reports.shortest_way import ROOM
from training.forms.limits import MOST_SEATS
from training.models import PERIOD_MODES, Category, Course, Mode

# So long before people have to be told of a training.
WEEKS_AHEAD = 4
_PEOPLE = r"[a-z_]+:[0-9]{1,9}(,[0-9]{1,9})*"
_SEATS = re.compile(rf"{_PEOPLE}(;{_PEOPLE})*")
_MODES = [(mode.value, mode.label) for mode in Mode if mode not in PERIOD_MODES]


class SeenForm(forms.Form):
    """The proposal as the clerk saw it: who needs a seat in which category."""

    seats = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_seats(self) -> dict[str, frozenset[int]]:
        """By category; what cannot be read is no proposal."""
        text = self.cleaned_data["seats"]
        if not _SEATS.fullmatch(text):
            return {}
        parts = [part.split(":") for part in text.split(";")]
        return {
            category: frozenset(map(int, people.split(",")))
            for category, people in parts
            if category in Category.values
        }


def seats_as_text(seats: Seats) -> str:
    """The proposal as `SeenForm` reads it."""
    return ";".join(
        f"{category}:{','.join(str(one) for one in sorted(people))}"
        for category, people in seats.items()
    )


class DraftForm(forms.Form):
    """The offerings of one category."""

    course = forms.ModelChoiceField(
        label="研修",
        queryset=Course.objects.none(),
        empty_label="選んでください",
        error_messages={
            "required": "研修を選んでください。",
            "invalid_choice": "研修を選び直してください。",
        },
    )
    capacity = forms.IntegerField(
        label="1回の定員",
        min_value=1,
        max_value=MOST_SEATS,
        initial=ROOM,
        help_text="席の数が定員を超えるときは、2回以上に分けます。",
        error_messages={
            "required": "1回の定員を入力してください。",
            "invalid": "1回の定員は数で入力してください。",
            "min_value": "1回の定員は1以上にしてください。",
            "max_value": f"1回の定員は{MOST_SEATS}までの数で入力してください。",
        },
    )
    starts_on = DayField(
        label="最初の開催日",
        help_text="例：R8.12.7　2回目からは、次の開庁日に1回ずつ置きます。",
        error_messages={"required": "最初の開催日を入力してください。"},
    )
    mode = forms.ChoiceField(
        label="実施方法",
        choices=_MODES,
        initial=Mode.CLASSROOM,
        error_messages={
            "required": "実施方法を選んでください。",
            "invalid_choice": "実施方法を選び直してください。",
        },
    )

    def __init__(
        self,
        data: Any,  # noqa: ANN401 - Django's own signature
        *,
        category: str,
        people: int,
        today: date,
        due: date,
        first_day: date,
    ) -> None:
        courses = Course.objects.filter(category=category)
        initial = {"course": _held_last(category, today), "starts_on": first_day}
        super().__init__(data, prefix=category, initial=initial)
        self.people, self.today, self.due = people, today, due
        self.fields["course"].queryset = courses  # type: ignore[attr-defined]

    @property
    def wish(self) -> Wish:
        """What the clerk wants; the form is valid."""
        return Wish(**self.cleaned_data)

    def clean(self) -> dict[str, Any]:
        """Every offering lies after today and not after the target's day."""
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        if why := self._misplaced(Wish(**data)):
            self.add_error("starts_on", why)
        return data

    def _misplaced(self, wish: Wish) -> str:
        if wish.starts_on <= self.today:
            return "最初の開催日は明日以後の日にしてください。"
        if wish.starts_on > self.due:
            return f"最初の開催日は目標の期日（{era_date(self.due)}）までにしてください。"
        last = wish.days(self.people)[-1]
        if last > self.due:
            return (
                f"最後の回が{era_date(last)}になり、目標の期日を過ぎます。"
                "早い日にするか、1回の定員を増やしてください。"
            )
        return ""


def first_days(rooms: list[int], today: date, due: date) -> list[date]:
    """A first day for each category, so that its rooms do not fall on those of another.

    Some weeks ahead; from tomorrow on where the target's day is near.
    """
    start = today + timedelta(weeks=WEEKS_AHEAD)
    if working_days_after(start, sum(rooms)) > due:
        start = today
    found = []
    day = start if start > today and is_working_day(start) else working_days_after(start, 1)
    for count in rooms:
        found.append(min(day, due))
        day = working_days_after(day, count)
    return found


def _held_last(category: str, today: date) -> Course | None:
    """The course of the category that was held last; else the newest."""
    held = Q(offerings__starts_on__lte=today, offerings__cancelled_at__isnull=True)
    courses = Course.objects.filter(category=category).annotate(
        last=Max("offerings__starts_on", filter=held)
    )
    done = [course for course in courses if course.last is not None]
    if done:
        return max(done, key=lambda course: (course.last, course.pk))
    return courses.order_by("-pk").first()
