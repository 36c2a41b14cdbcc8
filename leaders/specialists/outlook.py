"""見通し: how many specialists there will be by what is known and by what is likely."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.db.models import Min

from leaders.bands import BandRange, specialist_ranges
from leaders.models import SpecialistDesignation
from leaders.rules import has_served
from leaders.specialists.candidates import candidate_places
from leaders.specialists.office import stays
from leaders.specialists.table import designated_places
from staff.models import Assignment, Band, StaffMember

# From each band the next one up; who is at the top stays.
_ABOVE = {lower: upper for upper, lower in pairwise(Band)}


@dataclass(frozen=True, slots=True)
class BandOutlook:
    """One band: people today, what is decided, what is likely, and those who could be designated.

    Decided changes are facts; the likely ones are an estimate and stand in a sum of their own.
    """

    band: Band
    minimum: int
    maximum: int | None
    today: int
    leaving: int
    joining: int
    moving_in: int
    moving_out: int
    rising_in: int
    rising_out: int
    candidates: int

    @property
    def decided(self) -> int:
        """People after everything that is decided."""
        return self.today - self.leaving + self.joining + self.moving_in - self.moving_out

    @property
    def likely(self) -> int:
        """People if also those rise who are likely to."""
        return self.decided + self.rising_in - self.rising_out

    @property
    def short_today(self) -> int:
        """People missing to the minimum today."""
        return max(0, self.minimum - self.today)

    @property
    def short_decided(self) -> int:
        """People missing after what is decided."""
        return max(0, self.minimum - self.decided)

    @property
    def short_likely(self) -> int:
        """People missing if also those rise who are likely to."""
        return max(0, self.minimum - self.likely)


@dataclass(frozen=True, slots=True)
class KnownChange:
    """A decided change: who, of which band, what, and when."""

    staff: StaffMember
    band: Band
    what: str
    on: date


@dataclass(frozen=True, slots=True)
class LikelyRise:
    """Somebody who has been long in their band."""

    staff: StaffMember
    band: Band
    since: date


@dataclass(frozen=True, slots=True)
class Outlook:
    """The bands, and the people behind what is decided and what is likely."""

    until: date
    bands: tuple[BandOutlook, ...]
    decided: tuple[KnownChange, ...]
    rising: tuple[LikelyRise, ...]


def outlook(on: date, until: date, years: int) -> Outlook:
    """What becomes of the specialists of the day. A constant number of queries.

    Decided: what is recorded to happen after `on`, up to and on `until`; with `until` = `on`
    nothing is, and no appointment to come can be read out of the figures. Likely to rise: who has
    been in the same band for `years` without a break and changes neither band nor state by then.
    """
    until = max(on, until)
    now, then = _standing(on), _standing(until)
    staying = [staff_id for staff_id, band in now.items() if then.get(staff_id) == band]
    since = _in_band_since(staying, on)
    rising = [
        staff_id
        for staff_id in staying
        if now[staff_id] in _ABOVE and has_served(since[staff_id], on, 12 * years)
    ]
    waiting: dict[str, int] = defaultdict(int)
    for place in candidate_places(on, stays(on)):
        waiting[place.rank.band] += 1
    people = StaffMember.objects.in_bulk(rising)
    return Outlook(
        until=until,
        bands=look_ahead(now, then, rising, waiting, specialist_ranges()),
        decided=tuple(_decided(now, then, on, until)),
        rising=tuple(
            LikelyRise(people[staff_id], Band(now[staff_id]), since[staff_id])
            for staff_id in rising
        ),
    )


def look_ahead(
    now: Mapping[int, str],
    then: Mapping[int, str],
    rising: Collection[int],
    candidates: Mapping[str, int],
    ranges: Mapping[str, BandRange],
) -> tuple[BandOutlook, ...]:
    """The bands from who is a specialist in which band now and then, by people's ids."""

    def of(band: Band) -> BandOutlook:
        here = {staff_id for staff_id, own in now.items() if own == band}
        later = {staff_id for staff_id, own in then.items() if own == band}
        wanted = ranges.get(band)
        return BandOutlook(
            band=band,
            minimum=wanted.minimum if wanted else 0,
            maximum=wanted.maximum if wanted else None,
            today=len(here),
            leaving=len(here - then.keys()),
            joining=len(later - now.keys()),
            moving_in=len(later & (now.keys() - here)),
            moving_out=len(here & (then.keys() - later)),
            rising_in=sum(_ABOVE.get(Band(now[staff_id])) == band for staff_id in rising),
            rising_out=sum(now[staff_id] == band for staff_id in rising),
            candidates=candidates.get(band, 0),
        )

    return tuple(of(band) for band in Band)


