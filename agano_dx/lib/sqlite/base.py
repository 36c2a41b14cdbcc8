"""The database backend named in settings when no `DATABASE_URL` is given.

Django 5.2 assumes at most 999 parameters a statement and cuts bulk writes into pieces of that size,
so the number of queries grows with the rows. SQLite since 3.32 allows at least 32,766; the
connection itself knows.
"""

import sqlite3
from functools import cached_property

from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3.features import DatabaseFeatures as SqliteFeatures


class DatabaseFeatures(SqliteFeatures):
    """Django's features, the limit read from the connection."""

    @cached_property
    def max_query_params(self) -> int:  # type: ignore[override]
        """Parameters one statement may carry on this connection."""
        self.connection.ensure_connection()
        return self.connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper with our features."""

    features_class = DatabaseFeatures
