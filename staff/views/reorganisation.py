"""Changing departments: ask, show what will happen, do it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agano_dx.lib.errors import DomainError
from staff.forms.departments import CloseForm, FactsForm, MergeForm, OpenForm, SplitForm
from staff.forms.placing import PlacingForm
from staff.models import Department
from staff.organisation import DepartmentTree
from staff.pages import PageRequest, allow, show
from staff.reorganisation import (
    ONE_DAY,
    Affected,
    Change,
    DepartmentFacts,
    affected,
    changes_on,
    differences,
)
from staff.services import departments as services
from staff.slots import department_notes
from staff.views.departments import trail


@dataclass(frozen=True, slots=True)
class Asking:
    """The words of one kind of change, and where it leads back to."""

    title: str
    button: str
    done: str
    back: str


@dataclass(frozen=True, slots=True)
class Intended:
    """What the form asks for, not yet done. `ending`: the units that exist no longer from `on`."""

    on: date
    act: Callable[[], Department]
    ending: Sequence[Department] = ()
    differences: list[tuple[str, str, str]] = field(default_factory=list)
    placing: PlacingForm | None = None

    @property
    def people(self) -> Affected:
        """Whom it moves."""
        return affected([unit.pk for unit in self.ending], self.on)

    @property
    def notes(self) -> list[str]:
        """What higher apps know of the units that end."""
        tree = DepartmentTree.load(self.on - ONE_DAY)
        rows = [pk for pk in tree.by_id if tree.current(pk) in self.ending]
        return [note for notes in department_notes for note in notes(rows, self.on)]


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.is_admin)
def department_new(request: PageRequest) -> HttpResponse:
    """新設."""
    last = Department.objects.aggregate(last=Max("order"))["last"] or 0
    tree = DepartmentTree.load(timezone.localdate())
    form = OpenForm(request.POST or None, tree=tree, initial={"order": last + 10})
    asking = Asking(
        "所属を新設する", "新設する", "所属を登録しました。", reverse("staff:department_list")
    )

    def intend() -> Intended:
        day = form.cleaned_data["on"]
        facts = form.facts(form.cleaned_data["order"])
        return Intended(
            day,
            lambda: services.open_department(facts=facts, opens_on=day, by=request.user),
        )

    return _ask(request, asking, form, intend)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.is_admin)
def department_close(request: PageRequest, pk: int) -> HttpResponse:
    """廃止."""
    unit, tree = _unit(pk)
    form = CloseForm(request.POST or None, tree=tree, unit=unit)
    asking = _asking(unit, "を廃止する", "廃止する", "廃止日を登録しました。")

    def intend() -> Intended:
        last, along = form.cleaned_data["closes_on"], list(form.cleaned_data.get("along", []))
        return Intended(
            last + ONE_DAY,
            lambda: services.close_department(
                department=unit, closes_on=last, along=along, by=request.user
            ),
            [unit, *along],
        )

    return _ask(request, asking, form, intend)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.is_admin)
def department_rename(request: PageRequest, pk: int) -> HttpResponse:
    """変更: another name, code or place."""
    unit, tree = _unit(pk)
    own = DepartmentFacts.of(unit)
    initial = {one.name: getattr(own, one.name) for one in fields(own)}
    initial["parent"] = tree.parent(pk)
    form = FactsForm(request.POST or None, tree=tree, initial=initial)
    asking = _asking(unit, "の名称などを変更する", "変更する", "所属の変更を登録しました。")

    def intend() -> Intended:
        day, facts = form.cleaned_data["on"], form.facts(unit.order)
        return Intended(
            day,
            lambda: services.rename_department(
                department=unit, facts=facts, on=day, by=request.user
            ),
            [] if day == unit.opens_on else [unit],
            differences(own, facts),
        )

    return _ask(request, asking, form, intend)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.is_admin)
def department_merge(request: PageRequest, pk: int) -> HttpResponse:
    """統合."""
    unit, tree = _unit(pk)
    initial = {"kind": unit.kind, "parent": tree.parent(pk), "gives_leader": unit.gives_leader}
    form = MergeForm(request.POST or None, tree=tree, unit=unit, initial=initial)
    asking = _asking(unit, "を統合する", "統合する", "所属の統合を登録しました。")

    def intend() -> Intended:
        day, sources = form.cleaned_data["on"], form.sources()
        into = form.into_unit() or form.facts(unit.order)
        return Intended(
            day,
            lambda: services.merge_departments(
                departments=sources, into=into, on=day, by=request.user
            ),
            sources,
        )

    return _ask(request, asking, form, intend)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.is_admin)
def department_split(request: PageRequest, pk: int) -> HttpResponse:
    """分割: first the parts, then who goes where."""
    unit, _ = _unit(pk)
    initial = {"code_0": unit.code, "name_0": unit.name, "gives_leader_0": unit.gives_leader}
    form = SplitForm(
        request.POST or None, unit=unit, initial=initial | {"gives_leader_1": unit.gives_leader}
    )
    asking = _asking(unit, "を分割する", "分割する", "所属の分割を登録しました。")

    def intend() -> Intended:
        day, parts = form.cleaned_data["on"], form.parts()
        placing = PlacingForm(request.POST, people=affected([pk], day), parts=parts)
        placed = placing.part_of() if placing.is_valid() or not placing.is_bound else {}
        return Intended(
            day,
            lambda: services.split_department(
                department=unit, parts=parts, heir=0, part_of=placed, on=day, by=request.user
            )[0],
            [unit],
            placing=placing,
        )

    return _ask(request, asking, form, intend)


def _unit(pk: int) -> tuple[Department, DepartmentTree]:
    unit = get_object_or_404(Department.objects.select_related("parent"), pk=pk)
    return unit, DepartmentTree.load(timezone.localdate())


def _asking(unit: Department, act: str, button: str, done: str) -> Asking:
    return Asking(f"{unit.name}{act}", button, done, unit.get_absolute_url())


def _ask(
    request: PageRequest, asking: Asking, form: forms.Form, intend: Callable[[], Intended]
) -> HttpResponse:
    """The form → what will happen → done. Nothing is written before the last button.

    A second click on it shows what the first one did.
    """
    if form.is_valid() and "edit" not in request.POST:
        try:
            intended = intend()
            if "confirmed" in request.POST and _is_placed(intended):
                made = intended.act()
                messages.success(request, asking.done)
                return redirect(_address(made))
            return _preview(request, asking, form, intended)
        except services.DoneBeforeError as error:
            messages.info(request, str(error))
            return redirect(_address(error.department))
        except DomainError as error:
            form.add_error(None, str(error))
    context = {"form": form, "asking": asking}
    return show(request, "staff/department_change.html", asking.title, context, trail(request))


def _address(unit: Department) -> str:
    """Its page, on its first day if that is to come."""
    if unit.opens_on is None or unit.opens_on <= timezone.localdate():
        return unit.get_absolute_url()
    return f"{unit.get_absolute_url()}?as_of={unit.opens_on.isoformat()}"


def _is_placed(intended: Intended) -> bool:
    return intended.placing is None or (intended.placing.is_bound and intended.placing.is_valid())


def _preview(
    request: PageRequest, asking: Asking, form: forms.Form, intended: Intended
) -> HttpResponse:
    context = {
        "form": form,
        "asking": asking,
        "intended": intended,
        "people": intended.people,
        "notes": intended.notes,
        "changes": _rehearse(intended),
        "is_past": intended.on <= timezone.localdate(),
    }
    return show(request, "staff/department_preview.html", asking.title, context, trail(request))


def _rehearse(intended: Intended) -> list[Change]:
    """What would be different from the day on: done, looked at, and taken back."""
    before = changes_on(DepartmentTree.load(intended.on), intended.on)
    with transaction.atomic():
        intended.act()
        after = changes_on(DepartmentTree.load(intended.on), intended.on)
        transaction.set_rollback(True)
    return [change for change in after if change not in before]
