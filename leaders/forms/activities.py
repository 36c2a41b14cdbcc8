"""Writing an activity and its steps down, commenting on it, finding it."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.http import QueryDict

from agano_dx.lib.filters import amount
from agano_dx.lib.formfields import DayField, with_plain_lines
from agano_dx.lib.japanese import plain
from leaders.models import ActivityStatus, Cohort
from leaders.services.activities import WRITTEN, Entry, Step, in_order
from staff.models import Department

LONGEST_TEXT: Final = 2000
LONGEST_COMMENT: Final = 1000
MOST_STEPS: Final = 40
# The digits a number of rows may have; a longer one is not even read.
MOST_DIGITS: Final = 4
MORE_ROWS: Final = 3
STEPS: Final = "steps"


class HoursField(forms.DecimalField):
    """Hours a year as people write them: 120, 1,200, １２０時間."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            min_value=Decimal(0),
            max_digits=8,
            decimal_places=1,
            widget=forms.TextInput(
                attrs={"inputmode": "decimal", "autocomplete": "off", "size": "12"}
            ),
            error_messages={
                "invalid": "数として読めません。「120」や「37.5」のように入力してください。",
                "min_value": "0以上の数を入力してください。",
                "max_decimal_places": "小数は1桁までにしてください。",
                "max_digits": "数が大きすぎます。年間の時間数を確かめてください。",
                "max_whole_digits": "数が大きすぎます。年間の時間数を確かめてください。",
            },
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401 - Django's own signature
        """Show what is stored as people write it."""
        return amount(value) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Any:  # noqa: ANN401 - Django's own signature
        """The number without what people write around it."""
        if isinstance(value, str):
            value = plain(value).strip().removesuffix("時間").replace(",", "").strip()
        return super().to_python(value)


def _words(label: str, rows: int, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=hint,
    )


