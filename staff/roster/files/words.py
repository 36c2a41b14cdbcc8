"""How departments, ranks, teams and posts are written so that the roster reader means the same."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agano_dx.lib.japanese import split_title
from staff.models import ConcurrentPost, Department, Rank
from staff.roster.lookup import Masters, Post

# What parts two posts in one cell.
_PARTS_POSTS = re.compile(r"[、,，/\n;]")


@dataclass
class Words:
    """Writes with the reader's own eyes: what would be read as something else is not written."""

    masters: Masters

    def department(self, department: Department) -> str:
        """The whole path, or the code where two units have the same path."""
        path = self.masters.tree.path(department.pk)
        return path if self.masters.department(path) == department else department.code

    def stands_for(self, department: Department) -> bool:
        """Whether the unit's code is read as this unit on the roster's day."""
        return self.masters.by_code.get(department.code) == department

    def title(self, rank: Rank) -> str:
        """The rank's name; empty where its brackets would be read as a second post."""
        title = split_title(rank.name)
        is_whole = not title.second and self.masters.rank(title.primary) == rank
        return rank.name if is_whole else ""

    def team(self, department: Department, team: str) -> str:
        """The team; empty where a unit of this name has been opened there since."""
        return "" if team and self.masters.unit_of(department, team) else team

    def posts(self, posts: Iterable[ConcurrentPost]) -> tuple[str, int]:
        """「総務課 課長、税務課 課長」, and how many of them no words would bring back.

        One of these leaves the whole cell blank: a cell that names only some posts asks whether
        the others have ended.
        """
        wanted = dict.fromkeys(Post(post.department, post.rank) for post in posts)
        written = [self._post(post) for post in wanted]
        return "" if "" in written else "、".join(written), written.count("")

    def _post(self, wanted: Post) -> str:
        """The shortest way to write the post that is read as this post."""
        for name in self._paths(wanted.department):
            text = f"{name} {wanted.rank.name}"
            if not _PARTS_POSTS.search(text) and self.masters.post(text) == wanted:
                return text
        return ""

    def _paths(self, department: Department) -> Iterator[str]:
        path = ""
        for unit in self.masters.tree.above(department.pk):
            path = f"{unit.name} {path}".rstrip()
            yield path
        yield department.code
