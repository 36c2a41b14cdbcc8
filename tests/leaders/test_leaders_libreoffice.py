"""リーダー名簿 opened and saved by LibreOffice comes in without a change."""

from datetime import date

import pytest

from agano_dx.lib.issues import Findings
from agano_dx.lib.workbooks.reading import read_workbook
from leaders.exports import leader_terms, leaders_workbook
from leaders.imports import read_leaders
from leaders.imports.plan import Outcome, World, plan
from tests.conftest import TODAY
from tests.factories import CohortFactory, DepartmentFactory, LeaderTermFactory
from tests.libreoffice import CSV, converted_by

pytestmark = [pytest.mark.office, pytest.mark.django_db]

TEXTS = ("本庁へ\n異動", "=1+1", "同上", "1-2", "令和8年4月1日", "001", "－")


@pytest.fixture(scope="session")
def profile(tmp_path_factory):
    return tmp_path_factory.mktemp("libreoffice")


@pytest.mark.parametrize(("target", "name"), [("xlsx", "名簿.xlsx"), (CSV, "名簿.csv")])
def test_a_list_saved_by_libreoffice_comes_in_without_a_change(profile, tmp_path, target, name):
    cohort, unit = CohortFactory(), DepartmentFactory(code="0101", name="総務課")
    for place, words in enumerate(TEXTS):
        LeaderTermFactory(
            cohort=cohort,
            department=unit,
            staff__number=f"00010{place}",
            ends_on=date(2026, 9, 30),
            end_reason="other",
            end_note=words,
            completed=place % 2 == 0,
            decided_on=TODAY,
            decision_reason=words,
        )
    LeaderTermFactory(cohort=cohort, department=unit)
    saved = converted_by(profile, tmp_path, leaders_workbook(leader_terms(None), TODAY), target)
    found = Findings()

    lines = read_leaders(read_workbook(saved, name), found, on=TODAY)

    rows = plan(lines, World.load(None))
    assert (found.errors, found.warnings) == ([], [])
    assert [row.outcome for row in rows] == [Outcome.SAME] * (len(TEXTS) + 1)
