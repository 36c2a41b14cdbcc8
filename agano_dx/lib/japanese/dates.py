"""Dates in every form people type them. No library reads all of them without guessing."""

import math
import re
from datetime import date, datetime, timedelta

from agano_dx.lib.fiscal import ERA_BY_MARK, Era, era_date, era_of
from agano_dx.lib.japanese.numbers import fold_kanji_numbers
from agano_dx.lib.japanese.reading import Raw, Reading, plain, says_nothing, text_of

_HOW = "「R7.4.1」「令和7年4月1日」「2025/4/1」のいずれかの形で、年・月・日を入力してください。"
UNREADABLE = f"日付として読めません。{_HOW}"
NO_SUCH_DAY = "暦にない日付です。月と日を確かめて、正しい日付を入力してください。"
OUT_OF_RANGE = "年が1900年から2100年までの範囲にありません。年を確かめて、入力し直してください。"
NO_DAY = f"日がありません。{_HOW}"
NO_MONTH = f"年だけでは日付を決められません。{_HOW}"
NO_YEAR = f"年がありません。{_HOW}"
NO_ERA = f"年が和暦か西暦の下2桁かを決められません。元号か西暦4桁の年を付け、{_HOW}"
BARE_NUMBER = f"数字だけでは日付を決められません。{_HOW}"
YEAR_FORMAT = f"年だけを表示する書式の数値なので、日付を決められません。{_HOW}"
CHECK_IT = "確かめて、違うときは正しい日付を入力し直してください。"

_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_LONGEST = 100  # no date is longer, and searching a whole essay for its ending is slow
_EXCEL_DAY_ZERO = date(1899, 12, 30)
# Below lie bare years and counts; from 60101 on a number may be R6.01.01 typed without its era.
_SERIALS = range(10_000, 60_000)
# The digit old personnel systems put before yymmdd.
_ERA_CODES = {
    "1": ERA_BY_MARK["明治"],
    "2": ERA_BY_MARK["大正"],
    "3": ERA_BY_MARK["昭和"],
    "4": ERA_BY_MARK["平成"],
    "5": ERA_BY_MARK["令和"],
}

_ERA = "|".join(ERA_BY_MARK)
_SIGN = r"./\-‐‑‒–—―−ー・"
_NUMBER = "[0-9]{1,2}"
_DAY = (
    rf"(?:(?P<era>{_ERA})[.・]?(?P<number>元|{_NUMBER})|(?:西暦)?(?P<year>[0-9]{{4}}))"
    rf"[年{_SIGN}](?P<month>{_NUMBER})[月{_SIGN}](?P<day>{_NUMBER})日?"
)
_WHOLE = re.compile(_DAY, re.IGNORECASE)
_PACKED = re.compile(
    rf"(?P<era>{_ERA})(?P<number>[0-9]{{2}})(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})(?P<year>)",
    re.IGNORECASE,
)
_IN_TITLE = re.compile(rf"(?<![0-9A-Za-z]){_DAY}(?!\.?[0-9])", re.IGNORECASE)
_IN_TITLE_PACKED = re.compile(r"(?<![0-9A-Za-z.])(?:19|20)[0-9]{6}(?![0-9.])")

# A space between two digits parts two numbers; every other space is layout.
_LAYOUT_SPACE = re.compile("(?<![0-9]) | (?![0-9])")
_TIME = re.compile(r"(?:\s|T|(?<=[日)]))[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?$")
_WEEKDAY = re.compile(r"(?:\([月火水木金土日](?:曜日?)?\)|[月火水木金土日]曜日?)$")
_WORD = (
    "付け|付|現在|時点|新規採用|新採用|採用|再任用|任用|任命|入庁|入職|発令|異動|転入|着任|就任"
    "|昇任|昇格|配属|生まれ|生れ|生|より|から|以降"
)
_SUFFIX = re.compile(rf"(?:\((?:{_WORD})+\)|(?:{_WORD})+)$")

_INCOMPLETE = (
    (
        re.compile(rf"(?:(?:{_ERA})\.?(?:元|{_NUMBER})|[0-9]{{4}})[年{_SIGN}]{_NUMBER}月?", re.I),
        NO_DAY,
    ),
    (re.compile(rf"(?:(?:{_ERA})\.?(?:元|{_NUMBER})|[0-9]{{4}})(?:年度?)?", re.I), NO_MONTH),
    (re.compile(rf"{_NUMBER}[年{_SIGN}]{_NUMBER}[月{_SIGN}]{_NUMBER}日?"), NO_ERA),
    (re.compile(rf"{_NUMBER}[月{_SIGN}]{_NUMBER}日?"), NO_YEAR),
    (re.compile(r"[0-9]+"), BARE_NUMBER),
)


