"""The tree of departments on any day, and a department's page."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from agano_dx.lib.fiscal import FiscalYear
from staff.access import Access
from staff.forms.days import DayForm
from staff.forms.departments import OrderForm
from staff.listings import Listing, take_people
from staff.models import Assignment, AssignmentQuerySet, Department
from staff.organisation import DepartmentTree
from staff.pages import AskedDay, PageRequest, allow, asked_day, filters_in, show
from staff.reorganisation import ONE_DAY, Change, changes_on, next_day

PAGE = 50
HEADINGS = ("職員番号", "氏名", "係", "職名", "在職区分")


@dataclass(frozen=True, slots=True)
class Row:
    """One unit of the tree. The numbers are `None` where the asker may not see them."""

    unit: Department
    depth: int
    chips: list[tuple[str, str]]
    own: int | None
    total: int | None


@require_GET
@allow(lambda access: access.sees_figures)
def department_list(request: PageRequest) -> HttpResponse:
    """The tree of the asked day, with the people of the units whose figures may be seen."""
    day = asked_day(request)
    tree = DepartmentTree.load(day.on)
    following = _next(tree, request.access, day)
    context = {
        "form": DayForm.asked(request, day),
        "day": day,
        "rows": _rows(tree, request.access, day),
        "next_on": following,
        "next_changes": changes_on(tree, following) if following else [],
        "keeps": request.access.is_admin,
    }
    return show(request, "staff/department_list.html", "所属", context, _staff_trail(request))


def _rows(tree: DepartmentTree, access: Access, day: AskedDay) -> list[Row]:
    """Counted: everybody in service on the day; two queries with the tree's."""
    units = access.figure_units
    places = Assignment.objects.employed(day.on).within(units)
    counted = places.values_list("department").annotate(people=Count("pk")).order_by()
    people: dict[int, int] = {}
    for department_id, count in counted:
        current = tree.current(department_id).pk
        people[current] = people.get(current, 0) + count
    rows = []
    for unit in tree.in_order:
        is_seen = units is None or unit.pk in units
        total = sum(people.get(pk, 0) for pk in tree.under([unit.pk]))
        rows.append(
            Row(
                unit,
                len(tree.above(unit.pk)) - 1,
                _chips(tree, unit, access, day),
                people.get(unit.pk, 0) if is_seen else None,
                total if is_seen else None,
            )
        )
    return rows


def _chips(
    tree: DepartmentTree, unit: Department, access: Access, day: AskedDay
) -> list[tuple[str, str]]:
    chips = []
    if unit.gives_leader:
        chips.append(("リーダー選出", ""))
    if unit.is_digital_office:
        chips.append(("デジタル化推進室", "information"))
    if unit.opens_on is not None and unit.opens_on >= FiscalYear.containing(day.on).first_day:
        chips.append(("改編" if tree.predecessors.get(unit.pk) else "新設", "success"))
    if unit.closes_on is not None and _may_know(unit.closes_on + ONE_DAY, access, day.today):
        chips.append(("変更予定" if unit.successor_id else "廃止予定", "warning"))
    return chips


def _may_know(day: date, access: Access, today: date) -> bool:
    """Whether what happens on the day may be told: the future is for admin and hr."""
    return day <= today or access.sees_future


def _next(tree: DepartmentTree, access: Access, day: AskedDay) -> date | None:
    following = next_day(tree)
    return following if following and _may_know(following, access, day.today) else None


