"""Template filters: days as offices here write them."""

from datetime import date, datetime

from django import template
from django.utils import timezone

from agano_dx.lib.fiscal import era_date

register = template.Library()


@register.filter
def era(value: date | datetime | None) -> str:
    """令和8年11月23日; nothing for no day."""
    if value is None or value == "":
        return ""
    return era_date(timezone.localtime(value).date() if isinstance(value, datetime) else value)


@register.filter
def era_time(value: datetime | None) -> str:
    """令和8年11月23日 10:15, in Japan's time."""
    if value is None or value == "":
        return ""
    moment = timezone.localtime(value)
    return f"{era_date(moment.date())} {moment:%H:%M}"
