"""How many leaders the plan wants by a year's end: asked here, answered by `reports`.

The plan's targets stand in an app to the right; it fills `band_sources` in `AppConfig.ready()`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from agano_dx.lib.fiscal import FiscalYear


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


BandSource = Callable[[], dict[FiscalYear, LeaderBand]]

band_sources: list[BandSource] = []


def leader_bands() -> dict[FiscalYear, LeaderBand]:
    """The bands by year; one query for each source."""
    return {year: band for source in band_sources for year, band in source().items()}
