"""The models of the training app."""

from training.models.attendance import (
    Attendance,
    AttendanceChange,
    AttendanceQuerySet,
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
from training.models.states import (
    ATTENDED,
    BOOKINGS,
    COMPLETING,
    EXPECTED,
    GIVEN_UP,
    MISSED,
    SEATLESS,
    SETTLED,
    TO_MARK,
    AbsenceReason,
    AttendanceStatus,
)
from training.models.uploads import (
    AttendanceUpload,
    UploadKind,
    UploadState,
)

__all__ = [
    "ATTENDED",
    "BOOKINGS",
    "COMPLETING",
    "DEFAULT_RULE",
    "EXPECTED",
    "GIVEN_UP",
    "MISSED",
    "PERIOD_MODES",
    "SEATLESS",
    "SETTLED",
    "TO_MARK",
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
