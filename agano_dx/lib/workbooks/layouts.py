"""What makes two headings the same layout, and what somebody said the columns of one mean."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from agano_dx.lib.japanese import label_key

# Layout → key of a heading → field, "" for a column that is not used.
Columns: TypeAlias = Mapping[str, Mapping[str, str]]

LONGEST_KEY: Final = 100


def heading_keys(texts: Iterable[str]) -> tuple[str, ...]:
    """The form in which each heading is compared; the second コード of a row is コード#2."""
    seen: Counter[str] = Counter()
    keys = []
    for text in texts:
        key = label_key(text)[: LONGEST_KEY - 5]
        seen[key] += 1
        keys.append(key if seen[key] == 1 else f"{key}#{seen[key]}")
    return tuple(keys)


def layout_of(keys: Iterable[str]) -> str:
    """The fingerprint of a set of headings.

    Sorted, because systems that export the same list let people drag the columns about: what
    somebody said about 「備考２」 holds wherever that column stands.
    """
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()
