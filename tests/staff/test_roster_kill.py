"""Kill -9 during an import, at random moments, on a real database: before or after it."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.db import connection

from staff.access import ADMIN
from staff.models import ImportStatus
from tests.conftest import account
from tests.factories import StaffMemberFactory
from tests.import_worker import HIRED, PEOPLE, numbers
from tests.roster_makers import person, says_what_to_do, small_town

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 12
MOST_ROUNDS = 30
PATIENCE = 10.0


class Worker:
    """The other process: acts are asked of it by name, and may be killed while they run."""

    def __init__(self, database):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.import_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=django_settings.BASE_DIR,
            env=os.environ
            | {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "agano_dx.settings"},
        )

    def start(self, act, key=None):
        """Begin the act; the process that does it."""
        self.process.stdin.write(json.dumps([act, key]) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def answer(self):
        """What came of the act; None when it was killed."""
        return json.loads(self.process.stdout.readline())

    def do(self, act, key=None):
        """The act done undisturbed."""
        self.start(act, key)
        return self.answer()["done"]

    def close(self):
        """End it; an act that hangs goes with it."""
        self.process.stdin.close()
        try:
            self.process.wait(PATIENCE)
        finally:
            self.process.kill()
            self.process.stdout.close()


@pytest.fixture
def worker(tmp_path):
    town = small_town()
    for number in numbers(PEOPLE):
        person(town, number)
    account(StaffMemberFactory(name="山田　花子"), ADMIN)
    worker = Worker(database_for_others(tmp_path))
    yield worker
    worker.close()


def database_for_others(folder):
    """The address of the test's database; SQLite's lies in memory and is copied into a file."""
    facts = connection.settings_dict
    if connection.vendor == "postgresql":
        who = f"{quote(facts['USER'])}:{quote(facts['PASSWORD'])}"
        return f"postgres://{who}@{facts['HOST']}:{facts['PORT']}/{quote(facts['NAME'])}"
    path = folder / "killed.sqlite3"
    with closing(sqlite3.connect(path)) as target:
        connection.connection.backup(target)
    return f"sqlite:///{path}"


def children_of(pid):
    """The processes that this one started, which read the file."""
    with suppress(OSError):
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def first_child_of(pid):
    """The reader, as soon as it has been started."""
    until = time.monotonic() + PATIENCE
    while not (found := children_of(pid)):
        assert time.monotonic() < until, "nobody reads"
    return found[0]


def kill(pid):
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def is_running(pid):
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def wait_until(is_so, what):
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until, what
        time.sleep(0.01)


def nobody_is_connected():
    """Whether the database has let go of the killed process; SQLite does so at once."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend' AND state <> 'idle'"
        )
        return cursor.fetchone()[0] == 0


class Known:
    """The two states an import may leave, and how long it takes from one to the other."""

    def __init__(self, worker):
        self.worker = worker
        key = worker.do("prepare")
        self.before = self.look(key, trail := worker.do("state", key)["trail"])
        begun = time.monotonic()
        assert worker.do("apply", key) == "applied"
        self.seconds = time.monotonic() - begun
        self.after = self.look(key, trail)
        worker.do("undo", key)
        assert self.before["status"] == ImportStatus.PREVIEW
        assert len(self.after["people"]) == len(self.before["people"]) + HIRED

    def look(self, key, trail):
        """The state now; entries of the trail are counted from the round's beginning."""
        now = self.worker.do("state", key)
        return now | {"trail": now["trail"] - trail}

    def side(self, state):
        """Whether the import took place; fails where it did by half."""
        without = {**state, "announced": False}
        assert without in (self.before, self.after)
        return "after" if without == self.after else "before"


def finish(known, key, trail, *, was_applied):
    """The same import again, after whatever happened; then the city as it was."""
    worker = known.worker
    worker.start("apply", key)
    answer = worker.answer()
    if was_applied:
        assert answer["refused"] == "AlreadyDecidedError"
    else:
        assert answer == {"done": "applied"}
    state = known.look(key, trail)
    assert state | {"announced": False} == known.after
    assert was_applied or not state["announced"]
    assert worker.do("undo", key) == "undone"


def test_a_killed_worker_leaves_the_city_before_or_after_and_nothing_stuck(worker):
    known, dice = Known(worker), random.Random(20260401)  # noqa: S311 - moments, not secrets
    seen, rounds, reach = [], 0, 1.1

    while rounds < ROUNDS or not {"before", "inside", "after"} <= set(seen):
        assert rounds < MOST_ROUNDS, seen
        key = worker.do("prepare")
        trail = worker.do("state", key)["trail"]
        pid = worker.start("apply", key)
        time.sleep(known.seconds * dice.uniform(0, reach))
        readers = children_of(pid)
        kill(pid)
        worker.answer()
        wait_until(nobody_is_connected, "the database still works for the dead")
        state = known.look(key, trail)
        side = known.side(state)
        seen.append("inside" if side == "before" and state["announced"] else side)
        wait_until(lambda left=readers: not any(map(is_running, left)), "the reader outlives all")
        finish(known, key, trail, was_applied=side == "after")
        rounds += 1
        reach = 1.1 if "after" in seen else reach + 0.1


def test_a_killed_reader_leaves_the_city_as_it_was_and_its_worker_says_so(worker):
    known, dice = Known(worker), random.Random(20260402)  # noqa: S311 - moments, not secrets
    refused = 0

    for _ in range(6):
        key = worker.do("prepare")
        trail = worker.do("state", key)["trail"]
        pid = worker.start("apply", key)
        reader = first_child_of(pid)
        time.sleep(dice.uniform(0, 0.1))
        kill(reader)
        answer = worker.answer()
        if "refused" in answer:
            refused += 1
            assert answer["refused"] == "WorkbookError"
            assert says_what_to_do(answer["words"].partition("（照会番号")[0])
            assert known.look(key, trail) == known.before
        else:
            assert known.look(key, trail) == known.after
        finish(known, key, trail, was_applied="done" in answer)

    assert refused
