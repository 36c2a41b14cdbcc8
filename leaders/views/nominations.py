"""Nominations: a head, a deputy or HR on behalf names somebody."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from leaders.desk import desk_of, stage_of
from leaders.eligibility import candidates
from leaders.forms.decisions import Decision, decision_on
from leaders.forms.nominations import NominationForm, WithdrawForm
from leaders.models import Cohort, EnteredAs, LeaderTerm, Nomination
from leaders.openings import entered_as
from leaders.services import nominations as services
from staff.models import Department
from staff.organisation import DepartmentTree
from staff.pages import PageRequest, allow, show
from training.models import CountingRule


@require_http_methods(["GET", "POST"])
@allow(lambda access: bool(access.nominating) or access.keeps_leaders)
def nomination_new(request: PageRequest, cohort: int, department: str) -> HttpResponse:
    """Nominate one of one's own people. A department of others does not exist here."""
    tree = DepartmentTree.load(timezone.localdate())
    coded = tree.coded(department)
    unit = _own_unit(request, tree.current(coded.pk) if coded else None)
    return _nominate(request, get_object_or_404(Cohort, number=cohort), unit, None)


@require_http_methods(["GET", "POST"])
@allow(lambda access: bool(access.nominating) or access.keeps_leaders)
def nomination_edit(request: PageRequest, pk: int) -> HttpResponse:
    """Go on with a draft, or correct what came back, and hand it in."""
    nomination = visible_nomination(request, pk)
    tree = DepartmentTree.load(timezone.localdate())
    unit = _own_unit(request, tree.reporting_unit(nomination.department_id))
    if request.method == "GET" and not nomination.is_on_the_desk:
        messages.info(request, f"この推薦は{nomination.get_status_display()}です。")
        return redirect(nomination)
    return _nominate(request, nomination.cohort, unit, nomination)


def _own_unit(request: PageRequest, unit: Department | None) -> Department:
    if unit is None or not unit.gives_leader or entered_as(request.access, unit.pk) is None:
        raise Http404
    return unit


def _nominate(
    request: PageRequest, cohort: Cohort, unit: Department, stored: Nomination | None
) -> HttpResponse:
    """Ask, check, keep or hand in; what was typed is on the page again after a refusal."""
    today = timezone.localdate()
    rule = CountingRule.objects.in_force(today)
    asker = request.access.staff_id
    people = candidates(unit, cohort, today, rule, apart_from=stored, asker=asker)
    form = NominationForm(request.POST or None, people=people, stored=stored)
    others: Nomination | None = None
    if form.is_valid():
        try:
            return redirect(_keep(request, form, cohort, unit))
        except services.NominationChangedMeanwhileError as refusal:
            form.add_error(None, str(refusal))
            form.let_save_over(refusal.now)
            others = refusal.now
        except services.NotEligibleError as refusal:
            form.add_error("staff", str(refusal))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form,
        "changed": _facts(others) if others else (),
        "stored": stored,
        "others": [person for person in people if not person.is_eligible],
        "desk": desk_of(request.access, cohort, unit, today),
    }
    above = [*trail(), (stored.staff.name, stored.get_absolute_url())] if stored else trail()
    return show(request, "leaders/nomination_new.html", f"{cohort}リーダーの推薦", context, above)


def _keep(
    request: PageRequest, form: NominationForm, cohort: Cohort, unit: Department
) -> Nomination | str:
    """Write it down; where to go on. Too late to be handed in, it is kept as a draft."""
    today = timezone.localdate()
    rule = CountingRule.objects.in_force(today)
    sheet, by = form.sheet(cohort, unit), request.user
    if form.is_draft:
        kept = services.save_draft(sheet=sheet, by=by, on=today, rule=rule)
        messages.success(request, "下書きを保存しました。まだ提出していません。")
        return kept
    try:
        kept = services.submit(sheet=sheet, by=by, on=today, at=timezone.now(), rule=rule)
    except services.RoundClosedError as refusal:
        kept = services.save_draft(sheet=sheet, by=by, on=today, rule=rule)
        messages.error(
            request,
            f"{refusal}入力した内容は下書きに残しました。人事担当が代わりに提出できます。",
        )
        return reverse("leaders:nomination_edit", args=[kept.pk])
    if kept.entered_as == EnteredAs.HR:
        told = "部署長に代わって推薦を提出しました。別の人事担当が承認します。"
    else:
        told = "推薦を人事担当に提出しました。"
    messages.success(request, told)
    return kept


