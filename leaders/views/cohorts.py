"""Cohorts: the five of the plan; one with its departments and leaders."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from leaders.models import Cohort, LeaderTerm
from staff.organisation import DepartmentTree
from staff.pages import PageRequest, allow, show


@require_GET
@allow(lambda access: access.sees_figures)
def cohort_list(request: PageRequest) -> HttpResponse:
    """The cohorts of the plan."""
    today = timezone.localdate()
    cohorts = [(cohort, cohort.runs_on(today)) for cohort in Cohort.objects.all()]
    context = {"cohorts": cohorts, "opens": request.access.sees_everyone}
    return show(request, "leaders/cohort_list.html", "期とリーダー", context)


@require_GET
@allow(lambda access: access.sees_everyone)
def cohort_detail(request: PageRequest, number: int) -> HttpResponse:
    """The cohort's terms."""
    cohort = get_object_or_404(Cohort, number=number)
    terms = LeaderTerm.objects.filter(cohort__number=number).select_related("staff", "department")
    tree = DepartmentTree.load(timezone.localdate())
    context = {
        "cohort": cohort,
        "terms": [(term, tree.current(term.department_id)) for term in terms],
        "sitting": terms.sitting(timezone.localdate()).count(),
    }
    return show(request, "leaders/cohort_detail.html", f"{cohort}のリーダー", context, trail())


def trail() -> list[tuple[str, str]]:
    """The page above all others here."""
    return [("期とリーダー", reverse("leaders:cohort_list"))]