class ActivityForm(forms.Form):
    """An activity without its steps. `fellows`: who may be chosen, as (key, words)."""

    theme = forms.CharField(
        label="テーマ", max_length=100, help_text="例：窓口の予約受付をオンラインにする"
    )
    status = forms.ChoiceField(
        label="状態",
        choices=ActivityStatus.choices,
        initial=ActivityStatus.PLANNED,
        error_messages={"invalid_choice": "状態を選び直してください。"},
    )
    problem = _words("課題", 3, "今、何に困っているかを書きます。")
    plan = _words("計画", 3, "どう変えるかを書きます。")
    tools = forms.CharField(
        label="使うツール", required=False, max_length=200, help_text="例：電子申請、表計算、RPA"
    )
    hours_before = HoursField(
        label="取組前の作業時間（年間）",
        help_text="部署全体の1年間の時間数です。例：1回2時間を毎週なら「100」",
    )
    hours_after = HoursField(
        label="取組後の作業時間（年間）", help_text="まだ分からないときは、見込みを入れます。"
    )
    effect = _words("効果（時間のほか）", 3, "例：待ち時間が短くなった、ミスが減った")
    participants = forms.MultipleChoiceField(
        label="一緒に取り組む人",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="同じ期の推進リーダーから選びます。選んだ人は、この活動を読めます。",
        error_messages={
            "invalid_choice": "この期の推進リーダーでない人がいます。選び直してください。"
        },
    )
    partners = forms.CharField(
        label="協力する部署・人",
        required=False,
        max_length=200,
        help_text="推進リーダーのほかに協力してもらう部署や人を書きます。",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, fellows: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["participants"]
        field.choices = [(str(key), words) for key, words in fellows]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Stored with one kind of line break."""
        data: dict[str, Any] = super().clean() or {}
        return {
            name: with_plain_lines(value) if isinstance(value, str) else value
            for name, value in data.items()
        }

    def entry(self, steps: tuple[Step, ...]) -> Entry:
        """What was written, with its steps."""
        data = self.cleaned_data
        return Entry(
            **{name: data[name] for name in WRITTEN},
            participants=frozenset(int(key) for key in data["participants"]),
            steps=steps,
        )

    def let_save_over(self, version: int) -> None:
        """The reader now sees what somebody else saved: the next saving may replace it."""
        self.data = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        self.data["seen"] = str(version)  # type: ignore[index]


def written(entry: Entry, version: int) -> dict[str, Any]:
    """An entry as the form shows it at first."""
    return {name: getattr(entry, name) for name in WRITTEN} | {
        "participants": [str(key) for key in entry.participants],
        "seen": version,
    }


class StepForm(forms.Form):
    """One row of the table of steps; an empty one is no step."""

    due_on = DayField(label="予定日", required=False, help_text="")
    text = forms.CharField(label="内容", required=False, max_length=200)
    done_on = DayField(label="実施日", required=False, help_text="")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """A step has its words and its day; it is not done on a day to come."""
        data: dict[str, Any] = super().clean() or {}
        has_day = bool(data.get("due_on") or data.get("done_on"))
        if has_day and not data.get("text") and "text" not in self.errors:
            self.add_error("text", "手順の内容を入力するか、この行の日付も消してください。")
        if data.get("text") and not data.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", "予定日を入力してください。")
        if data.get("done_on") and data["done_on"] > self.today:
            self.add_error("done_on", "今日までの日を入力してください。")
        return data


class BaseStepFormSet(forms.BaseFormSet):
    """The table of steps."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """The rows that are filled in."""
        return in_order(
            Step(row["due_on"], row["text"], row["done_on"])
            for row in self.cleaned_data
            if row.get("text")
        )


StepFormSet: type[BaseStepFormSet] = forms.formset_factory(  # type: ignore[assignment]
    StepForm, formset=BaseStepFormSet, extra=0, max_num=MOST_STEPS, validate_max=True
)


def step_rows(steps: Iterable[Step], today: date) -> BaseStepFormSet:
    """The table to fill in: the steps there are, and empty rows under them."""
    rows: list[dict[str, Any]] = [
        {"due_on": one.due_on, "text": one.text, "done_on": one.done_on} for one in steps
    ]
    return _unbound(rows, today)


def more_rows(data: QueryDict, today: date) -> BaseStepFormSet:
    """The table as it was typed, unjudged, with more empty rows."""
    typed = data.get(f"{STEPS}-TOTAL_FORMS", "")
    # Whoever sends a number of thousands of digits gets no rows, not an error.
    is_number = typed.isdecimal() and len(typed) <= MOST_DIGITS
    count = min(int(typed), MOST_STEPS) if is_number else 0
    rows = [
        {name: data.get(f"{STEPS}-{row}-{name}", "") for name in ("due_on", "text", "done_on")}
        for row in range(count)
    ]
    return _unbound(rows, today)


def _unbound(rows: list[dict[str, Any]], today: date) -> BaseStepFormSet:
    empty: list[dict[str, Any]] = [{} for _ in range(MORE_ROWS)]
    return StepFormSet(
        initial=[*rows, *empty][:MOST_STEPS], prefix=STEPS, form_kwargs={"today": today}
    )


def sent_rows(data: QueryDict, today: date) -> BaseStepFormSet:
    """The table as it was sent, to be judged."""
    return StepFormSet(data, prefix=STEPS, form_kwargs={"today": today})


def as_typed(data: QueryDict) -> Mapping[str, Any]:
    """What was typed, to be shown again unjudged."""
    return {**data.dict(), "participants": data.getlist("participants")}


class CommentForm(forms.Form):
    """A comment. `after`: the last comment on the page it is written on."""

    text = forms.CharField(
        label="コメント",
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "コメントを入力してください。"},
    )
    after = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def clean_text(self) -> str:
        """Stored with one kind of line break."""
        return with_plain_lines(self.cleaned_data["text"])


class ActivityFilterForm(forms.Form):
    """The filters of the list of activities."""

    cohort = forms.ChoiceField(label="期", required=False)
    department = forms.ChoiceField(label="部署", required=False)
    status = forms.ChoiceField(
        label="状態", required=False, choices=[("", "すべて"), *ActivityStatus.choices]
    )
    q = forms.CharField(label="言葉（テーマ・氏名など）", required=False, max_length=60)

    def __init__(
        self,
        *args: Any,
        cohorts: Iterable[Cohort],
        departments: Iterable[Department],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohort"].choices = [(str(one.number), str(one)) for one in cohorts]  # type: ignore[attr-defined]
        self.fields["department"].choices = [  # type: ignore[attr-defined]
            ("", "すべて"),
            *((str(one.pk), one.name) for one in departments),
        ]
