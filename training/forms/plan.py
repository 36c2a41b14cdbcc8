"""The outline of a period and the reviews of its years."""

from typing import Any

from django import forms

from agano_dx.lib.fiscal import FiscalYear
from agano_dx.lib.formfields import with_plain_lines
from training.services.periods import PeriodWords

LONGEST = 4000
TOO_LONG = "%(limit_value)d字までにしてください。今は%(show_value)d字です。"


class PeriodForm(forms.Form):
    """An outline and one review a year; cleans to `words`. `seen` marks the words on the page."""

    outline = forms.CharField(
        label="2か年の概要",
        required=False,
        max_length=LONGEST,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="この2年間に、だれに、どのような研修をするかを書きます。",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, data: Any, *, now: PeriodWords) -> None:  # noqa: ANN401 - Django's own
        super().__init__(
            data,
            initial={"outline": now.outline, "seen": now.mark}
            | {_name(year): now.reviews[year] for year in now.years},
        )
        self.years = now.years
        for year in now.years:
            self.fields[_name(year)] = forms.CharField(
                label=f"{year.label}の見直し",
                required=False,
                max_length=LONGEST,
                error_messages={"max_length": TOO_LONG},
                widget=forms.Textarea(attrs={"rows": 5}),
                help_text=f"{year.long_label}を終えて分かったことと、次に直すことを書きます。",
            )

    def clean(self) -> dict[str, Any]:
        """The words as one thing; line ends as they are stored."""
        data: dict[str, Any] = super().clean() or {}
        data["words"] = PeriodWords(
            with_plain_lines(data.get("outline", "")),
            {year: with_plain_lines(data.get(_name(year), "")) for year in self.years},
        )
        return data

    def let_save_over(self, now: PeriodWords) -> None:
        """The reader now sees what somebody else wrote: the next saving may replace it."""
        self.data = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        self.data["seen"] = now.mark  # type: ignore[index]


def _name(year: FiscalYear) -> str:
    return f"review_{year.year}"
