"""The reports app: targets, figures, dashboards; almost all of it reads."""

from importlib import import_module

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Reports."""

    name = "reports"
    verbose_name = "計画の進み具合"

    def ready(self) -> None:
        """Tell lower apps what the plan promises."""
        bands, own = import_module("leaders.bands"), import_module("reports.slots")
        bands.leader_band_sources.append(own.leader_bands)
        bands.specialist_range_sources.append(own.specialist_ranges)
