"""A small town and the lists that arrive there: books in memory, real workbooks, CSV."""

import io
import json
from datetime import date
from types import SimpleNamespace

from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from agano_dx.lib.workbooks.cells import PROBLEMS
from agano_dx.lib.workbooks.layouts import heading_keys, layout_of
from agano_dx.lib.workbooks.reading import Book, Cell, Row, Sheet
from staff.models import Assignment, Decision, DepartmentKind, RosterKind, StaffMember
from staff.roster.plan import plan_import
from staff.services.rosters import apply_import, decide, store_preview
from tests import workbook_makers as make
from tests.conftest import TODAY
from tests.factories import (
    LONG_AGO,
    AssignmentFactory,
    DepartmentFactory,
    HeadRankFactory,
    RankFactory,
    StaffMemberFactory,
)

DAY = date(2026, 10, 1)
MY_NUMBER = "123456789012"
ERROR_VALUE = Cell(1, 1, None, problem=PROBLEMS["error"].format(shown="#N/A"), shown="#N/A")

# --- The town -----------------------------------------------------------------------------------


def small_town():
    """A division with two sections, one with an office; two head ranks and two others."""
    division = DepartmentFactory(code="100", name="総務部", kind=DepartmentKind.DIVISION)
    affairs = DepartmentFactory(code="101", name="総務課", parent=division)
    tax = DepartmentFactory(code="102", name="税務課", parent=division)
    office = DepartmentFactory(
        code="10201", name="収納対策室", parent=tax, kind=DepartmentKind.OFFICE
    )
    ranks = [HeadRankFactory(name="部長"), HeadRankFactory(name="課長")]
    ranks += [RankFactory(name="主任"), RankFactory(name="主事", is_leader_eligible=False)]
    return SimpleNamespace(
        division=division,
        affairs=affairs,
        tax=tax,
        office=office,
        ranks={rank.name: rank for rank in ranks},
    )


def person(town, number="000101", *, rank="主事", department=None, place=None, **facts):
    """Somebody who has stood in 総務課 since long ago."""
    member = StaffMemberFactory(number=number, **{"name": f"見本　{number}", **facts})
    AssignmentFactory(
        staff=member,
        department=department or town.affairs,
        rank=town.ranks[rank],
        **{"starts_on": max(LONG_AGO, member.hired_on), **(place or {})},
    )
    return member


def place_on(number, day=DAY):
    """Where the person stands on the day."""
    return Assignment.objects.as_of(day).get(staff__number=number)


def line(number="000101", **cells):
    """A row of a list that says what `person` is, save for what is given; None leaves it blank."""
    own = {"職員番号": number, "氏名": f"見本　{number}", "所属": "総務課", "職名": "主事"}
    return own | cells


# --- Lists --------------------------------------------------------------------------------------


def table(*lines, title=None):
    """The rows of a list: its title, its headings, and a row for each line."""
    headings = list(dict.fromkeys(heading for each in lines for heading in each))
    rows = [[each.get(heading) for heading in headings] for each in lines]
    return [*([[title]] if title else []), headings, *rows]


def sheet(*rows, name="名簿"):
    """A sheet as the reader delivers it; a Cell stands for its value, format and problem."""
    return Sheet(
        name,
        tuple(
            Row(
                number,
                tuple(
                    _cell(number, column, value)
                    for column, value in enumerate(row, start=1)
                    if value is not None
                ),
            )
            for number, row in enumerate(rows, start=1)
        ),
    )


def _cell(row, column, value):
    if not isinstance(value, Cell):
        return Cell(row, column, value)
    return Cell(row, column, value.value, value.number_format, value.problem, value.shown)


def book(*sheets, filename="名簿.xlsx"):
    """A book of these sheets, without the way through a file."""
    return Book(filename, "a" * 64, sheets)


def listed(*lines, title=None):
    """The book with one sheet of these lines."""
    return book(sheet(*table(*lines, title=title)))


def workbook(*lines, title=None):
    """The bytes of a real workbook with these lines."""
    return make.book(*table(*lines, title=title))


def csv_of(*lines, encoding="cp932"):
    """The bytes of a CSV with these lines, as an old system writes it."""
    rows = [",".join(str(value or "") for value in row) for row in table(*lines)]
    return ("\r\n".join(rows) + "\r\n").encode(encoding, "replace")


def columns_posted(fields):
    """What the mapping page posts for a list with these headings: heading → field."""
    layout = layout_of(heading_keys(fields))
    return {f"column-{layout[:12]}-{number}": field for number, field in enumerate(fields.values())}


# --- Imports ------------------------------------------------------------------------------------


def planned(roster, *, kind=RosterKind.PARTIAL, effective_on=DAY):
    """What the book would do."""
    return plan_import(roster, kind=kind, effective_on=effective_on, today=TODAY)


def stored(*lines, by=None, **options):
    """The preview of a list of these lines."""
    return store_preview(plan=planned(listed(*lines), **options), by=by)


def agreed(preview):
    """The preview, with yes said to every question."""
    asked = [change.pk for change in preview.changes.undecided()]
    if asked:
        decide(roster_import=preview, changes=asked, decision=Decision.ACCEPTED, by=None)
    return preview


def put_into_force(preview, *, by=None):
    """The preview, agreed to and applied."""
    return apply_import(
        roster_import=agreed(preview),
        by=by,
        at=timezone.now(),
        leavers_accepted=True,
        question_accepted=True,
        created=None,
    )


def loaded(*lines, **options):
    """A list of these lines put into force; it must hold no error."""
    plan = planned(listed(*lines), **options)
    assert not plan.errors
    return put_into_force(store_preview(plan=plan, by=None))


def told(command, *args):
    """A command's exit code and its JSON."""
    out = io.StringIO()
    code = 0
    try:
        call_command(command, *map(str, args), "--format=json", stdout=out)
    except SystemExit as end:
        code = end.code
    return code, json.loads(out.getvalue())


def everything(*, without=()):
    """Every row of every table, by table; sessions are the browser's and left out."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label not in {"sessions.Session", *without}
    }


def says_what_to_do(sentence):
    """Whether the text is a whole polite sentence that ends with what to do."""
    return sentence.endswith("ください。")


def numbers():
    """The numbers of all people."""
    return set(StaffMember.objects.values_list("number", flat=True))
