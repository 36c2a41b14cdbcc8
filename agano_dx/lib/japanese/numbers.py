"""Numbers as people write them: kanji numerals, staff numbers, grades, differences."""

import re
from datetime import date
from decimal import Decimal

from agano_dx.lib.japanese.reading import Raw, Reading, plain, says_nothing, text_of, without_spaces

MY_NUMBER_REFUSED = (
    "12桁の番号はマイナンバー（個人番号）の可能性があるため取り込めません。"
    "この列を削除し、職員番号を入力してください。"
)
NOT_A_STAFF_NUMBER = "職員番号として読めません。半角の英字・数字・ハイフンだけで入力してください。"
STAFF_NUMBER_TOO_LONG = "職員番号が長すぎます。20文字以内で入力してください。"
NOT_A_GRADE = "級として読めません。「3」「3級」「Ⅲ級」のように1から10までの級を入力してください。"

_STAFF_NUMBER_LENGTH = 20
_LONGEST_KANJI = 10
_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))

_DIGITS = {kanji: number for number, kanji in enumerate("〇一二三四五六七八九")}
_DIGITS |= dict.fromkeys("零○◯", 0)
_DIGIT = f"[{''.join(_DIGITS)}]"
_WITH_UNITS = re.compile(rf"(?:({_DIGIT}?)千)?(?:({_DIGIT}?)百)?(?:({_DIGIT}?)十)?({_DIGIT}?)")
# Beside an ordinary digit ("4十") a kanji numeral is left alone: it can be read two ways.
_KANJI_RUN = re.compile(rf"(?<![0-9])[{''.join(_DIGITS)}十百千]+(?![0-9])")

_ROMAN = {
    roman: number
    for number, roman in enumerate(
        ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"], start=1
    )
}
_GRADE = re.compile(r"([0-9]{1,2}|[IVX]+)(?:級(?:[0-9]{1,3}号給?)?)?")


def kanji_number(text: str) -> int | None:
    """六十 and 六〇 are 60, 一九八五 is 1985; None if it is no kanji numeral."""
    if not 0 < len(text) <= _LONGEST_KANJI:
        return None
    if all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    written = _WITH_UNITS.fullmatch(text)
    if written is None:
        return None
    total = 0
    for digit, unit, sign in zip(written.groups(), (1000, 100, 10, 1), "千百十 ", strict=True):
        if digit:
            total += _DIGITS[digit] * unit
        elif sign in text:
            total += unit
    return total


def fold_kanji_numbers(text: str) -> str:
    """The text with its kanji numerals written in ordinary digits."""

    def folded(run: re.Match[str]) -> str:
        number = kanji_number(run[0])
        return run[0] if number is None else str(number)

    return _KANJI_RUN.sub(folded, text)


def holds_my_number(raw: Raw) -> bool:
    """Whether the cell is a 12-digit number, which must be neither stored nor shown again."""
    if isinstance(raw, bool | date):
        return False
    bare = without_spaces(plain(text_of(raw))).translate(_HYPHENS).replace("-", "")
    return re.fullmatch(r"[0-9]{12}", bare) is not None


def read_staff_number(raw: Raw, number_format: str = "General") -> Reading[str]:
    """The staff number as text; a number cell is padded as its zeros-only format shows it."""
    if isinstance(raw, bool | date):
        return Reading(error=NOT_A_STAFF_NUMBER)
    text = text_of(raw)
    if says_nothing(text):
        return Reading()
    if isinstance(raw, int | float):
        if not text.isdecimal():  # negative, broken or not finite
            return Reading(error=NOT_A_STAFF_NUMBER)
        if re.fullmatch("0+", number_format):
            text = text.zfill(len(number_format))
    if holds_my_number(text):
        return Reading(error=MY_NUMBER_REFUSED)
    number = without_spaces(plain(text)).translate(_HYPHENS)
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z-]*", number):
        return Reading(error=NOT_A_STAFF_NUMBER)
    if len(number) > _STAFF_NUMBER_LENGTH:
        return Reading(error=STAFF_NUMBER_TOO_LONG)
    return Reading(number)


def read_grade(raw: Raw) -> Reading[int]:
    """The grade of the salary table: ３級, Ⅲ級, 三級 and 3級25号給 are 3."""
    if isinstance(raw, bool | date):
        return Reading(error=NOT_A_GRADE)
    text = text_of(raw)
    if says_nothing(text):
        return Reading()
    written = _GRADE.fullmatch(fold_kanji_numbers(without_spaces(plain(text)).upper()))
    if written is None:
        return Reading(error=NOT_A_GRADE)
    number = _ROMAN.get(written[1], 0) if written[1].isalpha() else int(written[1])
    return Reading(number) if 1 <= number <= 10 else Reading(error=NOT_A_GRADE)


def signed(change: int | Decimal) -> str:
    """＋3, －2, ±0: of a difference the sign is always written."""
    if not change:
        return "±0"
    return f"＋{change}" if change > 0 else f"－{-change}"
