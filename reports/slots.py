"""What reports tells lower apps."""

from agano_dx.lib.fiscal import FiscalYear
from leaders.bands import LeaderBand
from reports.models import Target, TargetKind


def leader_bands() -> dict[FiscalYear, LeaderBand]:
    """The plan's bands of leaders, by the year at whose end they are due."""
    return {
        target.fiscal_year: LeaderBand(target.minimum or 0, target.maximum, target.approximate)
        for target in Target.objects.filter(kind=TargetKind.LEADERS)
    }
