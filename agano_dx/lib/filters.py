"""Template filters: days and amounts as offices here write them."""

from datetime import date, datetime
from decimal import Decimal

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


@register.filter
def amount(value: Decimal | None) -> str:
    """1,910 or 37.5: no tenths where there are none; nothing for no number."""
    if value is None or value == "":
        return ""
    whole = value == value.to_integral_value()
    return f"{value:,.0f}" if whole else f"{value:,f}"
