"""Leaders lost by a roster, and the departments that have none."""

from collections.abc import Collection, Iterable
from urllib.parse import urlencode

from django.urls import reverse

from agano_dx.lib.fiscal import era_date
from leaders.departures import AffectedTerm
from leaders.questions import Matter
from reports.followup.ground import Asked, Ground
from reports.followup.lines import Line, Part, person_line
from reports.progress import Leaders
from staff.models import Assignment, ChangeKind
from staff.organisation import DepartmentTree


def lost(terms: Collection[AffectedTerm], ground: Ground) -> Part:
    """Terms of those who leave or move to another unit, and how their department stands now."""
    tree = ground.organisation.tree
    places = dict(
        Assignment.objects.as_of(ground.on)
        .filter(staff__in={found.change.staff_id for found in terms})
        .values_list("staff", "department")
    )
    bare = {unit.pk for unit in ground.leaders.without}
    lines = [
        _lost_leader(found, tree, bare, ground.asked)
        for found in terms
        if found.change.leaves or _is_away(found, tree, places)
    ]
    return Part(
        key="lost",
        title="失った推進リーダー",
        advice="部署に後任を推薦してもらうか、異動した人の任期を続けるかを決めてください。",
        columns=("氏名", "職員番号", "部署", "理由", "今のリーダー"),
        lines=tuple(lines),
        url=_nominations(terms),
        action="推薦を見る",
    )


def _is_away(found: AffectedTerm, tree: DepartmentTree, places: dict[int, int]) -> bool:
    """Whether the person moved away and has not come back to the 部署 of the term since."""
    place, home = places.get(found.change.staff_id), found.term.department_id
    if found.change.kind != ChangeKind.MOVED or place is None:
        return False
    return _unit(tree, place) != _unit(tree, home)


def _unit(tree: DepartmentTree, department_id: int) -> int:
    """The 部署, or the unit itself where the tree no longer has it."""
    is_there = department_id in tree.by_id
    return tree.reporting_unit(department_id).pk if is_there else department_id


def _lost_leader(found: AffectedTerm, tree: DepartmentTree, bare: set[int], asked: Asked) -> Line:
    department, change = found.term.department, found.change
    is_bare = _unit(tree, department.pk) in bare
    goes_on = asked.holds(found, Matter.MOVED)
    reason = (
        f"{era_date(change.left_on)}に退職"
        if change.left_on
        else f"{era_date(change.starts_on)}に{found.place}へ異動"
    )
    state = "異動した人の任期が残っています" if goes_on else "います"
    return person_line(
        found.term.staff,
        department.name,
        reason,
        "いません" if is_bare else state,
        is_open=is_bare or goes_on,
        url=found.term.get_absolute_url() if goes_on else "",
    )


def _nominations(terms: Iterable[AffectedTerm]) -> str:
    """The page of nominations, of the cohort that lost somebody."""
    url = reverse("leaders:nomination_list")
    last = max((found.term.cohort.number for found in terms), default=None)
    return url if last is None else f"{url}?{urlencode({'cohort': last})}"


def without(leaders: Leaders) -> Part:
    """Departments that must give a leader and have none, whatever the reason."""
    return Part(
        key="without",
        title="推進リーダーのいない部署",
        advice="部署長に推進リーダーを推薦してもらってください。",
        columns=("部署",),
        lines=tuple(Line(unit.name, (), is_open=True) for unit in leaders.without),
        url=reverse("leaders:nomination_list"),
        action="推薦を見る",
    )
