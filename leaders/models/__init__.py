"""The models of the leaders app."""

from leaders.models.activities import (
    Activity,
    ActivityComment,
    ActivityQuerySet,
    ActivityStatus,
    ActivityStep,
    CommentAuthor,
)
from leaders.models.certificates import LeaderCertificate
from leaders.models.cohorts import Cohort
from leaders.models.curriculum import CurriculumCourse, Strand
from leaders.models.nominations import (
    ON_THE_DESK,
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
    "ON_THE_DESK",
    "OPEN_NOMINATIONS",
    "SECRET_AHEAD",
    "Activity",
    "ActivityComment",
    "ActivityQuerySet",
    "ActivityStatus",
    "ActivityStep",
    "Cohort",
    "CommentAuthor",
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
