"""The report recalculated by LibreOffice says in every number what the JSON says."""

from datetime import date, datetime
from fractions import Fraction
from io import BytesIO

import pytest
from django.conf import settings

from reports.demo import load_sample_city
from reports.documents import progress_document
from reports.paper.making import made_paper
from reports.paper.name_lists import name_lists
from reports.paper.workbook import report_workbook
from reports.progress import progress
from tests.conftest import JAPAN, TODAY
from tests.libreoffice import converted_by
from tests.reports.sheets import differences, opened, rows_of
from training.models import CountingRule

pytestmark = [pytest.mark.office, pytest.mark.django_db]


def test_the_recalculated_workbook_equals_the_json_on_each_day(tmp_path):
    at = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=JAPAN)
    load_sample_city(settings.SAMPLE_CITY_DIR, today=TODAY, at=at)
    for day in (date(2026, 3, 31), TODAY):
        rule = CountingRule.objects.in_force(day)
        paper = made_paper(day, None, TODAY)
        written = report_workbook(paper, name_lists(day, rule, None))
        folder = tmp_path / day.isoformat()
        folder.mkdir()

        saved = converted_by(tmp_path / "profile", folder, without_results(written), "xlsx")
        printed = converted_by(tmp_path / "profile", folder, written, "pdf")

        book = opened(saved, values=True)
        assert book.sheetnames == opened(written).sheetnames
        assert differences(opened(without_results(written), values=True), paper) != []
        assert differences(book, paper) == []
        tables = {table.key: rows_of(book[table.title], table) for table in paper.tables}
        assert told(tables, paper) == document(day, rule)
        assert printed.startswith(b"%PDF")


def without_results(data: bytes) -> bytes:
    """The workbook with bare formulas: what LibreOffice tells of them it has reckoned itself."""
    out = BytesIO()
    opened(data).save(out)
    return out.getvalue()


def document(day, rule) -> dict:
    """What the JSON says, with names in the place of codes."""
    figures = progress(day, rule, None)
    found = progress_document(figures)
    names = {row.unit.code: row.unit.name for row in figures.units}
    held = found["leaders"]
    held["covered"], held["without"] = (
        len(held.pop(f"departments_{which}")) for which in ("covered", "without")
    )
    found["departments"] = {names[code]: row for code, row in found["departments"].items()}
    return found


def told(tables: dict, paper) -> dict:
    """The same document out of the recalculated sheets."""
    summary = {row[0].partition("（R")[0]: row for row in tables["summary"]}
    *units, total = tables["departments"]
    people, capable = total[1], total[2]
    assert abs(total[3] - capable / people) < 1e-12
    assert summary["デジタル活用職員"][1:3] == [capable, people]
    executives = summary["幹部研修の修了者"]
    keys = ("mind", "knowledge", "skill")
    return {
        "as_of": paper.as_of.isoformat(),
        "population": summary["全職員"][1],
        "capable": summary["デジタル活用職員"][1],
        "share": f"{capable}/{people}",
        "completed": dict(zip(keys, (total[4], total[6], total[8]), strict=True)),
        "excluded": {
            "employment": summary["任用形態により全職員に数えない人"][1],
            "duty": summary["在職区分により全職員に数えない人"][1],
        },
        "targets": [target(row) for row in tables["targets"]],
        "executives": {"population": executives[2], "completed_this_year": executives[1]},
        "leaders": {
            "sitting": summary["推進リーダー（活動中）"][1],
            "completed_person_terms": summary["推進リーダーの育成延べ人数（修了した任期）"][4],
            "people": summary["推進リーダーの育成実人数"][1],
            "covered": summary["推進リーダーのいる部署"][4],
            "without": summary["推進リーダーのいない部署"][4],
        },
        "specialists": {
            band: {"count": row[1], "minimum": row[2], "maximum": row[3]}
            for band, row in zip(
                ("section_chief", "deputy", "subsection_chief", "staff"),
                tables["specialists"],
                strict=False,
            )
        },
        "departments": {
            row[0]: {
                "population": row[1],
                "capable": row[2],
                **dict(zip(keys, (row[4], row[6], row[8]), strict=True)),
            }
            for row in units
        },
    }


def target(row: list) -> dict:
    label, due, share, words, needed, status, verdict = row
    assert abs(Fraction(words) - Fraction(share)) < Fraction(1, 10**9)
    return {
        "fiscal_year": label,
        "due": due.date().isoformat(),
        "fraction": words,
        "needed": needed,
        "status": "not_due"
        if verdict == "期日前"
        else "met"
        if status == "届いている"
        else "missed",
    }
