"""代理の指名: a head names who may nominate in their place, sees and ends it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import era_date
from leaders.deputies import nameable, namings
from leaders.forms.deputies import DeputyForm
from leaders.services import deputies as services
from staff.access import Access
from staff.listings import Listing, take_people
from staff.models import HeadDeputy
from staff.organisation import DepartmentTree
from staff.pages import PageRequest, allow, show

PAGE = 50
HEADINGS = ("部署", "職員番号", "代理者", "開始日", "終了日", "状態", "指名した人")


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
    page = Paginator(_found(request.access), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "namings": namings(list(page), request.access, tree),
        "names": bool(people),
        "is_head": request.access.is_head,
    }
    return show(request, "leaders/deputy_list.html", "代理の指名", context)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_lists)
def deputy_export(request: PageRequest) -> HttpResponse:
    """The namings, to Excel; for more than a hundred first what for."""
    today = timezone.localdate()
    listing = Listing(
        kind="deputies",
        what="代理の指名",
        on=today,
        headings=HEADINGS,
        rows=[
            (
                one.unit.name,
                one.deputy.staff.number,
                one.deputy.staff.name,
                one.deputy.starts_on,
                one.deputy.ends_on,
                one.state,
                one.deputy.named_by.person_name if one.deputy.named_by else "コマンド",
            )
            for one in namings(
                list(_found(request.access)), request.access, DepartmentTree.load(today)
            )
        ],
        unit="件",
    )
    return take_people(request, listing, [("代理の指名", reverse("leaders:deputy_list"))])


def _found(access: Access) -> QuerySet[HeadDeputy]:
    """What the asker may see, the newest first."""
    return (
        HeadDeputy.objects.visible_to(access)
        .select_related("staff", "named_by__staff")
        .order_by("-starts_on", "-pk")
    )


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
