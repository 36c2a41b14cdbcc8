"""中止のお知らせ: who is to be told that an offering is called off, and in what words."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from staff.models import Assignment, StaffMember
from training.meetings import when_held
from training.models import Offering
from training.services.offerings import CALLED_OFF


@dataclass(frozen=True, slots=True)
class Told:
    """The people of one department to be told."""

    department: str
    people: tuple[StaffMember, ...]


def to_be_told(offering: Offering, on: date) -> list[Told]:
    """Everybody whose place ended with the offering, by where they stand on the day; one query.

    Whoever withdrew before has nothing to be told.
    """
    places = (
        Assignment.objects.as_of(on)
        .filter(
            staff__attendances__offering=offering,
            staff__attendances__changes__reason=CALLED_OFF,
        )
        .select_related("staff", "department")
        .order_by("department__order", "department__code", "rank__order", "staff__number")
        .distinct()
    )
    return [
        Told(department, tuple(place.staff for place in group))
        for department, group in groupby(places, key=lambda place: place.department.name)
    ]


def notice(offering: Offering, reason: str, told: list[Told], contact: str) -> str:
    """The text to send by e-mail or to print."""
    lines = [
        "関係所属長　各位",
        "",
        "次の研修は中止になりました。登録は取り消しましたので、下記の方にお伝えください。",
        "",
        f"研修名：{offering.course.title}",
        f"日時：{'、'.join(when_held(offering))}",
        f"会場：{offering.venue or '－'}",
        f"中止の理由：{reason}",
        "",
        "対象の方",
    ]
    for one in told:
        lines.append(f"【{one.department}】{len(one.people)}人")
        lines.extend(f"　{member.number}　{member.name}" for member in one.people)
    return "\n".join([*lines, "", f"お問い合わせ：{contact}"])
