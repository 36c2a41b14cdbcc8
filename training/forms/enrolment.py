"""Enrolling people: whom, in spite of which clashes; and giving a place up."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from agano_dx.lib.japanese import read_staff_number
from staff.models import Assignment, StaffMember
from staff.organisation import DepartmentTree
from staff.search import numbered
from training.clashes import Clash
from training.models import CountingRule
from training.outstanding import REASONS, outstanding, programmes_owed
from training.pasting import split_numbers


class EnrolForm(forms.Form):
    """People by department, by row of the plan or by staff numbers; cleans to `members`.

    `left_out` then says how many of the row were left out, by reason.
    """

    department = forms.TypedChoiceField(
        label="所属の全員", required=False, coerce=int, empty_value=None
    )
    programme = forms.TypedChoiceField(
        label="施策の未受講者の全員",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="免除の人と、ほかの開催回に予約している人を除いて登録します。",
    )
    with_booked = forms.BooleanField(
        label="施策の未受講者のうち、ほかの開催回に予約している人も登録する", required=False
    )
    numbers = forms.CharField(
        label="職員番号",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="1行に1人、または空白・読点で区切って入力します。Excelの列を貼り付けられます。",
    )

    def __init__(
        self,
        data: Any,  # noqa: ANN401 - Django's own signature
        *,
        category: str,
        on: date,
    ) -> None:
        super().__init__(data)
        self.on = on
        self.tree = DepartmentTree.load(on)
        self.left_out: Counter[str] = Counter()
        self.fields["department"].choices = [  # type: ignore[attr-defined]
            ("", "選んでください"),
            *(
                (unit.pk, "\u3000" * (len(self.tree.above(unit.pk)) - 1) + unit.name)
                for unit in self.tree.in_order
            ),
        ]
        self.programmes = {row.pk: row for row in programmes_owed(category, on)}
        self.fields["programme"].choices = [  # type: ignore[attr-defined]
            ("", "選んでください"),
            *((row.pk, row.name) for row in self.programmes.values()),
        ]
        if not self.programmes:
            del self.fields["programme"], self.fields["with_booked"]

    def clean_numbers(self) -> list[StaffMember]:
        """The people with these numbers; a number nobody has is an error."""
        numbers = []
        for part in split_numbers(self.cleaned_data["numbers"]):
            reading = read_staff_number(part)
            if reading.error or reading.value is None:
                raise forms.ValidationError(f"「{part}」: {reading.error}")
            numbers.append(reading.value)
        found = numbered(StaffMember.objects.employed(self.on), numbers)
        unknown = [number for number in dict.fromkeys(numbers) if number not in found]
        if unknown:
            raise forms.ValidationError(
                f"{'、'.join(unknown[:10])}は、開催日に在職している職員の番号ではありません。"
                "番号を直してください。"
            )
        return list({member.pk: member for member in found.values()}.values())

    def clean(self) -> dict[str, Any]:
        """Everybody meant, each once."""
        data: dict[str, Any] = super().clean() or {}
        members = {member.pk: member for member in data.get("numbers") or []}
        if data.get("department"):
            places = Assignment.objects.employed(self.on).within(
                self.tree.under([data["department"]])
            )
            members |= {place.staff_id: place.staff for place in places.select_related("staff")}
        if data.get("programme"):
            members |= {member.pk: member for member in self._owing(data)}
        elif not members and not self.errors:
            raise forms.ValidationError(
                "所属か施策を選ぶか、職員番号を入力してください。"
                if self.programmes
                else "所属を選ぶか、職員番号を入力してください。"
            )
        data["members"] = list(members.values())
        return data

    def _owing(self, data: dict[str, Any]) -> list[StaffMember]:
        rule = CountingRule.objects.in_force(self.on)
        owing = outstanding(self.programmes[data["programme"]], self.on, rule, None)
        skipped = {"excused"} if data.get("with_booked") else {"excused", "booked"}
        self.left_out = Counter(REASONS[one.reason] for one in owing if one.reason in skipped)
        return self._employed([one.number for one in owing if one.reason not in skipped])

    def _employed(self, numbers: Collection[str]) -> list[StaffMember]:
        return list(StaffMember.objects.employed(self.on).filter(number__in=numbers))


class ClashAnswer:
    """What the clerk or head answered about clashes: leave these people out, or take them too.

    Only clashes that were shown count as answered; one that came about since is asked again.
    """

    def __init__(self, data: QueryDict) -> None:
        self.choice = data.get("clashing", "")
        self.seen = set(data.getlist("clash"))

    def is_needed(self, found: Sequence[Clash]) -> bool:
        """Whether a clash has yet to be shown and answered."""
        answered = self.choice == "leave" or (
            self.choice == "accept" and all(clash.key in self.seen for clash in found)
        )
        return bool(found) and not answered

    def chosen(self, members: Sequence[StaffMember], found: Sequence[Clash]) -> list[StaffMember]:
        """The people to enrol."""
        clashing = {clash.staff.pk for clash in found} if self.choice == "leave" else set()
        return [member for member in members if member.pk not in clashing]


class WithdrawForm(forms.Form):
    """Why a clerk takes somebody off an offering."""

    reason = forms.CharField(label="取消の理由", required=False, max_length=200)
