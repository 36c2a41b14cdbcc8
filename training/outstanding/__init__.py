"""未受講者: who of a programme row's audience has no completion in the row's window, and why."""

from training.outstanding.audience import (
    NoAttendanceProgrammeError,
    audience,
    listed_programmes,
    programmes_owed,
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
    "outstanding",
    "owing",
    "programmes_owed",
    "roll",
]
