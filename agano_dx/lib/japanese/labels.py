"""Headings, departments, titles, and the marks that stand in a roster instead of a person."""

import re
from dataclasses import dataclass
from functools import lru_cache

from agano_dx.lib.japanese.reading import plain, without_spaces

DITTO = frozenset({"〃", "同上", "々", "″", "”", "仝", "“", '"', "＂", "〟", "〝", "仝上", "同"})

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
# After kana the sign lengthens a vowel; after anything else it was typed for a hyphen.
_STRAY_LONG_VOWEL = re.compile("(?<![\u3041-\u3096\u30a1-\u30fa\u30fc\u31f0-\u31ff])\u30fc")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")

_COUNT = r"[0-9][0-9,]*(?:名|人|件)?"
_TOTAL = re.compile(
    r"(?:(?:.*[部課係室局所])?(?:総合|総|合|小|中|累)?計|(?:sub-?)?total)"
    rf"[::]?(?:{_COUNT})?(?:\([^()]*\))?"
)
# 注連 begins surnames, not notes.
_NOTE = re.compile(r"[※*]|\(?注(?!連)")

_BRACKETED = re.compile(r"(?P<before>[^()]*)\((?P<inner>[^()]*)\)?(?P<after>[^()]*)")
_CONCURRENT = frozenset({"兼", "兼務", "兼任", "併", "併任"})
# 総務部長兼総務課長, 兼　総務課長
_JOINED = re.compile(r"(?P<before>[^()]*?)\s*(?:兼|併)[務任]?\s*(?P<after>(?![務任]$)[^()\s].*)")
_BEHIND = re.compile(r"(?P<post>[^()]+?)\s*(?:兼務|兼任|併任)")
_MARK = r"[(（]\s*(?:兼|併)[務任]?\s*[)）]"
_MARKED = re.compile(rf"\s*{_MARK}[:：]?\s*|\s*{_MARK}\s*$")
_SAYS_CONCURRENT = re.compile(
    r"\(?(?:(?:兼|併)[務任]?|兼職)\)?(?:の?発令|職員|者|開始|追加|を?命(?:ずる)?)?"
)
_SAYS_ENDED = re.compile(r"(?:(?:兼|併)[務任]?|兼職)を?(?:の?解除|の?終了|解く|解職|免(?:ずる)?)")
_ACTING = re.compile(r"^兼務?|(?:兼務|(?:事務)?取扱い?)$")


@dataclass(frozen=True, slots=True)
class Title:
    """The title of a post, and the second post it carries in brackets, if any."""

    primary: str
    second: str


@lru_cache(maxsize=4096)  # a department's name stands in thousands of rows
def label_key(text: str) -> str:
    """The form in which headings, departments and titles are compared."""
    bare = _SELECTORS.sub("", without_spaces(plain(text))).translate(_DASHES)
    return _STRAY_LONG_VOWEL.sub("-", bare).casefold()


def is_total(text: str) -> bool:
    """Whether the cell opens a row of totals: 合　計, 計 28名, 総務課計; not 会計課."""
    return _TOTAL.fullmatch(label_key(text)) is not None


def is_note(text: str) -> bool:
    """Whether the cell is a remark below the table: ※, 注, （注, ＊."""
    return _NOTE.match(without_spaces(plain(text))) is not None


def is_ditto(text: str) -> bool:
    """Whether the cell repeats the one above it: 〃, 同上."""
    bare = without_spaces(text)
    return bare in DITTO or (bool(bare) and all(char in DITTO for char in bare))


def split_title(text: str) -> Title:
    """部長（総務課長） is 部長 and heads 総務課 too; （兼）総務課長 is a second post only."""
    whole = " ".join(plain(text).split())
    if whole in _CONCURRENT:
        return Title("", "")
    behind = _BEHIND.fullmatch(whole)
    if behind is not None:
        return Title("", behind["post"])
    joined = _JOINED.fullmatch(whole)
    if joined is not None:
        return Title(joined["before"], joined["after"].strip())
    parts = _BRACKETED.fullmatch(whole)
    if parts is None:
        return Title(whole, "")
    before, inner, after = (parts[name].strip() for name in ("before", "inner", "after"))
    if inner in _CONCURRENT:
        return Title(before, after) if after else Title("", before)
    if after:  # a bracket in the middle is part of the title's name
        return Title(whole, "")
    return Title(before, _ACTING.sub("", inner).strip())


def _speaks_of_posts(text: str) -> bool:
    """Quickly, for every row of a long list: most remarks and titles do not."""
    return "兼" in text or "併" in text


def without_concurrent_mark(text: str) -> str:
    """The text without the （兼） before or behind it; the rest is kept as it is."""
    return _MARKED.sub("", text, count=1) if has_concurrent_mark(text) else text


def has_concurrent_mark(text: str) -> bool:
    """Whether a department or a name is marked as that of a second post: （兼）税務課."""
    found = _MARKED.search(text) if _speaks_of_posts(text) else None
    return found is not None and (found.start() == 0 or found.end() == len(text))


def says_concurrent(text: str) -> bool:
    """Whether a remark is 兼務 and nothing else: 兼務：総務課 speaks of another row's post."""
    return _speaks_of_posts(text) and _SAYS_CONCURRENT.fullmatch(label_key(text)) is not None


def says_concurrent_ended(text: str) -> bool:
    """Whether a remark says that a second post ends: 兼務解除, 兼務を免ずる."""
    return _speaks_of_posts(text) and _SAYS_ENDED.fullmatch(label_key(text)) is not None
