"""What the names of sheets tell: an example to be left out, or the department of its people."""

import re
from collections.abc import Iterator

from agano_dx.lib.japanese import label_key, plain

_EXAMPLE = re.compile(
    r"凡例|(?:記入|記載|入力|作成)(?:例|要領|要項|方法|上の注意|の仕方)|注記|注意事項|留意事項"
)
_EXAMPLE_ALONE = frozenset({"説明", "例", "使い方", "はじめに", "表紙", "目次", "コード表"})
_UNIT = re.compile(r"[部課係室局所園館校署会院]$|支所$|センター$|事務所$")
_NO_UNIT = re.compile(r"名簿|一覧|名前|全員|全部|職員$|シート")
_BEFORE = re.compile(r"^[\s0-9.,、_:()-]+")
_BEHIND = re.compile(
    r"(?:[\s_]*[(\[【][^()\[\]【】]*[)\]】]|[\s_]*[0-9]+\s*(?:名|人)?|[\s_]+[RH]?[0-9.年月日現在-]+)$"
)


def is_example(name: str) -> bool:
    """Whether the sheet only shows how a roster is filled in: 凡例, 記入例, 記入要領, 注記."""
    label = label_key(name)
    return _EXAMPLE.search(label) is not None or label in _EXAMPLE_ALONE


def unit_names(name: str) -> Iterator[str]:
    """What the name may call a department: all of it, without its number, without （12名）."""
    whole = plain(name).strip()
    yield whole
    bare = _BEFORE.sub("", whole) or whole
    yield bare
    while (shorter := _BEHIND.sub("", bare).strip()) not in ("", bare):
        bare = shorter
        yield bare


def looks_like_unit(name: str) -> bool:
    """Whether the name is one a department would bear; 「名簿」 and 「Sheet1」 are not."""
    bare = unit_name(name)
    return _UNIT.search(bare) is not None and _NO_UNIT.search(bare) is None


def unit_name(name: str) -> str:
    """The sheet's name without anything around it."""
    *_, bare = unit_names(name)
    return bare
