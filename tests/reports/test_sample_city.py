"""The sample city, whole: what the commands tell must be what expected.json says."""

import io
import json
import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from openpyxl import load_workbook

from agano_dx.lib.fiscal import FiscalYear
from leaders.cohort_board import Standing
from leaders.models import LeaderTerm
from reports.forecast import forecast
from reports.paper.making import made_paper
from reports.paper.printed import printed
from reports.paper.shapes import HIDDEN
from reports.paper.workbook import report_workbook
from reports.people import people_behind
from reports.publication import for_publication
from staff.models import StaffMember
from staff.organisation import DepartmentTree
from tests.reports.audit import Audit, open_elsewhere
from training.models import DEFAULT_RULE

pytestmark = pytest.mark.django_db

IMPORTS = (
    ("import_departments", "departments.csv", ()),
    ("import_ranks", "ranks.csv", ()),
    ("import_roster", "roster_2025-04-01.xlsx", ()),
    ("import_roster", "roster_2026-04-01.xlsx", ("--effective-on=R8.4.1", "--accept-leavers")),
    ("import_roster", "roster_changes_2026-10-01.csv", ("--partial",)),
    ("import_history", "history_R7.xlsx", ()),
    ("import_history", "history_R8.xlsx", ()),
    ("import_elearning", "elearning_log.csv", ()),
    ("import_leaders", "leaders_term1.xlsx", ()),
)


