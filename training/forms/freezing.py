"""Freezing a year."""

from datetime import date

from django import forms

from agano_dx.lib.fiscal import FiscalYear
from training.models import FrozenYear


class FrozenYearForm(forms.ModelForm):
    """The year to freeze: one that is over on the day `today`, which the page gives."""

    today: date

    class Meta:
        model = FrozenYear
        fields = ("fiscal_year",)

    def clean_fiscal_year(self) -> FiscalYear:
        """A year that still runs has no final figures."""
        year: FiscalYear = self.cleaned_data["fiscal_year"]
        if self.today <= year.last_day:
            raise forms.ValidationError(
                f"{year.long_label}はまだ終わっていません。年度が終わってから確定してください。"
            )
        return year
