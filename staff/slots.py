"""Where higher apps show what they know on pages of this one: for showing, never for writing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from staff.models import StaffMember


@dataclass(frozen=True, slots=True)
class Section:
    """A table on a person's page."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str
    note: str = ""


MemberSection = Callable[[StaffMember, date], Section]

# Filled by higher apps in their AppConfig.ready().
member_sections: list[MemberSection] = []
