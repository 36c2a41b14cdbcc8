"""A pasted column of staff numbers, line by line: who it is, and what it would change."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models

from agano_dx.lib.japanese import read_staff_number
from staff.models import StaffMember
from staff.search import numbered
from training.models import COMPLETING, TO_MARK, Attendance, AttendanceStatus, Offering

MOST = 1_000


class Standing(models.TextChoices):
    """What a pasted number means for the offering."""

    TO_MARK = "to_mark", "出席にします"
    ALREADY = "already", "すでに出席です"
    DECIDED = "decided", "ほかの出欠が入力済みです"
    NOT_LISTED = "not_listed", "受講者にいません"
    OWN = "own", "自分の番号です"
    UNKNOWN = "unknown", "該当する職員がいません"


@dataclass(frozen=True, slots=True)
class PastedLine:
    """One pasted number. `member` and `place` where they are known."""

    typed: str
    standing: Standing
    member: StaffMember | None = None
    place: Attendance | None = None
    words: str = ""


def split_numbers(text: str) -> list[str]:
    """What stands between spaces, line ends and commas, each once, in its order."""
    return list(dict.fromkeys(part for part in re.split(r"[\s,、，]+", text) if part))


def read_pasted(
    typed: Sequence[str], *, offering: Offering, on: date, own: int | None
) -> list[PastedLine]:
    """Each number with what it means, in at most three queries. `own`: the clerk's person."""
    readings = {part: read_staff_number(part) for part in typed}
    wanted = [reading.value for reading in readings.values() if reading.value]
    people = numbered(StaffMember.objects.employed(on), wanted)
    places = {
        place.staff_id: place for place in offering.attendances.filter(staff__in=people.values())
    }
    lines, met = [], set()
    for part, reading in readings.items():
        member = people.get(reading.value or "")
        if member is None:
            words = (
                reading.error
                or "この日に在職している職員の番号ではありません。番号を確かめてください。"
            )
            lines.append(PastedLine(part, Standing.UNKNOWN, words=words))
        elif member.pk not in met:  # ００１ and 001 are one person
            met.add(member.pk)
            lines.append(_line(part, member, places.get(member.pk), own))
    return lines


def _line(typed: str, member: StaffMember, place: Attendance | None, own: int | None) -> PastedLine:
    if member.pk == own:
        standing = Standing.OWN
    elif place is None or place.status in (AttendanceStatus.CANCELLED, AttendanceStatus.WAITING):
        standing = Standing.NOT_LISTED
    elif place.status in TO_MARK:
        standing = Standing.TO_MARK
    else:
        standing = Standing.ALREADY if place.status in COMPLETING else Standing.DECIDED
    words = place.get_status_display() if place else ""
    return PastedLine(typed, standing, member, place, words)
