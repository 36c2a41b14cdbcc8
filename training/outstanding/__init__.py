"""未受講者: who of a programme row's audience has no completion in the row's window, and why."""

from training.outstanding.audience import (
    NoAttendanceProgrammeError,
    audience,
    listed_programmes,
    noted,
    programmes_owed,
    without_completion,
)
from training.outstanding.lists import (
    DETAILED,
    REASONS,
    Outstanding,
    Owing,
    Roll,
    Scope,
    outstanding,
    owing,
    roll,
)

__all__ = [
    "DETAILED",
    "REASONS",
    "NoAttendanceProgrammeError",
    "Outstanding",
    "Owing",
    "Roll",
    "Scope",
    "audience",
    "listed_programmes",
    "noted",
    "outstanding",
    "owing",
    "programmes_owed",
    "roll",
    "without_completion",
]
