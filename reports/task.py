"""One thing to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do. `kind` is the banner's: `warning` is overdue, `information` waits."""

    kind: str
    title: str
    body: str
    url: str
    action: str
