"""Times of day as people write them."""

import re
from datetime import time
from typing import Final

from agano_dx.lib.japanese.reading import Raw, Reading, plain, says_nothing, text_of, without_spaces

UNREADABLE_TIME: Final = "時刻として読めません。「13:30」のように入力してください。"
NO_SUCH_TIME: Final = "この時刻はありません。「0:00」から「23:59」までで入力してください。"

_TIME = re.compile(
    r"(?P<half>午前|午後)?(?:(?P<hour>[0-9]{1,2})(?:[:時](?:(?P<minute>[0-9]{1,2})分?|(?P<past>半))?)"
    r"|(?P<packed>[0-9]{3,4}))"
)
_NOON: Final = 12
_HALF_AN_HOUR: Final = 30


def read_time(raw: Raw) -> Reading[time]:
    """The time meant: 13:30, １３：３０, 13時半, 午後1時30分, 1330."""
    text = text_of(raw)
    if says_nothing(text):
        return Reading()
    found = _TIME.fullmatch(without_spaces(plain(text)))
    if found is None:
        return Reading(error=UNREADABLE_TIME)
    hour, minute = _counted(found)
    if found["half"] and hour > _NOON:
        return Reading(error=NO_SUCH_TIME)
    if found["half"]:
        hour = hour % _NOON + (_NOON if found["half"] == "午後" else 0)
    try:
        return Reading(time(hour, minute))
    except ValueError:
        return Reading(error=NO_SUCH_TIME)


def _counted(found: re.Match[str]) -> tuple[int, int]:
    if found["packed"]:
        return int(found["packed"][:-2]), int(found["packed"][-2:])
    if found["past"]:
        return int(found["hour"]), _HALF_AN_HOUR
    return int(found["hour"]), int(found["minute"] or 0)
