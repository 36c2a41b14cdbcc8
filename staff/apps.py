"""The staff app: departments, ranks, people, their places, rosters, accounts."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Staff and organisation; the lowest app."""

    name = "staff"
    verbose_name = "職員・組織"
