"""Second posts: in their own column, in a title's brackets, or on （兼） rows of their own."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from agano_dx.lib.issues import Findings, Issue
from agano_dx.lib.japanese import (
    has_concurrent_mark,
    says_concurrent,
    says_concurrent_ended,
    split_title,
)
from staff.models import Department, Rank
from staff.roster.cells import CellReader
from staff.roster.lookup import Masters, Post

_MARKED_FIELDS = ("department", "division", "section", "team", "name", "family_name")
_REMARKS = ("movement", "note")
_BETWEEN = re.compile(r"[、,，/\n;]+")


@dataclass(frozen=True, slots=True)
class RosterRow:
    """What the file says of a person; `None` where it says nothing: a blank never erases.

    `posts` are second posts held, `ended_posts` those that end. `is_concurrent`: only second posts
    are told, because the file has no row for the person's main post.
    """

    sheet: str
    row: int
    number: str
    name: str | None = None
    kana: str | None = None
    department: Department | None = None
    team: str | None = None
    rank: Rank | None = None
    employment: str | None = None
    duty: str | None = None
    hired_on: date | None = None
    starts_on: date | None = None
    leaves: bool = False
    posts: tuple[Post, ...] = ()
    email: str | None = None
    is_flawed: bool = False
    ended_posts: tuple[Post, ...] = ()
    is_concurrent: bool = False


@dataclass(frozen=True, slots=True)
class ConcurrentRow:
    """A row that tells of a second post; what it does not say is as in the main row."""

    sheet: str
    row: int
    number: str
    department: Department | None
    rank: Rank | None
    starts_on: date | None
    posts: tuple[Post, ...]
    is_flawed: bool
    ends: bool


def is_concurrent(cells: CellReader) -> bool:
    """Whether the record is about a second post: （兼） in title, unit or name, or 備考 兼務."""
    title = cells.peek("title")
    return (
        bool(title and not split_title(title).primary)
        or any(has_concurrent_mark(cells.peek(name)) for name in _MARKED_FIELDS)
        or any(says_concurrent(cells.peek(name)) for name in _REMARKS)
        or ends_post(cells)
    )


def ends_post(cells: CellReader) -> bool:
    """Whether the record says that a second post ends."""
    return any(says_concurrent_ended(cells.peek(name)) for name in (*_REMARKS, "title"))


def read_posts(
    cells: CellReader, masters: Masters, second: str, own: Department | None
) -> tuple[Post, ...]:
    """Second posts from the title's brackets and from their own column."""
    column = (text.strip() for text in _BETWEEN.split(cells.text("posts")))
    written = [("title", second), *(("posts", text) for text in column)]
    posts: list[Post] = []
    for name, text in written:
        if not text:
            continue
        post = masters.post(text)
        if post is None and own is not None and (rank := masters.rank(text)):
            post = Post(own, rank)
        if post is None:
            cells.error(
                name,
                f"兼務「{text}」の所属と職名が読み取れません。"
                "「総務課 課長」のように書いてください。",
            )
        else:
            posts.append(post)
    return tuple(posts)


def merged(
    rows: Sequence[RosterRow], concurrent: Iterable[ConcurrentRow], found: Findings
) -> list[RosterRow]:
    """The rows, with the second posts of rows of their own put to the person they belong to.

    Such a row may stand anywhere in the file. Without a main row it is a row of second posts only.
    """
    by_number: dict[str, RosterRow] = {}
    for row in rows:
        by_number.setdefault(row.number, row)
    main = set(by_number)
    for part in concurrent:
        known = by_number.get(part.number)
        if known is None:
            known = RosterRow(
                part.sheet, part.row, part.number, starts_on=part.starts_on, is_concurrent=True
            )
        by_number[part.number] = _with_posts(known, part, found)
    changed = {id(row): by_number[row.number] for row in _firsts(rows)}
    alone = [row for number, row in by_number.items() if number not in main]
    return [*(changed.get(id(row), row) for row in rows), *alone]


def _firsts(rows: Sequence[RosterRow]) -> Iterator[RosterRow]:
    """The first row of each person; a second one is refused later."""
    seen: set[str] = set()
    for row in rows:
        if row.number not in seen:
            seen.add(row.number)
            yield row


def _with_posts(known: RosterRow, part: ConcurrentRow, found: Findings) -> RosterRow:
    department = part.department or known.department
    rank = part.rank or known.rank
    if part.is_flawed:
        return replace(known, is_flawed=True)
    posts = part.posts
    says_which = part.department is not None or part.rank is not None
    if says_which and department is not None and rank is not None:
        posts = (Post(department, rank, part.starts_on), *posts)
    if not posts:
        found.errors.append(
            Issue(
                part.sheet,
                part.row,
                "",
                part.number,
                "兼務の行に所属と職名がありません。兼務先の所属と職名を入れてください。",
            )
        )
        return replace(known, is_flawed=True)
    if part.ends:
        return replace(known, ended_posts=_once((*known.ended_posts, *posts)))
    return replace(known, posts=_once((*known.posts, *posts)))


def _once(posts: Iterable[Post]) -> tuple[Post, ...]:
    by_key: dict[tuple[str, str], Post] = {}
    for post in posts:
        by_key.setdefault(post.key, post)
    return tuple(by_key.values())
