"""The whole report of a day."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.progress import progress
from reports.report import report
from tests.conftest import TODAY, placed
from tests.factories import DepartmentFactory
from training.models import DEFAULT_RULE
from training.outstanding import outstanding

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    call_command("loaddata", "plan", verbosity=0)


def test_the_report_holds_the_figures_of_the_day_and_the_rows_of_the_plan(plan, section):
    placed(section)

    whole = report(TODAY, DEFAULT_RULE, None)

    assert whole.figures == progress(TODAY, DEFAULT_RULE, None)
    assert whole.share[-1].population == whole.figures.total.population
    for row in whole.rows:
        assert row.asked == row.completed + row.excused + row.owing
        owed = outstanding(row.programme, TODAY, DEFAULT_RULE, None)
        assert row.owing + row.excused == len(owed)
    assert {row.programme.code for row in whole.rows} >= {"MIND-ALL", "KNOWLEDGE", "SKILL"}


def test_the_report_asks_as_often_for_many_departments_as_for_one(plan, section):
    placed(section)
    with CaptureQueriesContext(connection) as few:
        report(TODAY, DEFAULT_RULE, None)
    for _ in range(12):
        placed(DepartmentFactory())

    with CaptureQueriesContext(connection) as many:
        report(TODAY, DEFAULT_RULE, None)

    assert len(few) == len(many)
