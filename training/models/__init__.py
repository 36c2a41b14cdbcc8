"""The models of the training app."""

from training.models.attendance import (
    COMPLETING,
    SETTLED,
    Attendance,
    AttendanceChange,
    AttendanceStatus,
)
from training.models.counting import DEFAULT_RULE, Counting, CountingRule
from training.models.courses import (
    Audience,
    Category,
    Course,
    Frequency,
    Mode,
    Offering,
    PlanPeriod,
    Programme,
)
from training.models.evidence import Evidence, EvidenceKind, SurveyAnswer

__all__ = [
    "COMPLETING",
    "DEFAULT_RULE",
    "SETTLED",
    "Attendance",
    "AttendanceChange",
    "AttendanceStatus",
    "Audience",
    "Category",
    "Counting",
    "CountingRule",
    "Course",
    "Evidence",
    "EvidenceKind",
    "Frequency",
    "Mode",
    "Offering",
    "PlanPeriod",
    "Programme",
    "SurveyAnswer",
]
