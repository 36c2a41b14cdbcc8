"""Nominations: a head names their people, HR approves or returns."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agano_dx.lib.errors import DomainError
from leaders.eligibility import candidates
from leaders.forms.nominations import NominationForm, ReturnForm
from leaders.models import Cohort, LeaderTerm, Nomination, NominationStatus
from leaders.services import nominations as services
from staff.models import Department
from staff.organisation import DepartmentTree
from staff.pages import PageRequest, allow, show
from training.models import CountingRule


@dataclass(frozen=True, slots=True)
class DepartmentState:
    """One department in a round: its nominations and its sitting leaders."""

    department: Department
    nominations: list[Nomination]
    leaders: list[LeaderTerm]
    may_nominate: bool

    @property
    def is_silent(self) -> bool:
        """Whether nothing is handed in or approved."""
        waiting = (NominationStatus.SUBMITTED, NominationStatus.APPROVED)
        return not any(nomination.status in waiting for nomination in self.nominations)


@require_GET
@allow(lambda access: access.sees_lists)
def nomination_list(request: PageRequest) -> HttpResponse:
    """The round: each department with its nominations and leaders; waiting ones first for HR."""
    today = timezone.localdate()
    cohorts = list(Cohort.objects.all())
    cohort = _shown_cohort(request.GET.get("cohort", ""), cohorts, today)
    states = _states(request, cohort, today) if cohort else []
    context = {
        "cohorts": cohorts,
        "cohort": cohort,
        "is_open": cohort is not None and cohort.takes_nominations(today),
        "states": states,
        "waiting": [
            nomination
            for state in states
            for nomination in state.nominations
            if nomination.status == NominationStatus.SUBMITTED
        ],
        "silent": [state.department for state in states if state.is_silent],
        "decides": request.access.sees_everyone,
        "may_nominate": any(state.may_nominate for state in states),
    }
    return show(request, "leaders/nomination_list.html", "推薦", context)


def _shown_cohort(asked: str, cohorts: list[Cohort], on: date) -> Cohort | None:
    """The cohort asked for, else the one whose round is open, else the running one."""
    choices = (
        *(cohort for cohort in cohorts if str(cohort.number) == asked),
        *(cohort for cohort in cohorts if cohort.takes_nominations(on)),
        *(cohort for cohort in cohorts if cohort.runs_on(on)),
    )
    return next(iter(choices), None)


def _states(request: PageRequest, cohort: Cohort, on: date) -> list[DepartmentState]:
    units = request.access.name_units
    visible: QuerySet[Nomination] = Nomination.objects.visible_to(request.access)
    nominations = list(
        visible.filter(cohort=cohort)
        .exclude(status=NominationStatus.WITHDRAWN)
        .select_related("staff", "department")
    )
    terms = list(
        LeaderTerm.objects.filter(cohort=cohort).sitting(on).select_related("staff", "department")
    )
    tree = DepartmentTree.load(on)
    return [
        DepartmentState(
            unit,
            [one for one in nominations if tree.current(one.department_id) == unit],
            [one for one in terms if tree.current(one.department_id) == unit],
            may_nominate=unit.pk in request.access.headed and cohort.takes_nominations(on),
        )
        for unit in tree.in_order
        if unit.gives_leader and (units is None or unit.pk in units)
    ]


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
    return _show(request, _visible(request, pk), ReturnForm())


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.is_head)
def nomination_edit(request: PageRequest, pk: int) -> HttpResponse:
    """Correct a returned nomination and hand it in again."""
    nomination = _visible(request, pk)
    tree = DepartmentTree.load(timezone.localdate())
    unit = _own_department(request, tree.current(nomination.department_id))
    if nomination.status != NominationStatus.RETURNED:
        messages.info(request, "この推薦は提出済みです。")
        return redirect(nomination)
    return _nominate(request, nomination.cohort, unit, nomination)


@require_POST
@allow(lambda access: access.is_hr)
def nomination_approve(request: PageRequest, pk: int) -> HttpResponse:
    """Approve: makes the leader's term."""
    nomination = _visible(request, pk)
    today = timezone.localdate()
    try:
        term = services.approve_nomination(
            nomination=nomination,
            by=request.user,
            on=today,
            rule=CountingRule.objects.in_force(today),
        )
    except services.NotSubmittedError as error:
        messages.info(request, str(error))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"承認しました。{term.cohort}のリーダーに任命しました。")
    return redirect(nomination)


@require_POST
@allow(lambda access: access.is_hr)
def nomination_return(request: PageRequest, pk: int) -> HttpResponse:
    """Send it back with the reason."""
    nomination = _visible(request, pk)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _show(request, nomination, form)
    try:
        services.return_nomination(
            nomination=nomination, by=request.user, comment=form.cleaned_data["comment"]
        )
    except services.NotSubmittedError as error:
        messages.info(request, str(error))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "部署長に差し戻しました。")
    return redirect(nomination)


def _visible(request: PageRequest, pk: int) -> Nomination:
    visible = Nomination.objects.visible_to(request.access)
    return get_object_or_404(
        visible.select_related("cohort", "department", "staff", "submitted_by__staff"), pk=pk
    )


def _show(request: PageRequest, nomination: Nomination, form: ReturnForm) -> HttpResponse:
    context = {
        "nomination": nomination,
        "form": form,
        "decides": request.access.is_hr and nomination.status == NominationStatus.SUBMITTED,
        "corrects": nomination.status == NominationStatus.RETURNED
        and nomination.department_id in request.access.headed,
    }
    return show(request, "leaders/nomination_detail.html", "推薦の内容", context, trail())


def trail() -> list[tuple[str, str]]:
    """The page above all others here."""
    return [("推薦", reverse("leaders:nomination_list"))]
