"""What leaders shows on a person's page."""

from collections.abc import Collection
from datetime import date

from agano_dx.lib.fiscal import era_date
from leaders.models import OPEN_NOMINATIONS, EndReason, LeaderTerm, Nomination
from staff.models import StaffMember
from staff.slots import Section


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
                "修了" if term.completed else "",
            )
            for term in terms
        ),
        empty="推進リーダーになったことはありません。",
    )


def _standing(term: LeaderTerm, on: date) -> str:
    if term.ends_on is None:
        return "活動中" if term.starts_on <= on else "就任前"
    reason = f"（{EndReason(term.end_reason).label}）" if term.end_reason else ""
    words = f"{era_date(term.ends_on)}{reason}"
    return words if term.ends_on <= on else f"{words}まで"


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
