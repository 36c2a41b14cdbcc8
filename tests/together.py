"""Acts done at the same moment in threads, each with a connection of its own, on both databases."""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier, Lock, Thread
from typing import Any

from django.db import connection, connections


def together(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all acts at once; give back what each answered or the exception it ended with.

    Fails unless at least two were inside at the same time. Only for `transaction=True` tests.
    """
    answers: list[Any] = [None] * len(acts)
    barrier, counting = Barrier(len(acts), timeout=30), Lock()
    inside = peak = 0

    def run(index: int) -> None:
        nonlocal inside, peak
        barrier.wait()
        with counting:
            inside += 1
            peak = max(peak, inside)
        try:
            answers[index] = acts[index]()
        except Exception as error:  # the test looks at it
            answers[index] = error
        finally:
            connections.close_all()
            with counting:
                inside -= 1

    with _database_for_threads():
        threads = [Thread(target=run, args=[index], daemon=True) for index in range(len(acts))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert not any(thread.is_alive() for thread in threads), "an act hangs"
    assert peak > 1, "the acts did not overlap"
    return answers


@contextmanager
def _database_for_threads() -> Iterator[None]:
    """SQLite's test database lies in memory, where connections lock otherwise than in a file.

    The threads work on a file with its contents, which comes back into memory afterwards.
    """
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    settings = connections.settings["default"]
    in_memory = settings["NAME"]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = str(Path(folder) / "threads.sqlite3")
        _copy(connection.connection, path)
        settings["NAME"] = path
        try:
            yield
        finally:
            settings["NAME"] = in_memory
        source = sqlite3.connect(path)
        source.backup(connection.connection)
        source.close()


def _copy(source: sqlite3.Connection, path: str) -> None:
    target = sqlite3.connect(path)
    source.backup(target)
    target.close()