def told(command: str, *args: str) -> dict:
    """The JSON a command prints."""
    out = io.StringIO()
    call_command(command, *args, "--format=json", stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """Every command's answer, in order; the city stays for this module and is then taken back."""
    from django.conf import settings
    from django.db import transaction

    folder = Path(settings.SAMPLE_CITY_DIR)
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("loaddata", "plan", verbosity=0)
        yield {
            name: told(command, str(folder / name), *options) for command, name, options in IMPORTS
        }
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def expected() -> dict:
    from django.conf import settings

    return json.loads((Path(settings.SAMPLE_CITY_DIR) / "expected.json").read_text())


DAYS = ("2025-09-30", "2026-03-31", "2026-04-01", "2026-09-30", "2026-11-23")


def test_the_first_roster_holds_everybody(loaded, expected):
    first = loaded["roster_2025-04-01.xlsx"]

    assert first["applied"]
    assert first["effective_on"] == "2025-04-01"
    assert len(first["summary"]["hired"]) == expected["rosters"]["2025-04-01"]["people"]


@pytest.mark.parametrize(
    ("name", "day"),
    [("roster_2026-04-01.xlsx", "2026-04-01"), ("roster_changes_2026-10-01.csv", "2026-10-01")],
)
def test_a_later_roster_reports_exactly_the_expected_changes(loaded, expected, name, day):
    changes = expected["rosters"][day]["changes"]
    unchanged = len(changes.pop("unchanged"))

    summary = dict(loaded[name]["summary"])

    assert summary.pop("unchanged") == unchanged
    assert summary == {kind: sorted(numbers) for kind, numbers in changes.items()}
    changes["unchanged"] = range(unchanged)  # the fixture serves the whole module


def test_histories_come_in_whole(loaded, expected):
    rows = expected["history_rows"]

    assert loaded["history_R7.xlsx"]["imported"] == rows["R7"]
    assert loaded["history_R8.xlsx"]["imported"] == rows["R8"]
    assert loaded["elearning_log.csv"]["imported"] == rows["elearning"]
    assert loaded["leaders_term1.xlsx"]["imported"] == len(expected["leaders"])


@pytest.mark.parametrize("day", DAYS)
def test_progress_equals_the_expected_figures(loaded, expected, day):
    wanted = next(row for row in expected["progress"] if row["as_of"] == day)

    figures = told("progress", f"--as-of={day}")

    assert {
        name: figures[name]
        for name in ("population", "capable", "completed", "excluded", "executives", "departments")
    } == {
        name: wanted[name]
        for name in ("population", "capable", "completed", "excluded", "executives", "departments")
    }
    assert figures["share"] == f"{wanted['capable']}/{wanted['population']}"
    for name, value in wanted["leaders"].items():
        assert figures["leaders"][name] == value
    targets = {target["fraction"]: target for target in figures["targets"]}
    assert targets["1/3"]["needed"] == wanted["needed_for_one_third"]
    for fraction, is_met in wanted["meets"].items():
        due = targets[fraction]["due"] <= day
        assert targets[fraction]["status"] == (
            ("met" if is_met else "missed") if due else "not_due"
        )


def serving(expected, day):
    """The terms of expected.json that run on the day: department and person."""
    return sorted(
        (one["department"], one["staff_number"])
        for one in expected["leaders"]
        if one["from"] <= day and (one["to"] is None or day <= one["to"])
    )


@pytest.mark.parametrize("day", DAYS)
def test_the_leaders_of_a_day_are_the_expected_people(loaded, expected, day):
    wanted = next(row["leaders"] for row in expected["progress"] if row["as_of"] == day)
    on = date.fromisoformat(day)

    sitting = LeaderTerm.objects.sitting(on).values_list("department__code", "staff__number")

    assert sorted(sitting) == serving(expected, day)
    assert len(sitting) == wanted["sitting"]
    told = told_leaders(day)
    assert told["departments_covered"] == wanted["departments_covered"]
    assert told["departments_without"] == []
    assert (told["completed_person_terms"], told["people"]) == (0, 0)
    behind = people_behind("leaders", on, DEFAULT_RULE, None)
    assert sorted(place.staff.number for place in behind) == sorted(
        number for _, number in serving(expected, day)
    )


def told_leaders(day):
    """What the command says of leaders."""
    return told("progress", f"--as-of={day}")["leaders"]


@pytest.mark.parametrize("day", DAYS)
def test_the_cohort_page_shows_the_expected_leaders(loaded, expected, client_of, hr, day):
    board = client_of(hr).get("/leaders/cohorts/1/", {"as_of": day}).context["board"]

    shown = [
        (row.unit.code, line.term.staff.number)
        for row in board.rows
        for line in row.leaders
        if line.standing == Standing.SITTING
    ]
    assert sorted(shown) == serving(expected, day)
    assert board.without == ()


@pytest.mark.parametrize("day", DAYS)
def test_outstanding_equals_the_expected_list(loaded, expected, day):
    wanted = next(row for row in expected["progress"] if row["as_of"] == day)

    people = told("outstanding", "--programme=MIND-ALL", f"--as-of={day}")

    assert [person["number"] for person in people] == wanted["mind_outstanding"]


@pytest.mark.parametrize("day", DAYS)
def test_the_page_of_the_outstanding_holds_the_expected_people(
    loaded, expected, client_of, hr, day
):
    wanted = next(row for row in expected["progress"] if row["as_of"] == day)
    url = reverse("training:outstanding_list")

    page = client_of(hr).get(url, {"programme": "MIND-ALL", "as_of": day})

    roll = page.context["roll"]
    people = [one.place.staff.number for one in (*roll.owing, *roll.excused)]
    assert sorted(people) == wanted["mind_outstanding"]
    assert roll.asked == wanted["population"]
    assert roll.completed == wanted["completed"]["mind"]


@pytest.mark.parametrize("day", DAYS)
def test_the_people_behind_the_share_are_the_expected_ones(loaded, expected, day):
    wanted = next(row for row in expected["progress"] if row["as_of"] == day)

    people = people_behind("capable", date.fromisoformat(day), DEFAULT_RULE, None)

    assert sorted(place.staff.number for place in people) == wanted["capable_staff_numbers"]


def test_the_same_files_again_change_nothing(loaded, city):
    again = [
        told(command, str(city / name), *options)
        for command, name, options in IMPORTS
        if name
        not in ("roster_2025-04-01.xlsx", "roster_2026-04-01.xlsx", "departments.csv", "ranks.csv")
    ]

    for answer in again:
        if "summary" in answer:
            counts = answer["summary"] | {"unchanged": 0}
            assert not any(counts.values())
        else:
            assert answer["imported"] == 0


def test_rare_characters_come_back_code_point_for_code_point(loaded):
    names = {member.number: member.name for member in StaffMember.objects.all()}

    assert names["001038"] == "辻\U000e0100\u3000翔"
    assert names["000854"].startswith("渡辺\u3000祥")
    assert "\ufe00" in names["000854"] or "\ufa1a" in names["000854"]
    assert names["000278"] == "\U00020bb7田\u3000陽子"
    assert names["000254"] == "山\ufa11\u3000七海"


def test_a_name_that_came_mangled_stays(loaded):
    member = StaffMember.objects.get(number="000933")

    assert "？" not in member.name
    assert "？" in loaded["roster_changes_2026-10-01.csv"]["warnings"][0]["value"]


# --- the forecast ---------------------------------------------------------------------------------


def test_what_came_true_lay_within_the_range_told_before(loaded, expected):
    then, later = date(2026, 3, 31), expected["progress"][-1]
    assert later["as_of"] == "2026-11-23"

    told_then = forecast(then, DEFAULT_RULE, None, then).at(FiscalYear(2026))

    actual = Fraction(later["capable"], later["population"])
    assert told_then.low_share <= actual <= told_then.high_share


def test_the_end_of_the_plan_is_told_as_a_range(loaded):
    told_now = forecast(date(2026, 11, 23), DEFAULT_RULE, None, None).at(FiscalYear(2034))

    assert told_now.low < told_now.high


# --- the report for publication -------------------------------------------------------------------

PUBLISHED_DAYS = ("2026-11-23", "2026-03-31")


def published_papers(day, scope=None):
    """The report of the day as it is, and as it is published."""
    on = date.fromisoformat(day)
    made = made_paper(on, scope, on)
    return made, for_publication(made)


@pytest.mark.parametrize("day", PUBLISHED_DAYS)
def test_the_published_report_prints_no_small_group_anywhere(loaded, day):
    _, published = published_papers(day)

    pages = printed(published)
    book = load_workbook(io.BytesIO(report_workbook(published)))

    words = [word.text for table in pages for row in (*table.rows, table.total) for word in row]
    assert not [word for word in words if re.fullmatch(r"[1-4]人", word)]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    small = [one for one in cells if "人" in one.number_format and one.value in range(1, 5)]
    assert not small
    assert "＊" in words


@pytest.mark.parametrize("day", PUBLISHED_DAYS)
def test_of_a_department_of_a_chief_alone_the_published_report_tells_no_record(loaded, day):
    made, published = published_papers(day)

    tables = [next(t for t in one.tables if t.key == "departments") for one in (made, published)]

    pairs = zip(*(table.lines for table in tables), strict=True)
    told = [two.cells[1:-1] for one, two in pairs if one.cells[1] in range(1, 5)]
    assert told
    assert all(set(cells) == {HIDDEN} for cells in told)


@pytest.mark.parametrize("day", PUBLISHED_DAYS)
def test_the_published_report_keeps_the_figures_of_the_plan(loaded, expected, day):
    wanted = next(row for row in expected["progress"] if row["as_of"] == day)

    _, published = published_papers(day)

    summary = {line.cells[0]: line.cells[1] for line in published.tables[0].lines}
    assert summary["全職員"] == wanted["population"]
    assert summary["デジタル活用職員"] == wanted["capable"]
    for category, label in (("mind", "DXマインド"), ("knowledge", "知識"), ("skill", "スキル")):
        assert summary[f"{label}研修の修了者"] == wanted["completed"][category]


@pytest.mark.parametrize("day", PUBLISHED_DAYS)
def test_nobody_can_be_reckoned_from_a_published_report_of_the_city_nor_of_any_unit(loaded, day):
    tree = DepartmentTree.load(date.fromisoformat(day))
    scopes = [None, *(tree.under([pk]) for pk in tree.by_id)]

    found = [published_papers(day, scope) for scope in scopes]

    assert [told for pair in found for told in open_elsewhere(*pair)] == []
    assert [told for pair in found for told in Audit.of(*pair).told()] == []


def test_the_auditor_reckons_small_groups_where_only_they_themselves_are_hidden(loaded):
    made, _ = published_papers("2026-11-23")
    covered = made.with_tables(
        lambda table: replace(
            table,
            lines=tuple(
                replace(line, cells=tuple(map(without_small, line.cells))) for line in table.lines
            ),
        )
    )

    told = Audit.of(made, covered).told()

    assert "デジタル知識習得研修 3" in told  # 免除 from 対象者, 修了 and 未受講者
    assert "上下水道局 全職員 − 上下水道局 DXマインド修了" in told


def without_small(cell):
    """＊ in place of a small group, and nothing else."""
    return HIDDEN if type(cell) is int and 0 < cell < 5 else cell
