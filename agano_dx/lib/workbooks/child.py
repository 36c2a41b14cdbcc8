"""The process in which a file from outside is taken apart, under limits it sets itself first.

Started by `process`: the file comes through standard input, the sheets leave through standard
output. Whatever a library raises ends the process, and the parent says that the file is damaged.
"""

import gc
import resource
import sys
from collections.abc import Iterator
from typing import Final

from agano_dx.lib.workbooks import limits
from agano_dx.lib.workbooks.delimited import read_delimited
from agano_dx.lib.workbooks.encoding import encoded_book, encoded_refusal
from agano_dx.lib.workbooks.limits import Refused
from agano_dx.lib.workbooks.members import checked_archive
from agano_dx.lib.workbooks.sheets import read_sheets

# What, the soft limit and the hard one: a second more of CPU, or SIGKILL would come before SIGXCPU.
_LIMITS: Final = (
    (resource.RLIMIT_AS, limits.MEMORY_BYTES, limits.MEMORY_BYTES),
    (resource.RLIMIT_CPU, limits.CPU_SECONDS, limits.CPU_SECONDS + 1),
    (resource.RLIMIT_NOFILE, limits.OPEN_FILES, limits.OPEN_FILES),
    (resource.RLIMIT_FSIZE, 0, 0),
    (resource.RLIMIT_CORE, 0, 0),
)


def main(kind: str) -> None:
    for what, soft, hard in _LIMITS:
        _lower(what, soft, hard)
    gc.disable()  # it lives for one file, and millions of cells make collecting dear
    data = sys.stdin.buffer.read()
    write = sys.stdout.buffer.write
    try:
        for line in _lines(kind, data):
            write(line)
    except Refused as refusal:
        write(encoded_refusal(refusal.code))
    except MemoryError:
        write(encoded_refusal("memory"))
    sys.stdout.buffer.flush()


def _lines(kind: str, data: bytes) -> Iterator[bytes]:
    if kind == "csv":
        yield from encoded_book(read_delimited(data))
    else:
        with checked_archive(data) as archive:
            yield from encoded_book(read_sheets(archive))


def _lower(what: int, soft: int, hard: int) -> None:
    """Set the limit, or keep a tighter one that the system already imposed."""
    _, imposed = resource.getrlimit(what)
    if imposed != resource.RLIM_INFINITY:
        soft, hard = min(soft, imposed), min(hard, imposed)
    resource.setrlimit(what, (soft, hard))
