"""The models of the training app."""

from training.models.attendance import (
    ATTENDED,
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
    EvidenceQuerySet,
    EvidenceState,
)
from training.models.notices import (
    Invitation,
    Reminder,
    ReminderKind,
    ReminderQuerySet,
    ReminderState,
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
    CertificateQuerySet,
    SurveyAnswer,
    TrainingReport,
)
from training.models.uploads import (
    AttendanceUpload,
    UploadKind,
    UploadState,
)

__all__ = [
    "ATTENDED",
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
    "CertificateQuerySet",
    "Counting",
    "CountingRule",
    "Course",
    "Evidence",
    "EvidenceFile",
    "EvidenceKind",
    "EvidenceQuerySet",
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
    "ReminderQuerySet",
    "ReminderState",
    "SurveyAnswer",
    "TrainingReport",
    "UploadKind",
    "UploadState",
]
