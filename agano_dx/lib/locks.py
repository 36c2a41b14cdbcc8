"""Locks for acts of which only one may run at a time."""

import zlib

from django.db import connection


def take_exclusive(name: str) -> None:
    """Wait until no other transaction holds the lock of this name; keep it until ours ends.

    PostgreSQL: a transaction-level advisory lock (it fails after `lock_timeout`). SQLite: nothing
    to do, every transaction of ours begins IMMEDIATE and so is alone.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
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
