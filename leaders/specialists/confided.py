"""What not everybody reads who sees the candidates.

異動希望 is between the person and HR, 適性の所見 is HR's own. Nothing else in the house reads them:
whoever shows what stands here asks first who is asking.
"""

from collections.abc import Collection
from datetime import date

from leaders.models import LeaderTerm, SuitabilityNote, TransferRequest
from leaders.specialists.office import stay_of
from staff.models import StaffMember


def is_asked(staff_id: int, on: date) -> bool:
    """Whether the person is asked for their wish: a leader or of the office, now or before."""
    if LeaderTerm.objects.filter(staff=staff_id, starts_on__lte=on).exists():
        return True
    return stay_of(staff_id, on) is not None


def latest_wishes(staff_ids: Collection[int], on: date) -> dict[int, TransferRequest]:
    """What each of the people last said on or before the day, in one query."""
    said = TransferRequest.objects.filter(staff__in=staff_ids, stated_at__date__lte=on)
    return {wish.staff_id: wish for wish in said.order_by("stated_at", "pk")}


def wishes_beside(staff_ids: Collection[int], on: date) -> list[TransferRequest]:
    """What all others in service that day last said, the newest first, in one query."""
    said = TransferRequest.objects.filter(
        staff__in=StaffMember.objects.employed(on), stated_at__date__lte=on
    ).exclude(staff__in=staff_ids)
    last = {
        wish.staff_id: wish for wish in said.select_related("staff").order_by("stated_at", "pk")
    }
    return sorted(last.values(), key=lambda wish: wish.stated_at, reverse=True)


def wishes_of(staff_id: int) -> list[TransferRequest]:
    """All the person ever said, the newest first."""
    said = TransferRequest.objects.filter(staff=staff_id).select_related("entered_by")
    return list(said.order_by("-stated_at", "-pk"))


def noted(staff_ids: Collection[int]) -> frozenset[int]:
    """Those of the people about whom HR has written something."""
    written = SuitabilityNote.objects.filter(staff__in=staff_ids).exclude(text="")
    return frozenset(written.values_list("staff", flat=True))
