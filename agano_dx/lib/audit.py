"""The one helper by which services leave their trail.

Single saves are recorded by django-auditlog itself; bulk writes and acts without a row of their
own pass its signals by, so they say here what they changed, in the same transaction.
"""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from auditlog.context import disable_auditlog, set_actor
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models

CREATE = LogEntry.Action.CREATE
UPDATE = LogEntry.Action.UPDATE
DELETE = LogEntry.Action.DELETE
ACCESS = LogEntry.Action.ACCESS

Changes = Mapping[str, tuple[Any, Any]]


def acting(by: models.Model | None) -> AbstractContextManager[None]:
    """Within it, entries of single saves name `by` as their author (for commands)."""
    return set_actor(by)


def told_by_the_caller() -> AbstractContextManager[None]:
    """Within it single saves and deletions leave no entries: the caller records them at once."""
    return disable_auditlog()


def record(
    *,
    by: models.Model | None,
    action: int,
    about: Iterable[tuple[models.Model, Changes]],
    extra: Mapping[str, Any] | None = None,
) -> None:
    """Write one entry for each object and its changes (field → old, new) in one query.

    `by` is the account; `None` is the server's own command line. Entries carry the object's key,
    never a name.
    """
    entries = [
        LogEntry(
            content_type=ContentType.objects.get_for_model(thing),
            object_pk=str(thing.pk),
            object_id=thing.pk,
            object_repr=f"{thing._meta.label_lower}:{thing.pk}",
            action=action,
            changes={field: [_plain(old), _plain(new)] for field, (old, new) in changes.items()},
            actor=by,
            additional_data=dict(extra) if extra else None,
        )
        for thing, changes in about
    ]
    LogEntry.objects.bulk_create(entries)


def looked_at(thing: models.Model, *, by: models.Model, **what: object) -> None:
    """Write down that somebody saw or printed this thing.

    `what` says more in kinds, keys and counts, never in names: `print="letters", rows=12`.
    """
    record(by=by, action=ACCESS, about=[(thing, {})], extra=what)


def _plain(value: Any) -> Any:  # noqa: ANN401 - a field's value may be anything
    return value if value is None or isinstance(value, int | bool) else str(value)
