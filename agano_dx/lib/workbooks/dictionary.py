"""Which heading means which field, and what is said when headings are missing or doubled."""

from collections.abc import Collection, Mapping
from typing import TypeAlias

from agano_dx.lib.errors import DomainError
from agano_dx.lib.japanese import label_key
from agano_dx.lib.workbooks.cells import Cell

# A field that must be there, or several of which one must.
Required: TypeAlias = Collection[str | tuple[str, ...]]


class HeadingError(DomainError):
    """The headings of a sheet do not do; `code` is "no_heading" or "two_headings"."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class HeadingDictionary:
    """The spellings of every field's heading; the first one is the field's name in messages.

    `repeatable`: fields that several columns may have, of which the first one counts.
    """

    def __init__(
        self, fields: Mapping[str, tuple[str, ...]], repeatable: Collection[str] = ()
    ) -> None:
        self.fields = dict(fields)
        self.repeatable = frozenset(repeatable)
        self._by_key: dict[str, str] = {}
        for field, spellings in fields.items():
            for spelling in spellings:
                other = self._by_key.setdefault(label_key(spelling), field)
                if other != field:
                    raise ValueError(f"{spelling} stands for both {other} and {field}")

    def field_of(self, text: str) -> str | None:
        return self._by_key.get(label_key(text))

    def label(self, field: str) -> str:
        return self.fields[field][0]

    def missing(self, found: Collection[str], required: Required) -> list[str]:
        """The requirements that the found fields leave open, in words."""
        groups = [(need,) if isinstance(need, str) else need for need in required]
        return [
            "または".join(f"「{self.label(field)}」" for field in group)
            for group in groups
            if not set(group) & set(found)
        ]


def no_heading(
    sheet: str, dictionary: HeadingDictionary, found: Collection[str], required: Required
) -> HeadingError:
    missing = "、".join(dictionary.missing(found, required))
    present = "".join(f"「{dictionary.label(field)}」" for field in found) or "ありません"
    return HeadingError(
        "no_heading",
        f"シート「{sheet}」に必要な見出し{missing}が見つかりません（見つかった見出しは{present}）。"
        "見出しの行を確かめてから、もう一度取り込んでください。",
    )


def two_headings(sheet: str, label: str, first: Cell, second: Cell) -> HeadingError:
    return HeadingError(
        "two_headings",
        f"シート「{sheet}」で「{label}」と読める見出しが{first.letter}列「{first.text.strip()}」と"
        f"{second.letter}列「{second.text.strip()}」の2つあります。"
        "どちらか一方の列だけを残してから、もう一度取り込んでください。",
    )
