"""What was asked of the list of activities: shared by the list, the workbook and the paper."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from leaders.activities import shown
from leaders.activity_totals import Totals, activity_totals
from leaders.forms.activities import ActivityFilterForm
from leaders.models import Activity, ActivityQuerySet, ActivityStatus, Cohort
from staff.models import StaffMember
from staff.organisation import DepartmentTree
from staff.pages import PageRequest
from staff.search import named

TEXTS = ("theme", "problem", "plan", "tools", "effect", "partners")


@dataclass(frozen=True)
class Question:
    """The cohort, 部署, status and words asked for, and the filters as they stand on the page.

    `on`: today, or the last day of a cohort that is over.
    """

    form: ActivityFilterForm
    cohort: Cohort | None
    on: date
    units: frozenset[int] | None
    tree: DepartmentTree
    activities: ActivityQuerySet
    query: str

    @property
    def narrowed(self) -> list[str]:
        """The filters beside the cohort in words, for what leaves the screen."""
        data = self.form.cleaned_data
        words = [self.tree.by_id[int(data["department"])].name] if data.get("department") else []
        words += [ActivityStatus(data["status"]).label] if data.get("status") else []
        return words + ([f"「{data['q']}」"] if data.get("q") else [])

    def totals(self) -> Totals:
        """What the cohort adds up to in the units the asker may see, whatever is filtered."""
        if self.cohort is None:
            return Totals(())
        return activity_totals(self.cohort, self.on, self.units)


def asked(request: PageRequest) -> Question:
    """Read the question from the address, within what the asker may see."""
    today = timezone.localdate()
    cohorts = list(Cohort.objects.all())
    cohort = _cohort(request.GET.get("cohort", ""), cohorts, today)
    on = min(today, cohort.ends_on) if cohort else today
    tree, units = DepartmentTree.load(on), request.access.name_units
    departments = [
        unit for unit in tree.in_order if unit.gives_leader and (units is None or unit.pk in units)
    ]
    query = request.GET.copy()
    for name in ("page", "layout"):
        query.pop(name, None)
    if cohort is not None:
        query["cohort"] = str(cohort.number)
    form = ActivityFilterForm(query, cohorts=cohorts, departments=departments)
    form.is_valid()  # what cannot be read is told beside its field and narrows nothing
    found: ActivityQuerySet = Activity.objects.visible_to(request.access).filter(
        term__cohort=cohort
    )
    if units is not None:
        found = found.filter(term__department__in=units)
    return Question(
        form=form,
        cohort=cohort,
        on=on,
        units=units,
        tree=tree,
        activities=shown(_narrowed(found, form, tree)),
        query=query.urlencode(),
    )


def _cohort(asked_for: str, cohorts: list[Cohort], today: date) -> Cohort | None:
    """The cohort asked for, else the running one, else the last one begun."""
    begun = [cohort for cohort in cohorts if cohort.starts_on <= today]
    choices = (
        *(cohort for cohort in cohorts if str(cohort.number) == asked_for),
        *(cohort for cohort in begun if cohort.runs_on(today)),
        *reversed(begun),
        *cohorts,
    )
    return next(iter(choices), None)


def _narrowed(
    found: ActivityQuerySet, form: ActivityFilterForm, tree: DepartmentTree
) -> ActivityQuerySet:
    data = form.cleaned_data
    if data.get("department"):
        found = found.filter(term__department__in=tree.under([int(data["department"])]))
    if data.get("status"):
        found = found.filter(status=data["status"])
    for word in data.get("q", "").split():
        said = Q(term__staff__in=named(StaffMember.objects.all(), word))
        for text in TEXTS:
            said |= Q(**{f"{text}__icontains": word})
        found = found.filter(said)
    return found
