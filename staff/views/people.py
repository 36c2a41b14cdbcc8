"""The staff list, the list as a workbook, a person's page."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agano_dx.lib import audit
from staff.forms.people import StaffFilterForm
from staff.listings import Listing, filters_of, narrowed_by, take_people
from staff.models import Assignment, AssignmentQuerySet, StaffMember
from staff.organisation import DepartmentTree
from staff.pages import AskedDay, PageRequest, allow, asked_day, filters_in, show
from staff.search import named
from staff.slots import member_sections

PAGE = 50
HEADINGS = (
    "職員番号",
    "氏名",
    "フリガナ",
    "所属",
    "係",
    "職名",
    "在職区分",
    "任用形態",
)


@dataclass(frozen=True, slots=True)
class Question:
    """The list as filtered."""

    form: StaffFilterForm
    day: AskedDay
    places: AssignmentQuerySet
    query: str


@require_GET
@allow(lambda access: access.sees_lists)
def member_list(request: PageRequest) -> HttpResponse:
    """People in service on the asked day, within what the asker may see."""
    question = _asked(request)
    page = Paginator(question.places, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": question.form,
        "page": page,
        "day": question.day,
        "query": question.query,
        # Somebody seen in a list of the past may have moved out of sight since.
        "keeps_accounts": request.access.is_admin,
        "names_are_links": question.day.is_today or request.access.sees_everyone,
        "may_take_out": request.access.sees_everyone,
    }
    return show(request, "staff/member_list.html", "職員", context)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_lists)
def member_export(request: PageRequest) -> HttpResponse:
    """The list as filtered, to Excel; for more than a hundred people first what for."""
    question = _asked(request)
    listing = Listing(
        kind="members",
        what="職員",
        on=question.day.on,
        headings=HEADINGS,
        rows=[
            (
                place.staff.number,
                place.staff.name,
                place.staff.name_kana,
                place.department.name,
                place.team,
                place.rank.name,
                place.get_duty_display(),
                place.get_employment_display(),
            )
            for place in question.places
        ],
        filters=filters_of(question.form),
        narrowed=narrowed_by(question.form),
    )
    above = [("職員", f"{reverse('staff:member_list')}?{question.query}")]
    return take_people(request, listing, above)


def _asked(request: PageRequest) -> Question:
    """Read the question from the address, within what the asker may see."""
    day = asked_day(request)
    tree = DepartmentTree.load(day.on)
    form = StaffFilterForm(request.GET, tree=tree, access=request.access)
    places = (
        Assignment.objects.employed(day.on)
        .within(request.access.name_units)
        .select_related("staff", "department", "rank")
        .order_by("department__order", "department__code", "rank__order", "staff__number")
    )
    if "department" in form.errors:
        places = places.none()  # everybody would be taken for the people of the unit asked for
    if form.is_valid():
        places = _filtered(places, form, tree)
    return Question(form, day, places, filters_in(request))


def _filtered(
    places: AssignmentQuerySet, form: StaffFilterForm, tree: DepartmentTree
) -> AssignmentQuerySet:
    data = form.cleaned_data
    if data["department"]:
        places = places.filter(department__in=tree.under([data["department"]]))
    if data["rank"]:
        places = places.filter(rank=data["rank"])
    if data["duty"]:
        places = places.filter(duty=data["duty"])
    if data["q"]:
        places = places.filter(staff__in=named(StaffMember.objects.all(), data["q"]))
    return places


@require_GET
def member_detail(request: PageRequest, number: str) -> HttpResponse:
    """A person: facts, dated history, and what higher apps know. Looking leaves a trace."""
    today = timezone.localdate()
    visible = StaffMember.objects.visible_to(request.access, today)
    member = get_object_or_404(visible, number=number)
    places = member.assignments.select_related("department", "rank").order_by("-starts_on")
    posts = member.concurrent_posts.select_related("department", "rank").order_by("-starts_on")
    if not request.access.sees_future:
        places = places.filter(starts_on__lte=today)
        posts = posts.filter(starts_on__lte=today)
    if member.pk != request.user.staff_id:
        audit.looked_at(member, by=request.user)
    # 内示: that somebody is going to leave is not for their head to read yet.
    is_secret = member.is_employed(today) and not request.access.sees_future
    context = {
        "member": member,
        "left_on": None if is_secret else member.left_on,
        "current": next((place for place in places if place.starts_on <= today), None),
        "places": places,
        "posts": posts,
        "sections": [section(member, today) for section in member_sections],
        "sees_future": request.access.sees_future,
        "today": today,
    }
    return show(request, "staff/member_detail.html", member.name, context, _trail(request))


def _trail(request: PageRequest) -> list[tuple[str, str]]:
    return [("職員", reverse("staff:member_list"))] if request.access.sees_lists else []
