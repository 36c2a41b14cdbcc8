"""Where higher apps show what they know on pages of this one: for showing, never for writing."""

from collections.abc import Callable, Collection
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

# What higher apps know of units about to change on a day: sentences for the preview.
DepartmentNotes = Callable[[Collection[int], date], list[str]]

department_notes: list[DepartmentNotes] = []
