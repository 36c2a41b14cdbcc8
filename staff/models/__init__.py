"""The models of the staff app."""

from staff.models.accounts import User
from staff.models.imports import (
    ChangeKind,
    ColumnMapping,
    ImportStatus,
    RosterChange,
    RosterImport,
    RosterKind,
)
from staff.models.organisation import Band, Department, DepartmentKind, Rank
from staff.models.people import (
    Assignment,
    AssignmentQuerySet,
    ConcurrentPost,
    Duty,
    Employment,
    StaffMember,
)

__all__ = [
    "Assignment",
    "AssignmentQuerySet",
    "Band",
    "ChangeKind",
    "ColumnMapping",
    "ConcurrentPost",
    "Department",
    "DepartmentKind",
    "Duty",
    "Employment",
    "ImportStatus",
    "Rank",
    "RosterChange",
    "RosterImport",
    "RosterKind",
    "StaffMember",
    "User",
]
