"""Departments open, close, change, merge and split from a day on, and their people go along.

Each service is one transaction under the lock that roster imports take too: no roster is put into
force while the tree changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.db.models import Q

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import era_date
from agano_dx.lib.locks import take_exclusive
from staff.models import Department, User
from staff.moves import UnitOf, move_people
from staff.organisation import DepartmentTree
from staff.reorganisation import ONE_DAY, DepartmentFacts, affected
from staff.services.rosters import LOCK

FEWEST = 2  # units that can merge, or that one can be split into


class NotInForceError(DomainError):
    """The unit does not exist on the day, or is going to be closed already."""


class CodeTakenError(DomainError):
    """Another unit has the code in that time."""


class DepartmentInUseError(DomainError):
    """People or other units still belong to it."""


class TreeBrokenError(DomainError):
    """The units would not hang together."""


class NothingChangesError(DomainError):
    """The unit is so already."""


class DoneBeforeError(DomainError):
    """The same change has been made before; `department` is what came of it."""

    def __init__(self, department: Department) -> None:
        super().__init__("この変更は登録済みです。所属の画面で内容を確かめてください。")
        self.department = department


@transaction.atomic
def open_department(*, facts: DepartmentFacts, opens_on: date, by: User | None) -> Department:
    """新設: a unit that exists from the day on."""
    take_exclusive(LOCK)
    twin = Department.objects.filter(code=facts.code, name=facts.name, opens_on=opens_on).first()
    if twin is not None:
        raise DoneBeforeError(twin)
    made = _make(facts, Department(opens_on=opens_on))
    _check_tree(opens_on)
    _tell(made, "open", opens_on, [], by)
    return made


@transaction.atomic
def close_department(
    *, department: Department, closes_on: date, along: Sequence[Department], by: User | None
) -> Department:
    """廃止: the day is the unit's last one. `along`: units under it that close with it.

    Refused while people are placed or other units stand there after that day.
    """
    take_exclusive(LOCK)
    unit = Department.objects.get(pk=department.pk)
    if unit.closes_on == closes_on and unit.successor_id is None:
        raise DoneBeforeError(unit)
    units = [_lasting(pk, closes_on) for pk in dict.fromkeys([unit.pk, *(u.pk for u in along)])]
    _check_empty(units, closes_on + ONE_DAY)
    for closing in units:
        _end(closing, closes_on + ONE_DAY)
        _tell(closing, "close", closes_on + ONE_DAY, [], by)
    return units[0]


@transaction.atomic
def rename_department(
    *, department: Department, facts: DepartmentFacts, on: date, by: User | None
) -> Department:
    """変更: another name, code, kind or place in the tree from the day on, as a new row.

    Everybody goes along. On the very day the unit opens it is a correction of the row itself.
    """
    take_exclusive(LOCK)
    old = Department.objects.select_related("parent").get(pk=department.pk)
    if old.closes_on == on - ONE_DAY and old.successor is not None:
        raise DoneBeforeError(old.successor)
    _check_in_force(old, on)
    if _as_of(on, facts) == _as_of(on, DepartmentFacts.of(old)):
        raise NothingChangesError("変わるところがありません。新しい名称などを入力してください。")
    if old.opens_on == on:
        new = _make(facts, old)
        trail: list[int] = []
    else:
        ends, heir = old.closes_on, old.successor
        _end(old, on)
        new = _make(facts, Department(opens_on=on, closes_on=ends, successor=heir))
        trail = _hand_over([old], lambda staff_id: new, new, on, by)
    _check_tree(on)
    _tell(new, "change", on, trail, by)
    return new


@transaction.atomic
def merge_departments(
    *,
    departments: Sequence[Department],
    into: Department | DepartmentFacts,
    on: date,
    by: User | None,
) -> Department:
    """統合: several units are one from the day on, a new one or one that is there already."""
    take_exclusive(LOCK)
    for stored in Department.objects.filter(pk__in=[unit.pk for unit in departments]):
        if stored.closes_on == on - ONE_DAY and stored.successor is not None:
            raise DoneBeforeError(stored.successor)
    if len(departments) + isinstance(into, Department) < FEWEST:
        raise NothingChangesError("統合する所属を2つ以上選んでください。")
    sources = [_lasting(unit.pk, on - ONE_DAY) for unit in departments]
    for source in sources:
        _end(source, on)
    if isinstance(into, DepartmentFacts):
        target = _make(into, Department(opens_on=on))
    else:
        target = Department.objects.get(pk=into.pk)
        _check_in_force(target, on)
    trail = _hand_over(sources, lambda staff_id: target, target, on, by)
    _check_tree(on)
    _tell(target, "merge", on, trail, by)
    return target


@transaction.atomic
def split_department(
    *,
    department: Department,
    parts: Sequence[DepartmentFacts],
    heir: int,
    part_of: Mapping[int, int],
    on: date,
    by: User | None,
) -> list[Department]:
    """分割: one unit is several from the day on.

    `heir`: which of the parts succeeds it, with its leader's term and the units under it.
    `part_of`: staff id → part; who is not named goes to the heir.
    """
    take_exclusive(LOCK)
    old = Department.objects.get(pk=department.pk)
    if old.closes_on == on - ONE_DAY and old.successor is not None:
        raise DoneBeforeError(old.successor)
    if len(parts) < FEWEST:
        raise NothingChangesError("分割してできる所属を2つ以上入力してください。")
    old = _lasting(old.pk, on - ONE_DAY)
    _end(old, on)
    units = [_make(facts, Department(opens_on=on, split_from=old)) for facts in parts]
    trail = _hand_over(
        [old], lambda staff_id: units[part_of.get(staff_id, heir)], units[heir], on, by
    )
    _check_tree(on)
    _tell(old, "split", on, trail, by)
    return units


def _as_of(on: date, facts: DepartmentFacts) -> DepartmentFacts:
    """The same under the unit that stands for the parent on the day."""
    if facts.parent is None:
        return facts
    return replace(facts, parent=DepartmentTree.load(on).current(facts.parent.pk))


# --- checks -------------------------------------------------------------------------------------


def _check_in_force(unit: Department, on: date) -> None:
    if not unit.is_open(on):
        raise NotInForceError(
            f"「{unit.name}」は{era_date(on)}には設置されていません。日付か所属を選び直してください。"
        )


def _lasting(pk: int, last_day: date) -> Department:
    """The unit, which exists on its last day and is not going to be closed otherwise."""
    unit = Department.objects.get(pk=pk)
    _check_in_force(unit, last_day)
    if unit.closes_on is not None:
        raise NotInForceError(
            f"「{unit.name}」は{era_date(unit.closes_on)}で廃止することになっています。"
            "後継の所属を選び直してください。"
        )
    return unit


def _check_code_free(unit: Department) -> None:
    others = Department.objects.filter(code=unit.code).exclude(pk=unit.pk)
    if unit.opens_on is not None:
        others = others.filter(Q(closes_on__isnull=True) | Q(closes_on__gte=unit.opens_on))
    if unit.closes_on is not None:
        others = others.filter(Q(opens_on__isnull=True) | Q(opens_on__lte=unit.closes_on))
    taken = others.first()
    if taken is not None:
        raise CodeTakenError(
            f"所属コード{unit.code}は「{taken.name}」が使っています。別のコードを入力してください。"
        )


def _check_tree(on: date) -> None:
    """From the day on every open unit must be found from the top down."""
    rows = {unit.pk: unit for unit in Department.objects.all()}
    days = {unit.opens_on for unit in rows.values() if unit.opens_on and unit.opens_on > on}
    for day in sorted({on, *days}):
        tree = DepartmentTree(rows, day)
        if len(tree.in_order) != sum(unit.is_open(day) for unit in rows.values()):
            raise TreeBrokenError(
                "上位の所属が、この所属やその下の所属になっています。上位の所属を選び直してください。"
            )


def _check_empty(units: Sequence[Department], on: date) -> None:
    tree = DepartmentTree.load(on)
    closing = {unit.pk for unit in units}
    under = [
        unit
        for unit in tree.by_id.values()
        if unit.pk not in closing and not unit.is_over(on)
        if (parent := tree.parent(unit.pk)) is not None and parent.pk in closing
    ]
    if under:
        names = "、".join(f"「{unit.name}」" for unit in under)
        raise DepartmentInUseError(
            f"{names}が下にあるため、廃止できません。"
            "いっしょに廃止するか、先に上位の所属を変えてください。"
        )
    people = affected(closing, on)
    if people.words:
        raise DepartmentInUseError(
            f"{era_date(on)}以後も{'、'.join(people.words)}があるため、廃止できません。"
            "先に異動の名簿を取り込むか、統合を使ってください。"
        )


# --- writing ------------------------------------------------------------------------------------


def _make(facts: DepartmentFacts, unit: Department) -> Department:
    """Write the row with these facts, under the unit that stands for its parent on that day."""
    facts.write_to(unit)
    _check_code_free(unit)
    if unit.parent is not None and unit.opens_on is not None:
        unit.parent = DepartmentTree.load(unit.opens_on).current(unit.parent.pk)
        _check_in_force(unit.parent, unit.opens_on)
    unit.full_clean()
    unit.save()
    return unit


def _end(unit: Department, on: date) -> None:
    """The unit exists no longer from the day on."""
    unit.closes_on, unit.successor = on - ONE_DAY, None
    _check_in_force(unit, on - ONE_DAY)
    unit.save(update_fields=["closes_on", "successor"])


def _hand_over(
    units: Sequence[Department], unit_of: UnitOf, heir: Department, on: date, by: User | None
) -> list[int]:
    """Name the successor and move everybody; the keys of those moved."""
    for unit in units:
        unit.successor = heir
        unit.save(update_fields=["successor"])
    trail = move_people(affected([unit.pk for unit in units], on), unit_of, on)
    audit.record(by=by, action=audit.UPDATE, about=trail)
    return [person.pk for person, _ in trail]


def _tell(unit: Department, act: str, on: date, moved: list[int], by: User | None) -> None:
    """One entry for the whole change, beside those of the rows."""
    audit.record(
        by=by,
        action=audit.UPDATE,
        about=[(unit, {"reorganisation": (None, act), "in_force_from": (None, on)})],
        extra={"people": len(moved)},
    )
