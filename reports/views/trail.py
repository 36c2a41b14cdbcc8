"""Where the pages of the area hang: under the dashboard, so that everybody finds back."""

from django.urls import reverse


def under_dashboard(*pages: tuple[str, str]) -> list[tuple[str, str]]:
    """The trail of a page: the dashboard, then the pages between, as (title, address)."""
    return [("計画の進み具合", reverse("reports:dashboard")), *pages]
