"""Why an act on a roster import is refused."""

from agano_dx.lib.errors import DomainError


class ImportErrorsRemainError(DomainError):
    """A roster with errors cannot be put into force."""


class DecisionsOpenError(DomainError):
    """Somebody has to decide on a change, or on the roster as a whole, first."""


class LeaversNotAcceptedError(DomainError):
    """A full roster makes people leave, and nobody has said yes to that."""


class StalePreviewError(DomainError):
    """The city has changed since the preview was made."""


class AlreadyDecidedError(DomainError):
    """The import was put into force or dropped before."""


class SomebodyIsApplyingError(DomainError):
    """Another import is being written right now."""


class CannotBeUndoneError(DomainError):
    """Something later depends on the import."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("この取込は取り消せません。" + "".join(reasons))
        self.reasons = reasons
