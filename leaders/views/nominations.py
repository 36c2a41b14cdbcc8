"""Nominations: a head names their people."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agano_dx.lib.errors import DomainError
from leaders.eligibility import candidates
from leaders.forms.decisions import Decision, decision_on
from leaders.forms.nominations import NominationForm
from leaders.models import Cohort, Nomination, NominationStatus
from leaders.services import nominations as services
from staff.models import Department
from staff.organisation import DepartmentTree
from staff.pages import PageRequest, allow, show
from training.models import CountingRule


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.is_head)
def nomination_new(request: PageRequest, cohort: int, department: str) -> HttpResponse:
    """Nominate one of one's own people. Another head's department does not exist here."""
    unit = _own_department(request, DepartmentTree.load(timezone.localdate()).coded(department))
    round_of = get_object_or_404(Cohort, number=cohort)
    return _nominate(request, round_of, unit, None)


def _own_department(request: PageRequest, unit: Department | None) -> Department:
    if unit is None or not unit.gives_leader or unit.pk not in request.access.headed:
        raise Http404
    return unit


def _nominate(
    request: PageRequest, cohort: Cohort, unit: Department, returned: Nomination | None
) -> HttpResponse:
    """Ask, check, hand in; a returned nomination is handed in again."""
    today = timezone.localdate()
    rule = CountingRule.objects.in_force(today)
    people = candidates(unit, cohort, today, rule, apart_from=returned)
    form = NominationForm(request.POST or None, instance=returned, people=people)
    if form.is_valid():
        try:
            nomination = services.submit_nomination(
                cohort=cohort,
                department=unit,
                staff=form.cleaned_data["staff"],
                reason=form.cleaned_data["reason"],
                expected_role=form.cleaned_data["expected_role"],
                has_consent=form.cleaned_data["has_consent"],
                by=request.user,
                on=today,
                at=timezone.now(),
                rule=rule,
                returned=returned,
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "推薦を人事担当に提出しました。")
            return redirect(nomination)
    context = {
        "form": form,
        "cohort": cohort,
        "department": unit,
        "people": people,
        "eligible": [person for person in people if person.is_eligible],
        "others": [person for person in people if not person.is_eligible],
        "is_open": cohort.takes_nominations(today),
        "returned": returned,
    }
    return show(request, "leaders/nomination_new.html", f"{cohort}リーダーの推薦", context, trail())


@require_GET
@allow(lambda access: access.sees_lists)
def nomination_detail(request: PageRequest, pk: int) -> HttpResponse:
    """A nomination, with what the asker may do about it."""
    return show_nomination(request, visible_nomination(request, pk))


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.is_head)
def nomination_edit(request: PageRequest, pk: int) -> HttpResponse:
    """Correct a returned nomination and hand it in again."""
    nomination = visible_nomination(request, pk)
    tree = DepartmentTree.load(timezone.localdate())
    unit = _own_department(request, tree.current(nomination.department_id))
    if nomination.status != NominationStatus.RETURNED:
        messages.info(request, "この推薦は提出済みです。")
        return redirect(nomination)
    return _nominate(request, nomination.cohort, unit, nomination)


def visible_nomination(request: PageRequest, pk: int) -> Nomination:
    """The nomination, where the asker may see it; else 404."""
    visible = Nomination.objects.visible_to(request.access)
    return get_object_or_404(
        visible.select_related("cohort", "department", "staff", "submitted_by__staff", "replaces"),
        pk=pk,
    )


def show_nomination(
    request: PageRequest, nomination: Nomination, decision: Decision | None = None
) -> HttpResponse:
    """The nomination's page; `decision`: what a clerk filled in and has to put right."""
    context = {
        "nomination": nomination,
        "decision": decision
        or decision_on(
            nomination, by=request.user, access=request.access, today=timezone.localdate()
        ),
        "corrects": nomination.status == NominationStatus.RETURNED
        and nomination.department_id in request.access.headed,
    }
    return show(request, "leaders/nomination_detail.html", "推薦の内容", context, trail())


def trail() -> list[tuple[str, str]]:
    """The page above all others here."""
    return [("推薦", reverse("leaders:nomination_list"))]
