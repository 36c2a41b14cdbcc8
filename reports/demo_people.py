"""The people of the sample city with whose accounts one tries the product."""

from dataclasses import dataclass
from datetime import date

from leaders.models import LeaderTerm
from staff.access import ADMIN, HR, MANAGER
from staff.models import Assignment, Employment, StaffMember

# 社会福祉課: its head, its leader and somebody without a role see the same from three sides.
SHOWN_SECTION = "203"
HEAD_ROLE, HR_ROLE, LEADER_ROLE = "部署長（社会福祉課長）", "人事担当", "推進リーダー"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to sign in as."""

    role: str
    member: StaffMember
    groups: tuple[str, ...] = ()


def demo_people(today: date) -> list[DemoPerson]:
    """One person for each role; all must be there."""
    places = Assignment.objects.employed(today).select_related("staff").order_by("staff__number")
    section = places.filter(department__code=SHOWN_SECTION)
    regular = places.filter(employment=Employment.REGULAR, rank__name="主任")
    leaders = LeaderTerm.objects.filter(department__code=SHOWN_SECTION)
    chosen = (
        ("システム管理者", places.filter(department__is_digital_office=True), (ADMIN,)),
        (HR_ROLE, regular.filter(department__code="101"), (HR,)),
        (HEAD_ROLE, section.filter(rank__heads_department=True), ()),
        ("管理職（部長）", places.filter(department__code="200"), (MANAGER,)),
        ("職員", section.filter(rank__name="主事"), ()),
        (LEADER_ROLE, places.filter(staff__in=leaders.values("staff")), ()),
    )
    found = []
    for role, candidates, groups in chosen:
        place = candidates.first()
        if place is None:
            raise LookupError(f"the sample city has nobody to be {role}")
        found.append(DemoPerson(role, place.staff, groups))
    return found
