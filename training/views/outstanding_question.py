"""What was asked of the outstanding lists: shared by the list and all that is made from it."""

from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict
from django.utils import timezone

from staff.models import Band
from staff.organisation import DepartmentTree
from staff.pages import AskedDay, PageRequest, asked_day
from training.forms.outstanding import OutstandingFilterForm, asked_for, offered_years
from training.models import CountingRule, Programme
from training.outstanding import DETAILED, REASONS, Owing, Roll, Scope, listed_programmes, roll


@dataclass(frozen=True)
class Question:
    """The row, day, units, band and reason asked for, and the filters as they stand on the page."""

    form: OutstandingFilterForm
    programme: Programme | None
    day: AskedDay
    tree: DepartmentTree
    scope: Scope
    reason: str
    query: str

    @cached_property
    def roll(self) -> Roll:
        """The whole list; empty while the plan holds no row."""
        if self.programme is None:
            return Roll(0, [], [], [])
        rule = CountingRule.objects.in_force(self.day.on)
        return roll(self.programme, self.day.on, rule, self.scope)

    @property
    def people(self) -> list[Owing]:
        """Those who owe the row for the reason asked for."""
        return self.roll.because(self.reason)

    @property
    def is_in_force(self) -> bool:
        """Whether the row asks anybody in the year of the day."""
        row = self.programme
        return row is not None and row.first_year.first_day <= self.day.on <= row.last_year.last_day

    @property
    def narrowed(self) -> list[str]:
        """The filters in words, for what leaves the screen."""
        data = self.form.cleaned_data
        department, band = data.get("department"), data.get("band")
        words = [self.tree.by_id[department].name] if department else []
        words += [Band(band).label] if band else []
        return words + ([REASONS[self.reason]] if self.reason else [])

    @property
    def full_query(self) -> str:
        """The filters with the reason, as a query string."""
        return f"{self.query}&reason={self.reason}" if self.reason else self.query


def asked(request: PageRequest) -> Question:
    """Read the question from the address, within what the asker may see."""
    return _read(request, request.GET, asked_day(request).error)


def asked_today(request: PageRequest) -> Question:
    """The same for acts: they are for today, whatever day the address names."""
    data = request.GET.copy()
    for name in ("as_of", "year"):
        data.pop(name, None)
    return _read(request, data, "")


def _read(request: PageRequest, data: QueryDict, error: str) -> Question:
    access, today = request.access, timezone.localdate()
    programmes = list(listed_programmes())
    filled, on = asked_for(data, programmes, today, access)
    tree = DepartmentTree.load(on)
    years = offered_years(programmes, today, access)
    form = OutstandingFilterForm(filled, years=years, tree=tree, access=access)
    form.is_valid()  # what cannot be read is told beside its field and narrows nothing
    department = form.cleaned_data.get("department")
    units = access.name_units
    if department is not None:
        under = tree.under([department])
        units = under if units is None else under & units
    reason = data.get("reason", "")
    query = data.copy()
    for name in ("page", "reason", "scope", "staff"):
        query.pop(name, None)
    programme = form.cleaned_data.get("programme")
    if programme is not None:  # whatever was asked, the links lead on to what is shown
        query["programme"] = programme.code
    return Question(
        form=form,
        programme=programme,
        day=AskedDay(on, today, error),
        tree=tree,
        scope=Scope(units, form.cleaned_data.get("band", "")),
        reason=reason if reason in DETAILED else "",
        query=query.urlencode(),
    )
