"""The models of the staff app."""

from staff.models.accounts import User
from staff.models.deputies import HeadDeputy
from staff.models.imports import (
    POST_KINDS,
    WAITING,
    ChangeKind,
    Decision,
    ImportStatus,
    RosterChange,
    RosterFile,
    RosterImport,
    RosterKind,
    RosterUndo,
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
from staff.models.spellings import ColumnMapping, DepartmentAlias, RankAlias

__all__ = [
    "POST_KINDS",
    "WAITING",
    "Assignment",
    "AssignmentQuerySet",
    "Band",
    "ChangeKind",
    "ColumnMapping",
    "ConcurrentPost",
    "Decision",
    "Department",
    "DepartmentAlias",
    "DepartmentKind",
    "Duty",
    "Employment",
    "HeadDeputy",
    "ImportStatus",
    "Rank",
    "RankAlias",
    "RosterChange",
    "RosterFile",
    "RosterImport",
    "RosterKind",
    "RosterUndo",
    "StaffMember",
    "User",
]
