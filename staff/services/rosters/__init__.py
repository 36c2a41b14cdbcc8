"""Keep the preview of a roster, decide on it, put it into force, take it back, or drop it."""

from staff.services.rosters.applying import apply_import, apply_upload
from staff.services.rosters.decisions import correct_change, decide, same_person
from staff.services.rosters.locking import LOCK, applying_now
from staff.services.rosters.previews import discard_import, replan, start_import, store_preview
from staff.services.rosters.refusals import (
    AlreadyDecidedError,
    CannotBeUndoneError,
    DecisionsOpenError,
    ImportErrorsRemainError,
    LeaversNotAcceptedError,
    SomebodyIsApplyingError,
    StalePreviewError,
)
from staff.services.rosters.undoing import undo_import

__all__ = [
    "LOCK",
    "AlreadyDecidedError",
    "CannotBeUndoneError",
    "DecisionsOpenError",
    "ImportErrorsRemainError",
    "LeaversNotAcceptedError",
    "SomebodyIsApplyingError",
    "StalePreviewError",
    "applying_now",
    "apply_import",
    "apply_upload",
    "correct_change",
    "decide",
    "discard_import",
    "replan",
    "same_person",
    "start_import",
    "store_preview",
    "undo_import",
]
