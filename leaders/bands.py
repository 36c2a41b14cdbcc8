"""What the plan asks for: of leaders by a year's end, of specialists by band of rank.

The plan's targets stand in an app to the right; reports fills the two lists of sources in its
`AppConfig.ready()`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from agano_dx.lib.fiscal import FiscalYear
from staff.models import Band


@dataclass(frozen=True, slots=True)
class LeaderBand:
    """The band of 修了した任期（延べ） at the end of a fiscal year."""

    minimum: int
    maximum: int | None
    is_approximate: bool

    @property
    def words(self) -> str:
        """18～22人, 約100人, 100人以上."""
        if self.maximum is not None:
            return f"{self.minimum}～{self.maximum}人"
        return f"約{self.minimum}人" if self.is_approximate else f"{self.minimum}人以上"


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


LeaderBands = Callable[[], Mapping[FiscalYear, LeaderBand]]
SpecialistRanges = Callable[[], Mapping[str, BandRange]]

leader_band_sources: list[LeaderBands] = []
specialist_range_sources: list[SpecialistRanges] = []


def leader_bands() -> dict[FiscalYear, LeaderBand]:
    """The bands of leaders by year; one query for each source."""
    return {year: band for source in leader_band_sources for year, band in source().items()}


def specialist_ranges() -> dict[str, BandRange]:
    """What the plan asks of specialists, by band; a band without a target is missing."""
    return {
        band: wanted for source in specialist_range_sources for band, wanted in source().items()
    }