def _facts(nomination: Nomination) -> list[tuple[str, str]]:
    """What stands there now, under the labels of the form."""
    return [
        ("推薦する職員", nomination.staff.name),
        ("推薦理由", nomination.reason),
        ("期待する役割", nomination.expected_role),
        ("本人の承諾", "得た" if nomination.has_consent else "まだ"),
    ]


@require_GET
@allow(lambda access: access.sees_everyone or bool(access.nominating))
def nomination_detail(request: PageRequest, pk: int) -> HttpResponse:
    """A nomination and its way, with what the asker may do about it."""
    nomination = visible_nomination(request, pk)
    if nomination.staff_id != request.access.staff_id:
        audit.looked_at(nomination, by=request.user)
    return show_nomination(request, nomination)


@require_http_methods(["GET", "POST"])
@allow(lambda access: bool(access.nominating) or access.keeps_leaders)
def nomination_withdraw(request: PageRequest, pk: int) -> HttpResponse:
    """Take a nomination back, with the reason."""
    nomination = visible_nomination(request, pk)
    today = timezone.localdate()
    tree = DepartmentTree.load(today)
    unit = _own_unit(request, tree.reporting_unit(nomination.department_id))
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        try:
            services.withdraw(
                nomination=nomination,
                department=unit,
                comment=form.cleaned_data["comment"],
                by=request.user,
                on=today,
                at=timezone.now(),
            )
        except services.NotSubmittedError as refusal:
            messages.info(request, str(refusal))
            return redirect(nomination)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "推薦を取り下げました。")
            return redirect(nomination)
    context = {"nomination": nomination, "form": form, "back": nomination.get_absolute_url()}
    above = [*trail(), ("推薦の内容", nomination.get_absolute_url())]
    return show(request, "leaders/nomination_withdraw.html", "推薦の取下げ", context, above)


def visible_nomination(request: PageRequest, pk: int) -> Nomination:
    """The nomination, where the asker may see it; else 404."""
    visible = Nomination.objects.visible_to(request.access)
    return get_object_or_404(
        visible.select_related(
            "cohort", "department", "staff", "submitted_by__staff", "replaces__staff"
        ),
        pk=pk,
    )


def show_nomination(
    request: PageRequest, nomination: Nomination, decision: Decision | None = None
) -> HttpResponse:
    """The nomination's page; `decision`: what a clerk filled in and has to put right."""
    capacity = entered_as(request.access, nomination.department_id)
    nominates = capacity is not None
    today = timezone.localdate()
    context = {
        "nomination": nomination,
        "former": _former(nomination, request.access.known_until(today)),
        "decision": decision
        or decision_on(nomination, by=request.user, access=request.access, today=today),
        "writes": nominates and nomination.is_on_the_desk,
        "withdraws": nominates and nomination.is_open,
        "on_behalf": capacity == EnteredAs.HR,
        "events": nomination.events.select_related("by__staff"),
        "names": request.access.sees_everyone,
        "stage": stage_of(nomination),
    }
    return show(request, "leaders/nomination_detail.html", "推薦の内容", context, trail())


def _former(nomination: Nomination, known_until: date | None) -> LeaderTerm | None:
    """Whom the nominated succeeds, once the asker may know that this leader steps down."""
    former = nomination.replaces
    if former is None or former.ends_on is None:
        return former
    return former if former.end_known_on(known_until) else None


def trail() -> list[tuple[str, str]]:
    """The page above all others here."""
    return [("推薦", reverse("leaders:nomination_list"))]
