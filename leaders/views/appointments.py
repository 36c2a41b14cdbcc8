"""任命通知: the letter of one appointment, and those of a whole cohort."""

from datetime import date

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from agano_dx.lib import audit
from leaders.forms.papers import LetterForm, LettersForm
from leaders.models import Cohort, LeaderTerm
from leaders.papers import letters
from leaders.views.cohorts import trail
from staff.models import Department
from staff.organisation import DepartmentTree
from staff.pages import PageRequest, allow, show

DATED_ON = "dated_on"


@require_GET
def appointment(request: PageRequest, pk: int) -> HttpResponse:
    """One letter, for HR, administrators, and the person."""
    visible = LeaderTerm.objects.visible_to(request.access)
    term = get_object_or_404(
        visible.select_related("cohort", "staff", "department", "nomination"), pk=pk
    )
    is_own = term.staff_id == request.access.staff_id
    if not (is_own or request.access.sees_everyone):
        raise PermissionDenied
    today = timezone.localdate()
    form = LetterForm(request.GET if DATED_ON in request.GET else None)
    # A letter without the date just typed must not be printed: first it has to be put right.
    is_read = form.is_valid() or not form.is_bound
    dated_on = form.cleaned_data[DATED_ON] if form.is_bound and is_read else None
    found = letters([term], DepartmentTree.load(today), dated_on) if is_read else []
    if found and not is_own:
        audit.looked_at(term, by=request.user, print="appointment")
    context = {
        "term": term,
        "form": None if is_own else form,
        "letters": found,
        "is_over": term.is_over(today),
        "issuer": settings.CERTIFICATE_ISSUER,
    }
    places = [] if is_own else [*trail(), _cohort_page(term.cohort)]
    return show(request, "leaders/appointment.html", "任命通知", context, places)


@require_GET
@allow(lambda access: access.sees_everyone)
def appointment_batch(request: PageRequest, number: int) -> HttpResponse:
    """The letters of those of a cohort who have not stepped down: all, since a day, one unit."""
    cohort = get_object_or_404(Cohort, number=number)
    today = timezone.localdate()
    tree = DepartmentTree.load(today)
    terms = _terms(cohort, today)
    units = {tree.reporting_unit(term.department_id).pk for term in terms}
    form = LettersForm(
        request.GET or None, units=[unit for unit in tree.by_id.values() if unit.pk in units]
    )
    is_read = form.is_valid() or not form.is_bound
    asked = form.cleaned_data if form.is_bound and is_read else {}
    chosen = _chosen(terms, tree, asked.get("since"), asked.get("department"))
    found = letters(chosen, tree, asked.get(DATED_ON)) if is_read else []
    if found:
        _leave_trace(request, cohort, len(found), asked)
    context = {
        "cohort": cohort,
        "form": form,
        "is_read": is_read,
        "letters": found,
        "count": len(terms),
        "issuer": settings.CERTIFICATE_ISSUER,
    }
    places = [*trail(), _cohort_page(cohort)]
    return show(request, "leaders/appointment_batch.html", "任命通知の一括印刷", context, places)


def _terms(cohort: Cohort, today: date) -> list[LeaderTerm]:
    """The cohort's terms that are not over, by department."""
    not_over = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    in_service = Q(staff__left_on__isnull=True) | Q(staff__left_on__gte=today)
    return list(
        LeaderTerm.objects.filter(not_over, in_service, cohort=cohort)
        .select_related("cohort", "staff", "department", "nomination")
        .order_by("department__order", "starts_on", "pk")
    )


def _chosen(
    terms: list[LeaderTerm], tree: DepartmentTree, since: date | None, unit: Department | None
) -> list[LeaderTerm]:
    return [
        term
        for term in terms
        if (since is None or term.starts_on >= since)
        and (unit is None or tree.reporting_unit(term.department_id) == unit)
    ]


def _leave_trace(request: PageRequest, cohort: Cohort, rows: int, asked: dict[str, object]) -> None:
    """Who took the names of which leaders, by which choice."""
    unit, since = asked.get("department"), asked.get("since")
    audit.looked_at(
        cohort,
        by=request.user,
        print="appointments",
        rows=rows,
        since=str(since) if since else None,
        department=unit.pk if isinstance(unit, Department) else None,
    )


def _cohort_page(cohort: Cohort) -> tuple[str, str]:
    return f"{cohort}のリーダー", cohort.get_absolute_url()
