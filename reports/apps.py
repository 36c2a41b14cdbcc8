"""The reports app: targets, figures, dashboards; almost all of it reads."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Reports."""

    name = "reports"
    verbose_name = "計画の進み具合"
