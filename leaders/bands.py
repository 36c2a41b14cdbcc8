"""What the plan asks for by band of rank, and how it stands.

The targets stand to the right, in reports, which fills the slot in its AppConfig.ready().
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from staff.models import Band


@dataclass(frozen=True, slots=True)
class BandRange:
    """How many people of a band the plan wants by its day; without a maximum that many or more."""

    minimum: int
    maximum: int | None
    due: date


@dataclass(frozen=True, slots=True)
class BandCount:
    """Specialists of one band against what R16 asks for."""

    band: Band
    count: int
    minimum: int
    maximum: int | None

    @property
    def short(self) -> int:
        """People missing to the minimum."""
        return max(0, self.minimum - self.count)


BandSource = Callable[[], Mapping[str, BandRange]]

# Filled by reports: the wanted ranges of specialists, by band.
specialist_band_sources: list[BandSource] = []


def specialist_ranges() -> dict[str, BandRange]:
    """What the plan asks for, by band; a band without a target is missing."""
    return {band: wanted for source in specialist_band_sources for band, wanted in source().items()}
