"""修了証 of leaders: issue, print, print a whole cohort's, look a number up."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from leaders.forms.papers import VerifyForm
from leaders.models import Cohort, LeaderCertificate, LeaderTerm
from leaders.papers import certificate_numbered
from leaders.services.certificates import (
    issue_certificate,
    issue_certificates,
    terms_without,
)
from leaders.views.cohorts import trail
from staff.pages import PageRequest, allow, show


@require_POST
def certificate_issue(request: PageRequest, pk: int) -> HttpResponse:
    """The certificate of one's own completed term, or of anybody's for HR."""
    visible = LeaderTerm.objects.visible_to(request.access)
    term = get_object_or_404(visible.select_related("cohort", "staff"), pk=pk)
    is_own = term.staff_id == request.access.staff_id
    if not (is_own or request.access.keeps_leaders):
        raise PermissionDenied
    try:
        certificate = issue_certificate(term=term, by=request.user, today=timezone.localdate())
    except DomainError as error:
        messages.error(request, str(error))
        if request.access.sees_everyone:
            return redirect("leaders:cohort_close", term.cohort.number)
        return redirect(term.staff)
    return redirect(certificate)


@require_GET
def certificate_detail(request: PageRequest, pk: int) -> HttpResponse:
    """The paper, for the person and those who see everyone."""
    visible = LeaderCertificate.objects.visible_to(request.access)
    certificate = get_object_or_404(visible.select_related("term__cohort"), pk=pk)
    cohort = certificate.term.cohort
    is_own = certificate.term.staff_id == request.access.staff_id
    if not is_own:
        audit.looked_at(certificate, by=request.user)
    context = {"certificate": certificate, "issuer": settings.CERTIFICATE_ISSUER}
    everybody = ("修了証", reverse("leaders:certificate_batch", args=[cohort.number]))
    places = [*_trail(cohort), everybody] if request.access.sees_everyone else []
    title = "推進リーダーの修了証"
    return show(request, "leaders/certificate_detail.html", title, context, places)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_everyone)
def certificate_batch(request: PageRequest, number: int) -> HttpResponse:
    """All certificates of a cohort: issued at once by HR, printed one a page."""
    cohort = get_object_or_404(Cohort, number=number)
    today = timezone.localdate()
    if request.method == "POST":
        if not request.access.keeps_leaders:
            raise PermissionDenied
        made = issue_certificates(cohort=cohort, by=request.user, today=today)
        messages.success(request, _told(len(made)))
        return redirect("leaders:certificate_batch", number)
    certificates = list(
        LeaderCertificate.objects.filter(term__cohort=cohort)
        .valid()
        .select_related("term__staff", "term__cohort")
        .order_by("fiscal_year", "serial")
    )
    audit.looked_at(cohort, by=request.user, print="certificates", rows=len(certificates))
    context = {
        "cohort": cohort,
        "certificates": certificates,
        "without": terms_without(cohort, today).count(),
        "issues": request.access.keeps_leaders,
        "issuer": settings.CERTIFICATE_ISSUER,
    }
    title = "修了証の一括発行"
    return show(request, "leaders/certificate_batch.html", title, context, _trail(cohort))


def _told(made: int) -> str:
    return f"{made}人の修了証を発行しました。" if made else "新しく発行する人はいませんでした。"


@require_GET
@allow(lambda access: access.sees_everyone)
def certificate_verify(request: PageRequest) -> HttpResponse:
    """What stands on the paper with this number, and whether it still holds."""
    form = VerifyForm(request.GET if "number" in request.GET else None)
    certificate = None
    if form.is_valid():
        certificate = certificate_numbered(*form.cleaned_data["number"])
        if certificate is not None:
            audit.looked_at(certificate, by=request.user)
    context = {
        "form": form,
        "certificate": certificate,
        "is_missing": form.is_valid() and certificate is None,
    }
    title = "推進リーダーの修了証の番号を確かめる"
    return show(request, "leaders/certificate_verify.html", title, context, trail())


def _trail(cohort: Cohort) -> list[tuple[str, str]]:
    return [*trail(), (f"{cohort}のリーダー", cohort.get_absolute_url())]
