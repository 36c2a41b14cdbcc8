"""The models of the reports app, one matter per module."""

from reports.models.snapshots import Snapshot
from reports.models.targets import Target, TargetKind, TargetManager

__all__ = ["Snapshot", "Target", "TargetKind", "TargetManager"]
