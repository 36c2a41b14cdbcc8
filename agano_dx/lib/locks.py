"""Locks for acts of which only one may run at a time."""

import zlib

from django.db import OperationalError, connection

_LOCK_NOT_AVAILABLE = "55P03"


class LockHeldError(Exception):
    """Another transaction has not let go of the lock within `lock_timeout`."""


def take_exclusive(name: str) -> None:
    """Wait until no other transaction holds the lock of this name; keep it until ours ends.

    PostgreSQL: a transaction-level advisory lock (LockHeldError after `lock_timeout`). SQLite:
    nothing to do, every transaction of ours begins IMMEDIATE and so is alone.
    """
    if connection.vendor != "postgresql":
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(name.encode())])
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
            raise LockHeldError(name) from error
        raise


def try_exclusive(name: str) -> bool:
    """Take the lock of this name until our transaction ends, unless another one holds it.

    SQLite: always taken, as above; another writer makes us wait at the transaction's beginning.
    """
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [zlib.crc32(name.encode())])
        return bool(cursor.fetchone()[0])
