"""What leaders shows on a person's page, and what it asks about a roster before it is applied."""

from collections.abc import Collection, Iterator
from datetime import date

from agano_dx.lib.fiscal import era_date
from leaders.departures import (
    AffectedNomination,
    AffectedTerm,
    Organisation,
    affected_nominations,
    affected_terms,
)
from leaders.models import (
    OPEN_NOMINATIONS,
    EndReason,
    LeaderTerm,
    Nomination,
    NominationStatus,
    Route,
)
from leaders.specialists import is_asked
from staff.models import ChangeKind, Duty, StaffMember
from staff.slots import Contradiction, PlannedChange, Section

__all__ = [
    "has_business",
    "has_led",
    "is_asked",
    "leader_contradictions",
    "leader_terms",
    "leaders_concerned",
    "specialist_designations",
]


def leader_terms(member: StaffMember, on: date) -> Section:
    """The person's terms as a leader, newest first."""
    terms = member.leader_terms.select_related("cohort", "department").order_by("-starts_on")
    return Section(
        title="推進リーダーの任期",
        columns=("期", "部署", "就任日", "退任日", "修了"),
        rows=tuple(
            (
                str(term.cohort),
                term.department.name,
                era_date(term.starts_on),
                _standing(term, on),
                term.outcome(on),
            )
            for term in terms
        ),
        empty="推進リーダーになったことはありません。",
    )


def _standing(term: LeaderTerm, on: date) -> str:
    # Whose page it is, who reads it, nobody knows here: 内示 stays untold.
    ends_on = term.end_known_on(on)
    if ends_on is None:
        return "活動中" if term.starts_on <= on else "就任前"
    reason = f"（{EndReason(term.end_reason).label}）" if term.end_reason else ""
    words = f"{era_date(ends_on)}{reason}"
    return words if ends_on <= on else f"{words}まで"


def specialist_designations(member: StaffMember, on: date) -> Section:
    """The person's designations as a specialist, newest first.

    Nothing that is still to come, neither a beginning nor an end: heads read this page too.
    """
    begun = member.designations.filter(starts_on__lte=on).order_by("-starts_on")
    return Section(
        title="専門分野人材の登用",
        columns=("経路", "登用日", "終了日"),
        rows=tuple(
            (
                str(Route(one.route).label),
                era_date(one.starts_on),
                era_date(one.ends_on) if one.ends_on and one.ends_on <= on else "登用中",
            )
            for one in begun
        ),
        empty="専門分野人材に登用されたことはありません。",
    )


def has_led(staff_id: int, _on: date) -> bool:
    """Whether the person leads, led before, or was appointed from a day to come."""
    return LeaderTerm.objects.filter(staff=staff_id).exists()


def has_business(staff_id: int, on: date) -> bool:
    """Whether one of the pages below the area's door is the person's own."""
    return has_led(staff_id, on) or is_asked(staff_id, on)


def leader_contradictions(changes: Collection[PlannedChange], on: date) -> Iterator[Contradiction]:
    """Sitting or coming leaders and open nominations that the changes run into."""
    organisation = Organisation.load(on)
    for found in affected_terms(changes, organisation):
        if found.is_open:
            yield Contradiction(found.change.number, found.change.kind, _of_term(found))
    for nominated in affected_nominations(changes, organisation):
        yield Contradiction(
            nominated.change.number, nominated.change.kind, _of_nomination(nominated)
        )


def _of_term(found: AffectedTerm) -> str:
    who = f"{found.term.cohort}の推進リーダー（{found.term.department.name}）"
    act = _act(found.change, found.place)
    if found.change.leaves:
        return (
            f"{who}が{act}ため、反映するとその翌日からリーダーとして数えなくなり、"
            "後任の推薦が必要です。"
        )
    if found.change.goes_on_leave:
        return (
            f"{who}が{act}ため、反映してもリーダーのまま数えますが、"
            "後任を推薦するかを反映の後に決めてください。"
        )
    if found.change.kind == ChangeKind.RANK_CHANGED:
        return f"{who}が{act}ため、反映しても任期は終わらず、リーダーのまま続きます。"
    return (
        f"{who}が{act}ため、反映しても任期は残りますが、続けるか後任を推薦するかを"
        "反映の後に決めてください。"
    )


def _of_nomination(found: AffectedNomination) -> str:
    status = NominationStatus(found.nomination.status).label
    return (
        f"{found.nomination.cohort}の推進リーダーに推薦されている職員"
        f"（{found.nomination.department.name}・{status}）が"
        f"{_act(found.change, found.place)}ため、反映するとこの推薦は承認できなくなります。"
    )


def _act(change: PlannedChange, place: str) -> str:
    """What the person does, as it stands before ため: 「令和8年4月1日に総務課へ異動する」."""
    if change.leaves and change.left_on:
        return f"{era_date(change.left_on)}に退職する"
    day = era_date(change.starts_on)
    if change.goes_on_leave:
        return f"{day}から{Duty(change.duty).label}になる"
    if change.kind == ChangeKind.RANK_CHANGED:
        return f"{day}に推薦の対象でない職名（{place}）になる"
    return f"{day}に{place}へ異動する"


def leaders_concerned(department_ids: Collection[int], on: date) -> list[str]:
    """The sitting leaders of these units on the day, and how many nominations are open there."""
    terms = (
        LeaderTerm.objects.sitting(on)
        .filter(department__in=department_ids)
        .select_related("cohort", "staff", "department")
    )
    told = [
        f"{term.department.name}の推進リーダー（{term.cohort}）：{term.staff.name}"
        for term in terms
    ]
    waiting = Nomination.objects.filter(
        department__in=department_ids, status__in=OPEN_NOMINATIONS
    ).count()
    return [*told, f"まだ承認していない推薦：{waiting}件"] if waiting else told