def read_date(raw: Raw, number_format: str = "General") -> Reading[date]:
    """The day a cell means. A time of day is dropped; what can be read two ways is an error."""
    if isinstance(raw, bool):
        return Reading(error=UNREADABLE)
    if isinstance(raw, datetime):
        return _calendar_day(raw.year, raw.month, raw.day)
    if isinstance(raw, date):
        return _calendar_day(raw.year, raw.month, raw.day)
    if isinstance(raw, int | float):
        return _from_number(raw, number_format)
    return _from_text(text_of(raw))


def find_date(text: str) -> date | None:
    """The one day a title names ("令和8年4月1日現在"); None without one, or with two."""
    tidy = _tidied(text)
    readings = [_from_match(found) for found in _IN_TITLE.finditer(tidy)]
    readings += [_from_digits(found[0]) for found in _IN_TITLE_PACKED.finditer(tidy)]
    days = {reading.value for reading in readings}  # an impossible day counts as None
    return days.pop() if len(days) == 1 else None


def _from_number(raw: float, number_format: str) -> Reading[date]:
    if not math.isfinite(raw) or raw < 0:
        return Reading(error=UNREADABLE)
    reading = _from_digits(str(math.floor(raw)))
    if reading.error == BARE_NUMBER and re.search(
        r"g|e(?![+-])", _without_literals(number_format), re.I
    ):
        return Reading(error=YEAR_FORMAT)
    return reading


def _without_literals(number_format: str) -> str:
    """The format's own signs, without quoted text, [colours] and the word General."""
    return re.sub(r'"[^"]*"|\[[^\]]*\]|General', "", number_format, flags=re.IGNORECASE)


def _from_text(raw: str) -> Reading[date]:
    if says_nothing(raw):
        return Reading()
    text = _tidied(raw)
    if len(text) > _LONGEST:
        return Reading(error=UNREADABLE)
    for ending in (_SUFFIX, _TIME, _WEEKDAY):
        text = ending.sub("", text)
    if match := _WHOLE.fullmatch(text) or _PACKED.fullmatch(text):
        return _from_match(match)
    if digits := re.fullmatch(r"([0-9]{5,8})(?:\.0+)?", text):
        return _from_digits(digits[1])
    for shape, error in _INCOMPLETE:
        if shape.fullmatch(text):
            return Reading(error=error)
    return Reading(error=UNREADABLE)


def _tidied(text: str) -> str:
    return fold_kanji_numbers(_LAYOUT_SPACE.sub("", " ".join(plain(text).split())))


def _from_match(match: re.Match[str]) -> Reading[date]:
    month, day = int(match["month"]), int(match["day"])
    if match["era"] is None:
        return _calendar_day(int(match["year"]), month, day)
    number = 1 if match["number"] == "元" else int(match["number"])
    return _era_day(ERA_BY_MARK[match["era"].upper()], number, month, day)


def _from_digits(digits: str) -> Reading[date]:
    """Eight digits are yyyymmdd; seven an era code and yymmdd; five an Excel serial."""
    if len(digits) == 8:
        return _calendar_day(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    if len(digits) == 7 and digits[0] in _ERA_CODES:
        era = _ERA_CODES[digits[0]]
        reading = _era_day(era, int(digits[1:3]), int(digits[3:5]), int(digits[5:]))
        return _read_as(reading, f"先頭の「{digits[0]}」を{era.name}の元号コードとみなして、")
    if len(digits) == 5 and int(digits) in _SERIALS:
        day = _EXCEL_DAY_ZERO + timedelta(days=int(digits))
        return _read_as(Reading(day), "日付の書式のない数値をExcelの日付の通し番号とみなして、")
    return Reading(error=BARE_NUMBER)


def _read_as(reading: Reading[date], why: str) -> Reading[date]:
    if reading.value is None:
        return reading
    return Reading(reading.value, warning=f"{why}{era_date(reading.value)}と読みました。{CHECK_IT}")


def _calendar_day(year: int, month: int, day: int) -> Reading[date]:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return Reading(error=OUT_OF_RANGE)
    try:
        return Reading(date(year, month, day))
    except ValueError:
        return Reading(error=NO_SUCH_DAY)


def _era_day(era: Era, number: int, month: int, day: int) -> Reading[date]:
    if number == 0:
        return Reading(error=NO_SUCH_DAY)
    reading = _calendar_day(era.western_year(number), month, day)
    if reading.value is None or era_of(reading.value) == era:
        return reading
    return _read_as(reading, f"{era.name}{number}年{month}月{day}日は{era.name}の期間にないため、")
