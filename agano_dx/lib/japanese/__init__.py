"""Readers for what people type in Excel: warnings and errors as values, never guesses."""

from agano_dx.lib.japanese.dates import find_date, read_date
from agano_dx.lib.japanese.labels import (
    DITTO,
    Title,
    has_concurrent_mark,
    is_ditto,
    is_note,
    is_total,
    label_key,
    says_concurrent,
    says_concurrent_ended,
    split_title,
    without_concurrent_mark,
)
from agano_dx.lib.japanese.names import is_mangled, name_key, read_kana, read_name
from agano_dx.lib.japanese.numbers import (
    MY_NUMBER_REFUSED,
    fold_kanji_numbers,
    holds_my_number,
    kanji_number,
    read_grade,
    read_staff_number,
    signed,
)
from agano_dx.lib.japanese.reading import Raw, Reading, plain, says_nothing, text_of
from agano_dx.lib.japanese.times import read_time

__all__ = [
    "DITTO",
    "MY_NUMBER_REFUSED",
    "Raw",
    "Reading",
    "Title",
    "find_date",
    "fold_kanji_numbers",
    "has_concurrent_mark",
    "holds_my_number",
    "is_ditto",
    "is_mangled",
    "is_note",
    "is_total",
    "kanji_number",
    "label_key",
    "name_key",
    "plain",
    "read_date",
    "read_grade",
    "read_kana",
    "read_name",
    "read_staff_number",
    "read_time",
    "says_concurrent",
    "says_concurrent_ended",
    "says_nothing",
    "signed",
    "split_title",
    "text_of",
    "without_concurrent_mark",
]
