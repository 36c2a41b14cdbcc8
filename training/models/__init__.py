"""The models of the training app."""

from training.models.attendance import (
    COMPLETING,
    SEATLESS,
    SETTLED,
    AbsenceReason,
    Attendance,
    AttendanceChange,
    AttendanceQuerySet,
    AttendanceStatus,
)
from training.models.counting import (
    DEFAULT_RULE,
    Counting,
    CountingRule,
    FrozenYear,
)
from training.models.courses import (
    Category,
    Course,
)
from training.models.evidence import (
    Evidence,
    EvidenceFile,
    EvidenceKind,
    EvidenceState,
)
from training.models.notices import (
    Invitation,
    Reminder,
    ReminderKind,
)
from training.models.offerings import (
    PERIOD_MODES,
    Mode,
    Offering,
    OfferingDay,
    OfferingEvent,
    OfferingEventKind,
    OfferingQuerySet,
    OfferingState,
)
from training.models.plan import (
    Audience,
    Frequency,
    PlanPeriod,
    PlanReview,
    Programme,
)
from training.models.results import (
    Certificate,
    SurveyAnswer,
    TrainingReport,
)
from training.models.uploads import (
    AttendanceUpload,
    UploadKind,
    UploadState,
)

__all__ = [
    "COMPLETING",
    "DEFAULT_RULE",
    "PERIOD_MODES",
    "SEATLESS",
    "SETTLED",
    "AbsenceReason",
    "Attendance",
    "AttendanceChange",
    "AttendanceQuerySet",
    "AttendanceStatus",
    "AttendanceUpload",
    "Audience",
    "Category",
    "Certificate",
    "Counting",
    "CountingRule",
    "Course",
    "Evidence",
    "EvidenceFile",
    "EvidenceKind",
    "EvidenceState",
    "Frequency",
    "FrozenYear",
    "Invitation",
    "Mode",
    "Offering",
    "OfferingDay",
    "OfferingEvent",
    "OfferingEventKind",
    "OfferingQuerySet",
    "OfferingState",
    "PlanPeriod",
    "PlanReview",
    "Programme",
    "Reminder",
    "ReminderKind",
    "SurveyAnswer",
    "TrainingReport",
    "UploadKind",
    "UploadState",
]
