"""Choosing the day a page shows."""

from typing import Self

from django import forms

from agano_dx.lib.formfields import AskedDayField
from staff.pages import AskedDay, PageRequest


class DayForm(forms.Form):
    """基準日."""

    as_of = AskedDayField()

    @classmethod
    def asked(cls, request: PageRequest, day: AskedDay) -> Self:
        """The form as the address asks it; the day shown stands in it where nothing was asked."""
        return cls(request.GET if request.GET.get("as_of") else None, initial={"as_of": day.on})
