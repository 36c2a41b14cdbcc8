"""Locks for acts of which only one may run at a time."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection

from agano_dx.lib.errors import DomainError

_LOCK_NOT_AVAILABLE = "55P03"


class LockHeldError(DomainError):
    """Another transaction has not let go of a lock or a row within `lock_timeout`."""

    def __init__(self) -> None:
        super().__init__(
            "ほかの人の処理が終わるのを待っています。少し待ってから、もう一度押してください。"
        )


@contextmanager
def told_when_held() -> Iterator[None]:
    """Within it, waiting in vain for a lock or a row is LockHeldError (PostgreSQL)."""
    try:
        yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
            raise LockHeldError from error
        raise


def take_exclusive(name: str) -> None:
    """Wait until no other transaction holds the lock of this name; keep it until ours ends.

    PostgreSQL: a transaction-level advisory lock (LockHeldError after `lock_timeout`). SQLite:
    nothing to do, every transaction of ours begins IMMEDIATE and so is alone.
    """
    if connection.vendor != "postgresql":
        return
    with told_when_held(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(name.encode())])


def try_exclusive(name: str) -> bool:
    """Take the lock of this name until our transaction ends, unless another one holds it.

    SQLite: always taken, as above; another writer makes us wait at the transaction's beginning.
    """
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [zlib.crc32(name.encode())])
        return bool(cursor.fetchone()[0])