def _standing(on: date) -> dict[int, str]:
    """The specialists of the day with their bands, highest first."""
    return dict(designated_places(on, None).values_list("staff", "rank__band"))


def _in_band_since(people: Collection[int], on: date) -> dict[int, date]:
    """Since when each has been in the band of the day without a break."""
    since: dict[int, date] = {}
    band: dict[int, str] = {}
    places = Assignment.objects.filter(staff__in=people, starts_on__lte=on)
    for staff_id, starts_on, own in places.order_by("starts_on").values_list(
        "staff", "starts_on", "rank__band"
    ):
        if band.get(staff_id) != own:
            band[staff_id], since[staff_id] = own, starts_on
    return since


def _decided(
    now: Mapping[int, str], then: Mapping[int, str], on: date, until: date
) -> list[KnownChange]:
    """Who goes, comes or changes band, in that order, in four queries."""
    people = StaffMember.objects.in_bulk([*now, *then])
    ends = _ends([staff_id for staff_id in now if staff_id not in then], on)
    starts = _starts([staff_id for staff_id in then if staff_id not in now], until)
    moves = _first_moves(now, then, on, until)
    return [
        *(
            _departure(people[staff_id], Band(now[staff_id]), ends.get(staff_id, date.max))
            for staff_id in now
            if staff_id not in then
        ),
        *(
            KnownChange(people[staff_id], Band(then[staff_id]), "登用の開始", day)
            for staff_id, day in starts.items()
        ),
        *(
            KnownChange(
                people[staff_id], Band(now[staff_id]), f"{Band(then[staff_id]).label}になる", day
            )
            for staff_id, day in moves.items()
        ),
    ]


def _ends(people: Collection[int], on: date) -> dict[int, date]:
    """The last recorded end of the designations in force on the day."""
    active = SpecialistDesignation.objects.active(on).filter(staff__in=people).order_by("ends_on")
    return {one.staff_id: one.ends_on for one in active if one.ends_on is not None}


def _starts(people: Collection[int], until: date) -> dict[int, date]:
    """The day each comes to count: designated, in service and with a place."""
    begun = SpecialistDesignation.objects.active(until).filter(staff__in=people)
    placed = Min("staff__assignments__starts_on")
    return {
        staff_id: max(days)
        for staff_id, *days in begun.annotate(placed_on=placed)
        .order_by("-starts_on")
        .values_list("staff", "starts_on", "staff__hired_on", "placed_on")
    }


def _first_moves(
    now: Mapping[int, str], then: Mapping[int, str], on: date, until: date
) -> dict[int, date]:
    """The day on which each of those in another band by then comes to it."""
    changed = [staff_id for staff_id in now if then.get(staff_id, now[staff_id]) != now[staff_id]]
    coming = Assignment.objects.filter(
        staff__in=changed, starts_on__gt=on, starts_on__lte=until
    ).order_by("-starts_on")
    return {
        staff_id: starts_on
        for staff_id, starts_on, band in coming.values_list("staff", "starts_on", "rank__band")
        if band == then[staff_id]
    }


def _departure(staff: StaffMember, band: Band, ends_on: date) -> KnownChange:
    """退職, or the end of the designation where that comes first."""
    if staff.left_on is not None and staff.left_on <= ends_on:
        return KnownChange(staff, band, "退職", staff.left_on)
    return KnownChange(staff, band, "登用の終了", ends_on)
