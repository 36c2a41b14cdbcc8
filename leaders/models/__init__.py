"""The models of the leaders app."""

from leaders.models.cohorts import Cohort
from leaders.models.nominations import OPEN_NOMINATIONS, Nomination, NominationStatus
from leaders.models.specialists import Route, SpecialistDesignation
from leaders.models.terms import Activity, ActivityStatus, EndReason, LeaderTerm

__all__ = [
    "OPEN_NOMINATIONS",
    "Activity",
    "ActivityStatus",
    "Cohort",
    "EndReason",
    "LeaderTerm",
    "Nomination",
    "NominationStatus",
    "Route",
    "SpecialistDesignation",
]
