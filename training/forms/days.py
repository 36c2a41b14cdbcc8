"""The days of an offering as they are typed: one line a day, with its times."""

import re
from collections.abc import Iterable
from datetime import time
from typing import Final

from django import forms

from agano_dx.lib.fiscal import era_date_short
from agano_dx.lib.japanese import plain, read_date, read_time
from training.meetings import hours
from training.models import OfferingDay

MOST_DAYS: Final = 60
_LONGEST_LINE: Final = 80

_CLOCK = r"(?:午前|午後)?\s*[0-9]{1,2}\s*[:時]\s*(?:[0-9]{1,2}\s*分?|半)?"
_LINE = re.compile(
    rf"(?P<day>.*?)(?:(?:\s+|(?<=[日)]))(?P<starts>{_CLOCK})"
    rf"(?:\s*(?:[-~〜‐–―ー]|から)\s*(?:(?P<ends>{_CLOCK})(?:まで)?)?)?)?"
)


def read_days(text: str) -> list[OfferingDay]:
    """The days meant, in their order, not yet saved; the first wrong line is named."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MOST_DAYS:
        raise forms.ValidationError(
            f"日が多すぎます。1回に{MOST_DAYS}日までにし、開催回を分けてください。"
        )
    days: dict[object, OfferingDay] = {}
    for number, line in lines:
        day = _read_line(number, line)
        if day.day in days:
            raise _wrong(number, line, "同じ日が2回あります。1日を1行にしてください。")
        days[day.day] = day
    return sorted(days.values(), key=lambda one: one.day)


def days_as_text(days: Iterable[OfferingDay]) -> str:
    """The days as the field shows them, in a form that is read back."""
    return "\n".join(
        f"{era_date_short(one.day)} {hours(one.starts_at, one.ends_at)}".rstrip()
        for one in sorted(days, key=lambda one: one.day)
    )


def _read_line(number: int, line: str) -> OfferingDay:
    found = _LINE.fullmatch(plain(line).strip()[:_LONGEST_LINE])
    if found is None:
        raise _wrong(number, line, "「2026-12-01 13:30-15:00」のように入力してください。")
    day = read_date(found["day"].strip())
    if day.value is None or day.warning:
        raise _wrong(number, line, day.error or day.warning or "日付を入力してください。")
    starts, ends = (_read_clock(number, line, found[name]) for name in ("starts", "ends"))
    if starts is not None and ends is not None and ends <= starts:
        raise _wrong(number, line, "終了時刻は開始時刻より後にしてください。")
    return OfferingDay(day=day.value, starts_at=starts, ends_at=ends)


def _read_clock(number: int, line: str, typed: str | None) -> time | None:
    reading = read_time(typed)
    if reading.error:
        raise _wrong(number, line, reading.error)
    return reading.value


def _wrong(number: int, line: str, why: str) -> forms.ValidationError:
    return forms.ValidationError(f"{number}行目「{line.strip()[:_LONGEST_LINE]}」：{why}")
