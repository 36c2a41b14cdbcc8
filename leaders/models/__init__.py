"""The models of the leaders app."""

from leaders.models.activities import Activity, ActivityComment, ActivityStatus, ActivityStep
from leaders.models.certificates import LeaderCertificate
from leaders.models.cohorts import Cohort
from leaders.models.curriculum import CurriculumCourse, Strand
from leaders.models.nominations import (
    OPEN_NOMINATIONS,
    EnteredAs,
    Nomination,
    NominationAct,
    NominationEvent,
    NominationStatus,
)
from leaders.models.specialists import (
    Preference,
    Route,
    SpecialistDesignation,
    SuitabilityNote,
    TransferRequest,
)
from leaders.models.terms import (
    SECRET_AHEAD,
    Continuation,
    EndReason,
    LeaderTerm,
    QuestionKind,
)
from leaders.models.uploads import LeaderUpload, LeaderUploadState

__all__ = [
    "OPEN_NOMINATIONS",
    "SECRET_AHEAD",
    "Activity",
    "ActivityComment",
    "ActivityStatus",
    "ActivityStep",
    "Cohort",
    "Continuation",
    "CurriculumCourse",
    "EndReason",
    "EnteredAs",
    "LeaderCertificate",
    "LeaderTerm",
    "LeaderUpload",
    "LeaderUploadState",
    "Nomination",
    "NominationAct",
    "NominationEvent",
    "NominationStatus",
    "Preference",
    "QuestionKind",
    "Route",
    "SpecialistDesignation",
    "Strand",
    "SuitabilityNote",
    "TransferRequest",
]
