"""How far an upload is, told from the request that works to the one that asks.

It stands in the shared cache, because the asking request may reach another worker.
"""

from uuid import UUID

from django.core.cache import cache
from django.db import models

from staff.models import User

KEPT_SECONDS = 300


class Stage(models.IntegerChoices):
    """What happens to an upload, in order."""

    SENDING = 0, "ファイルを送っています。"
    READING = 1, "ファイルを読んでいます。"
    COMPARING = 2, "職員の情報と比べています。"


def tell(user: User, token: UUID | None, stage: Stage) -> None:
    """Note that the upload of this token has come to the stage."""
    if token is not None:
        cache.set(_key(user, token), stage.value, KEPT_SECONDS)


def stage_of(user: User, token: UUID) -> Stage:
    """The stage that the account's own upload of this token has come to."""
    return Stage(cache.get(_key(user, token), Stage.SENDING.value))


def _key(user: User, token: UUID) -> str:
    return f"roster-progress.{user.pk}.{token}"
