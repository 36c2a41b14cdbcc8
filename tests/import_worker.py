"""A process of its own that imports rosters, so that tests can kill it: `python -m` this module.

It loads Django once and forks for every act, so that an act can be killed at any moment and costs
little. A line of JSON in, `[act, argument]`; two lines out: who does it, and what came of it.
"""

import json
import os
import sys
import traceback

import django
from django.apps import apps

if not apps.ready:
    django.setup()

from auditlog.models import LogEntry  # noqa: E402 - Django comes first
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from agano_dx.lib.errors import DomainError  # noqa: E402
from staff.models import (  # noqa: E402
    Assignment,
    ConcurrentPost,
    RosterFile,
    RosterImport,
    RosterUndo,
    StaffMember,
    User,
)
from staff.services.rosters import apply_upload, applying_now, undo_import  # noqa: E402
from tests.conftest import TODAY  # noqa: E402
from tests.factories import RosterFileFactory  # noqa: E402
from tests.roster_makers import agreed, csv_of, line, stored  # noqa: E402

PEOPLE = 60
HIRED = 30


def numbers(count, *, first=1):
    """Staff numbers in a row."""
    return [f"{number:06}" for number in range(first, first + count)]


def prepare(_):
    """Keep a preview of a list that moves everybody and hires some; its key."""
    moved = [
        line(number, 所属="税務課", 職名="主任", 兼務="総務課長") for number in numbers(PEOPLE)
    ]
    hired = [line(number) for number in numbers(HIRED, first=1001)]
    by = User.objects.get()
    with transaction.atomic():
        preview = agreed(stored(*moved, *hired, by=by))
        RosterImport.objects.filter(pk=preview.pk).update(file_name="名簿.csv")
        RosterFileFactory(roster_import=preview, content=csv_of(*moved, *hired))
    return preview.pk


def apply(key):
    """Put the preview into force, as the page does."""
    apply_upload(
        roster_import=RosterImport.objects.get(pk=key),
        by=User.objects.get(),
        at=timezone.now(),
        today=TODAY,
        leavers_accepted=True,
        question_accepted=True,
    )
    return "applied"


def undo(key):
    """Take the import back."""
    by = User.objects.get()
    undo_import(roster_import=RosterImport.objects.get(pk=key), by=by, at=timezone.now())
    return "undone"


@transaction.atomic
def state(key):
    """All that an import writes, without keys and moments; and who is said to be at it."""
    facts = ("staff__number", "starts_on", "department__name", "rank__name", "source")
    places = Assignment.objects.values_list(*facts)
    posts = ("staff__number", "starts_on", "ends_on", "department__name", "rank__name")
    rows = {
        "people": StaffMember.objects.values_list("number", "name", "left_on"),
        "places": [(*place, "ours" if source == key else source) for *place, source in places],
        "posts": ConcurrentPost.objects.values_list(*posts),
    }
    return {
        **{name: sorted(repr(row) for row in found) for name, found in rows.items()},
        "status": RosterImport.objects.get(pk=key).status,
        "files": RosterFile.objects.filter(roster_import=key).count(),
        "ways back": RosterUndo.objects.filter(roster_import=key).count(),
        "trail": LogEntry.objects.count(),
        "announced": applying_now(timezone.now()) is not None,
    }


ACTS = {act.__name__: act for act in (prepare, apply, undo, state)}


def answer_of(act, argument):
    """What the act gives back, or the refusal."""
    try:
        return {"done": ACTS[act](argument)}
    except DomainError as error:
        return {"refused": type(error).__name__, "words": str(error)}


def run(act, argument, answer_to):
    """The forked process: nothing of the parent runs in it afterwards."""
    try:
        os.write(answer_to, json.dumps(answer_of(act, argument)).encode())
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def main():
    """Fork for every line until there are no more."""
    for request in sys.stdin:
        read_end, write_end = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(read_end)
            run(*json.loads(request), write_end)
        os.close(write_end)
        print(json.dumps(pid), flush=True)  # noqa: T201 - the answer
        with open(read_end, "rb") as answer:
            said = json.loads(answer.read() or b"null")
        os.waitpid(pid, 0)
        print(json.dumps(said), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
