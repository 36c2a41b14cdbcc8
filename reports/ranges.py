"""What the plan asks for, as the apps to the left show it beside their own counts."""

from leaders.bands import BandRange
from reports.models import Target, TargetKind


def specialist_ranges() -> dict[str, BandRange]:
    """The wanted specialists of each band, in one query."""
    targets = Target.objects.filter(kind=TargetKind.SPECIALISTS)
    return {
        target.band: BandRange(target.minimum or 0, target.maximum, target.fiscal_year.last_day)
        for target in targets
    }
