"""修了証: issue, print, print a whole offering's, look a number up."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from staff.pages import PageRequest, allow, show
from training.forms.evidence import VerifyForm
from training.models import COMPLETING, Attendance, Certificate, Offering
from training.proofs import certificate_numbered
from training.services.certificates import issue_certificate, issue_certificates
from training.views.mine import own_trail


@require_POST
def certificate_issue(request: PageRequest, pk: int) -> HttpResponse:
    """The certificate of one's own completion, or of anybody's for those who keep the training."""
    places = Attendance.objects.select_related("offering")
    if not request.access.keeps_training:
        places = places.filter(staff=request.user.staff_id)
    place = get_object_or_404(places, pk=pk)
    try:
        certificate = issue_certificate(place=place, by=request.user, today=timezone.localdate())
    except DomainError as error:
        messages.error(request, str(error))
        is_own = place.staff_id == request.user.staff_id
        return redirect("training:mine") if is_own else redirect(place.offering)
    return redirect(certificate)


@require_GET
def certificate_detail(request: PageRequest, pk: int) -> HttpResponse:
    """The paper, for the person and those who keep the training."""
    certificate = get_object_or_404(
        Certificate.objects.visible_to(request.access).select_related("attendance"), pk=pk
    )
    is_own = certificate.attendance.staff_id == request.user.staff_id
    if not is_own:
        audit.looked_at(certificate, by=request.user)
    context = {"certificate": certificate, "issuer": settings.CERTIFICATE_ISSUER}
    trail = own_trail() if is_own else [("実績・資格", reverse("training:evidence_list"))]
    return show(request, "training/certificate_detail.html", "修了証", context, trail)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def certificate_batch(request: PageRequest, pk: int) -> HttpResponse:
    """All certificates of an offering: issued at once, printed one a page."""
    offering = get_object_or_404(Offering.objects.select_related("course"), pk=pk)
    if request.method == "POST":
        try:
            made = issue_certificates(
                offering=offering, by=request.user, today=timezone.localdate()
            )
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _told(len(made)))
        return redirect("training:certificate_batch", pk)
    certificates = list(
        Certificate.objects.filter(attendance__offering=offering)
        .valid()
        .select_related("attendance__staff")
        .order_by("fiscal_year", "serial")
    )
    completed = offering.attendances.filter(status__in=COMPLETING).count()
    audit.looked_at(offering, by=request.user, print="certificates", rows=len(certificates))
    context = {
        "offering": offering,
        "certificates": certificates,
        "without": completed - len(certificates),
        "issuer": settings.CERTIFICATE_ISSUER,
    }
    trail = [
        ("開催回・出欠", reverse("training:offering_list")),
        (offering.course.title, offering.get_absolute_url()),
    ]
    return show(request, "training/certificate_batch.html", "修了証の一括発行", context, trail)


def _told(made: int) -> str:
    return f"{made}人の修了証を発行しました。" if made else "新しく発行する人はいませんでした。"


@require_GET
@allow(lambda access: access.keeps_training)
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
    trail = [("実績・資格", reverse("training:evidence_list"))]
    return show(
        request, "training/certificate_verify.html", "修了証の番号を確かめる", context, trail
    )
