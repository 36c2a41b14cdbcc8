"""代理の指名: a head names who may nominate in their place, sees and ends it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import era_date
from leaders.deputies import nameable, namings
from leaders.forms.deputies import DeputyForm
from leaders.services import deputies as services
from staff.models import HeadDeputy
from staff.organisation import DepartmentTree
from staff.pages import PageRequest, allow, show

PAGE = 50


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_lists)
def deputy_list(request: PageRequest) -> HttpResponse:
    """Those named for the departments one heads, the newest first; a head names another."""
    if request.method == "POST" and not request.access.is_head:
        raise PermissionDenied
    today = timezone.localdate()
    tree = DepartmentTree.load(today)
    people = nameable(request.access, tree) if request.access.is_head else []
    form = DeputyForm(request.POST or None, people=people, today=today)
    if form.is_valid():
        try:
            named = services.name_deputy(**form.cleaned_data, by=request.user, on=today)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{named.staff.name}さんを代理に指名しました。")
            return redirect("leaders:deputy_list")
    found = (
        HeadDeputy.objects.visible_to(request.access)
        .select_related("staff", "named_by__staff")
        .order_by("-starts_on", "-pk")
    )
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "namings": namings(list(page), request.access, tree),
        "names": bool(people),
        "is_head": request.access.is_head,
    }
    return show(request, "leaders/deputy_list.html", "代理の指名", context)


@require_POST
@allow(lambda access: access.is_head or access.is_hr)
def deputy_end(request: PageRequest, pk: int) -> HttpResponse:
    """End a naming with today; take back one that has not begun."""
    deputy = get_object_or_404(HeadDeputy.objects.visible_to(request.access), pk=pk)
    today = timezone.localdate()
    try:
        services.end_deputy(deputy=deputy, by=request.user, on=today)
    except services.AlreadyEndedError as refusal:
        messages.info(request, str(refusal))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        told = "代理の指名を取り消しました。"
        if deputy.starts_on <= today:
            told = f"代理を終わりにしました。今日（{era_date(today)}）までが代理の期間です。"
        messages.success(request, told)
    return redirect("leaders:deputy_list")
