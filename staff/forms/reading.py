"""Which sheets to read, and what their columns hold."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms

from staff.roster.choices import RosterChoices
from staff.roster.fields import FIELD_LABELS, REQUIRED, ROSTER_HEADINGS
from staff.roster.survey import Survey, SurveyColumn, SurveySheet

NOT_USED = ("", "使わない")


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A heading on the page, and the choice of what its column holds."""

    column: SurveyColumn
    field: forms.BoundField


@dataclass(frozen=True, slots=True)
class LayoutTable:
    """The sheets that share their headings, and these headings."""

    sheets: tuple[SurveySheet, ...]
    lines: tuple[ColumnLine, ...]

    @property
    def names(self) -> str:
        """The sheets in words."""
        return "・".join(sheet.name for sheet in self.sheets)

    @property
    def is_remembered(self) -> bool:
        """Whether an earlier file said what the columns hold."""
        return any(line.column.is_remembered for line in self.lines)

    @property
    def unknown_count(self) -> int:
        """How many headings nobody knows."""
        return sum(line.column.is_unknown for line in self.lines)


class ReadingForm(forms.Form):
    """The sheets with a tick each, and for each layout its headings; cleans to `choices`."""

    sheets = forms.MultipleChoiceField(
        label="読み込むシート",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "読み込むシートを1つ以上選んでください。",
            "invalid_choice": "このファイルにないシートです。選び直してください。",
        },
    )

    def __init__(self, data: Any, *, survey: Survey) -> None:  # noqa: ANN401 - a QueryDict
        super().__init__(data)
        self.survey = survey
        self.by_layout: dict[str, list[SurveySheet]] = {}
        for sheet in survey.sheets:
            if sheet.is_table:
                self.by_layout.setdefault(sheet.layout, []).append(sheet)
        offered: forms.MultipleChoiceField = self.fields["sheets"]  # type: ignore[assignment]
        offered.choices = [
            (sheet.name, _described(sheet)) for sheet in survey.sheets if sheet.is_table
        ]
        offered.initial = [sheet.name for sheet in survey.chosen]
        for layout, sheets in self.by_layout.items():
            for number, column in enumerate(sheets[0].columns):
                self.fields[_name(layout, number)] = forms.ChoiceField(
                    label=f"{column.letter}列「{column.written}」",
                    choices=[NOT_USED, *FIELD_LABELS.items()],
                    required=False,
                    initial=column.field or "",
                    error_messages={"invalid_choice": "一覧にない項目です。選び直してください。"},
                )

    @property
    def tables(self) -> Iterator[LayoutTable]:
        """For each layout its sheets and its headings, as the page shows them."""
        for layout, sheets in self.by_layout.items():
            lines = (
                ColumnLine(column, self[_name(layout, number)])
                for number, column in enumerate(sheets[0].columns)
            )
            yield LayoutTable(tuple(sheets), tuple(lines))

    def clean(self) -> dict[str, Any]:
        """Each field at most once, and the staff number and the name among them."""
        data: dict[str, Any] = super().clean() or {}
        columns: dict[str, dict[str, str]] = {}
        for layout, sheets in self.by_layout.items():
            chosen = [sheet.name for sheet in sheets if sheet.name in data.get("sheets", ())]
            if not chosen:
                continue
            names = [_name(layout, number) for number in range(len(sheets[0].columns))]
            fields = [data.get(name, "") for name in names]
            self._check(chosen[0], names, fields)
            keys = [column.key for column in sheets[0].columns]
            columns[layout] = dict(zip(keys, fields, strict=True))
        data["choices"] = RosterChoices(sheets=tuple(data.get("sheets", ())), columns=columns)
        return data

    def _check(self, sheet: str, names: list[str], fields: list[str]) -> None:
        for missing in ROSTER_HEADINGS.missing(fields, REQUIRED):
            self.add_error(
                None,
                f"シート「{sheet}」に{missing}の列がありません。その列の項目を選んでください。",
            )
        times = Counter(fields)
        for name, field in zip(names, fields, strict=True):
            if field and times[field] > 1 and field not in ROSTER_HEADINGS.repeatable:
                self.add_error(
                    name,
                    f"「{FIELD_LABELS[field]}」が2つ以上の列に選ばれています。1つの列だけにしてください。",
                )


def _name(layout: str, number: int) -> str:
    """By layout, not by place: the same file gives the same names however it is asked about."""
    return f"column-{layout[:12]}-{number}"


def _described(sheet: SurveySheet) -> str:
    kind = "記入例・凡例" if sheet.is_example else f"{sheet.rows}行"
    return f"{sheet.name}（{kind}）"