@require_GET
@allow(lambda access: access.sees_figures)
def department_detail(request: PageRequest, pk: int) -> HttpResponse:
    """A unit: where it stands, what it came out of and became, its people on the asked day."""
    day = asked_day(request)
    tree = DepartmentTree.load(day.on)
    unit = _unit(request, tree, pk, day)
    context = {
        "form": DayForm.asked(request, day),
        "day": day,
        "unit": unit,
        "parent": tree.parent(pk),
        "is_open": unit.is_open(day.on),
        "successor": tree.current(pk) if tree.current(pk) != unit else None,
        "chips": _chips(tree, unit, request.access, day),
        "closes_on": unit.closes_on if _ends_openly(unit, request.access, day) else None,
        "children": tree.children.get(pk, []),
        "history": _history(tree, unit, request.access, day),
        "people": None
        if (places := _places(request.access, tree, unit, day)) is None
        else Paginator(places, PAGE).get_page(request.GET.get("page")),
        "names_are_links": day.is_today or request.access.sees_everyone,
        "query": filters_in(request),
        "keeps": request.access.is_admin and not unit.is_over(day.today),
    }
    return show(request, "staff/department_detail.html", unit.name, context, trail(request))


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_lists)
def department_export(request: PageRequest, pk: int) -> HttpResponse:
    """The people of a unit on the asked day, to Excel; of units of others nobody is known here."""
    day = asked_day(request)
    tree = DepartmentTree.load(day.on)
    unit = _unit(request, tree, pk, day)
    places = _places(request.access, tree, unit, day)
    if places is None:
        raise Http404
    listing = Listing(
        kind="department",
        what=f"{unit.name}の職員",
        on=day.on,
        headings=HEADINGS,
        rows=[
            (
                place.staff.number,
                place.staff.name,
                place.team,
                place.rank.name,
                place.get_duty_display(),
            )
            for place in places
        ],
        filters={"department": str(pk)},
    )
    page = f"{unit.get_absolute_url()}?{filters_in(request)}"
    return take_people(request, listing, [*trail(request), (unit.name, page)])


def _unit(request: PageRequest, tree: DepartmentTree, pk: int, day: AskedDay) -> Department:
    """The unit, unless it is one to come of which the asker may not know."""
    unit = tree.by_id.get(pk)
    if unit is None or (unit.opens_on and not _may_know(unit.opens_on, request.access, day.today)):
        raise Http404
    return unit


def _ends_openly(unit: Department, access: Access, day: AskedDay) -> bool:
    return unit.closes_on is not None and _may_know(unit.closes_on + ONE_DAY, access, day.today)


def _history(
    tree: DepartmentTree, unit: Department, access: Access, day: AskedDay
) -> list[tuple[date, Change]]:
    """The changes this unit took part in, oldest first."""
    days = [unit.opens_on] if unit.opens_on else []
    days += [one.closes_on + ONE_DAY for one in tree.predecessors.get(unit.pk, []) if one.closes_on]
    days += [unit.closes_on + ONE_DAY] if unit.closes_on else []
    return [
        (changed, change)
        for changed in sorted(set(days))
        if _may_know(changed, access, day.today)
        for change in changes_on(tree, changed)
        if unit in change.before or unit in change.after
    ]


def _places(
    access: Access, tree: DepartmentTree, unit: Department, day: AskedDay
) -> AssignmentQuerySet | None:
    """Those in service in the unit on the day; `None` where no names may be seen."""
    units = access.name_units
    rows = frozenset(pk for pk in tree.by_id if tree.current(pk) == unit)
    if units is not None and not rows & units:
        return None
    return (
        Assignment.objects.employed(day.on)
        .within(rows if units is None else rows & units)
        .select_related("staff", "rank")
        .order_by("rank__order", "staff__number")
    )


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.is_admin)
def department_order(request: PageRequest, pk: int) -> HttpResponse:
    """Where the unit stands among its neighbours, on every day."""
    unit = get_object_or_404(Department, pk=pk)
    form = OrderForm(request.POST or None, instance=unit)
    if form.is_valid():
        form.save()
        messages.success(request, "並び順を保存しました。")
        return redirect("staff:department_list")
    context = {"form": form, "back": unit.get_absolute_url()}
    title = f"{unit.name}の並び順"
    return show(request, "edit.html", title, context, trail(request))


def _staff_trail(request: PageRequest) -> list[tuple[str, str]]:
    return [("職員", reverse("staff:member_list"))] if request.access.sees_lists else []


def trail(request: PageRequest) -> list[tuple[str, str]]:
    """The pages above all others here."""
    return [*_staff_trail(request), ("所属", reverse("staff:department_list"))]
