"""The models of the reports app, one matter per module."""

from reports.models.forecasts import ForecastSetting
from reports.models.snapshots import Snapshot
from reports.models.targets import Target, TargetKind, TargetManager

__all__ = ["ForecastSetting", "Snapshot", "Target", "TargetKind", "TargetManager"]
