"""Starts the child that reads a file, feeds it, and makes sure that it ends."""

import os
import signal
import subprocess  # noqa: S404 - our own interpreter with our own module, no shell
import sys
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from threading import Event, Timer
from typing import IO, Final, cast

from agano_dx.lib.workbooks.limits import WALL_SECONDS, Refused
from agano_dx.lib.workbooks.signature import Kind

_ROOT: Final = Path(__file__).resolve().parents[3]
# -I keeps the working directory and the user's own packages out; our code comes last on the path.
_START: Final = (
    "import sys; sys.path.append(sys.argv[1]);"
    "from agano_dx.lib.workbooks.child import main; main(sys.argv[2])"
)
# Nothing of the server's environment (keys, database address) reaches the child.
_ENVIRONMENT: Final = {"LANG": "C.UTF-8", "OPENPYXL_LXML": "False", "OPENPYXL_DEFUSEDXML": "True"}
_GRACE_SECONDS: Final = 5.0


def child_lines(data: bytes, kind: Kind) -> Generator[bytes]:
    """What the child answers, line by line; Refused when it was slow or did not end well."""
    expired = Event()
    child = _started(kind)
    alarm = Timer(WALL_SECONDS, _expire, (child, expired))
    alarm.daemon = True
    alarm.start()
    try:
        _feed(cast(IO[bytes], child.stdin), data)
        yield from cast(IO[bytes], child.stdout)
    finally:
        alarm.cancel()
        returned = _ended(child)
    if expired.is_set() or returned == -signal.SIGXCPU:
        raise Refused("timeout")
    if returned != 0:
        raise Refused("damaged")


def _started(kind: Kind) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - every argument is ours
        [sys.executable, "-I", "-B", "-c", _START, str(_ROOT), kind],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_ENVIRONMENT,
        cwd="/",
        start_new_session=True,
    )


def _feed(stdin: IO[bytes], data: bytes) -> None:
    """Hand over the whole file; the child reads all of it before it writes anything."""
    with suppress(BrokenPipeError), stdin:
        stdin.write(data)


def _expire(child: subprocess.Popen[bytes], expired: Event) -> None:
    expired.set()
    _kill(child)


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End the child and everything in its process group."""
    if child.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)


def _ended(child: subprocess.Popen[bytes]) -> int:
    """Wait for the child that has nothing left to say, not for long, and give its return code."""
    cast(IO[bytes], child.stdout).close()
    try:
        return child.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        _kill(child)
        return child.wait()
