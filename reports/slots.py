"""What reports tells lower apps."""

from agano_dx.lib.fiscal import FiscalYear
from leaders.bands import BandRange, LeaderBand
from reports.models import Target, TargetKind


def leader_bands() -> dict[FiscalYear, LeaderBand]:
    """The plan's bands of leaders, by the year at whose end they are due."""
    return {
        target.fiscal_year: LeaderBand(target.minimum or 0, target.maximum, target.approximate)
        for target in Target.objects.filter(kind=TargetKind.LEADERS)
    }


def specialist_ranges() -> dict[str, BandRange]:
    """The wanted specialists of each band, in one query."""
    targets = Target.objects.filter(kind=TargetKind.SPECIALISTS)
    return {
        target.band: BandRange(target.minimum or 0, target.maximum, target.fiscal_year.last_day)
        for target in targets
    }
