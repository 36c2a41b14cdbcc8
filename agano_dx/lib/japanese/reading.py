"""What a reader answers, and the first steps every reader takes with a cell."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Generic, TypeAlias, TypeVar

T = TypeVar("T")

# What openpyxl or a CSV delivers. Spelled out although bool is an int and datetime a date.
Raw: TypeAlias = str | int | float | bool | date | datetime | None

_BLANK_WORDS = frozenset({"未定", "なし", "無し", "無", "不明"})
_DASHES_ONLY = re.compile(r"[-‐‑‒–—―−─ー]*")
# NFKC would turn the free-standing marks into a space and a combining mark.
_VOICING = str.maketrans({"\u309b": "\u3099", "\u309c": "\u309a"})


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """A value, a value with a warning, a blank or an error; never a guess."""

    value: T | None = None
    warning: str = ""
    error: str = ""

    @property
    def is_blank(self) -> bool:
        return self.value is None and not self.error


def text_of(raw: Raw) -> str:
    """The cell's own text as a person sees it, for messages."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == time() else raw.isoformat(" ", "minutes")
    if isinstance(raw, date):
        return raw.isoformat()
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return str(raw)


def is_invisible(char: str) -> bool:
    """Whether the character is a control or format sign: neither seen nor a space."""
    return unicodedata.category(char) in {"Cc", "Cf"} and not char.isspace()


def plain(text: str) -> str:
    """NFKC without invisible signs: for dates, numbers, kana and labels, never for names."""
    folded = unicodedata.normalize("NFKC", text.translate(_VOICING))
    return "".join(char for char in folded if not is_invisible(char))


def without_spaces(text: str) -> str:
    return "".join(text.split())


def says_nothing(text: str) -> bool:
    """Whether the cell is empty or holds only a mark for "nothing": －, 未定, なし."""
    bare = without_spaces(plain(text))
    return bare in _BLANK_WORDS or _DASHES_ONLY.fullmatch(bare) is not None
