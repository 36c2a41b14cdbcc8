"""The table of departments as a workbook: the numbers of the screen, within the asker's scope."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from tests.conftest import placed
from tests.factories import CompletionFactory, CountingRuleFactory

pytestmark = pytest.mark.django_db


def rows(client):
    answer = client.post(reverse("reports:department_table_export"))
    [sheet] = openpyxl.load_workbook(BytesIO(answer.content)).worksheets
    return list(sheet.values)


def test_a_head_takes_out_the_numbers_of_their_own_department(
    client_of, head, manager, section, other_section
):
    CountingRuleFactory()
    CompletionFactory(staff=placed(section)), placed(section), placed(other_section)

    above, _, *own = rows(client_of(head))
    whole = rows(client_of(manager))

    assert above[0] == "部署別の進み具合（所属とその下の所属）　令和8年11月23日現在"
    assert own == [(section.name, 3, 1, 2, 33.3, 1, "いません")]
    assert whole[0][0] == "部署別の進み具合（市全体）　令和8年11月23日現在"
    assert {row[0] for row in whole[2:]} >= {section.name, other_section.name}
