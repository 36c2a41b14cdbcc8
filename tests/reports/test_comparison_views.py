"""The page of differences: figures, reasons and names for whoever may see them."""

from datetime import date

import pytest
from django.urls import reverse

from agano_dx.lib.fiscal import FiscalYear
from reports.services.freezing import freeze
from staff.models import StaffMember
from tests.conftest import TODAY, placed
from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    CompletionFactory,
    CountingRuleFactory,
)
from training.services.correcting import correct

pytestmark = pytest.mark.django_db

PAGE = reverse("reports:comparison")
SINCE = f"{PAGE}?first=frozen-2025&second=known-2025"
WHY = "出席簿の写し誤り"


@pytest.fixture
def corrected(section, other_section, hr):
    """Somebody of the section whose mark was wrong, somebody of another who had left."""
    own = placed(section, staff__name="甲山　花子")
    other = placed(other_section, staff__name="乙川　太郎")
    place = CompletionFactory(staff=own, offering__starts_on=date(2026, 3, 2))
    freeze(year=FiscalYear(2025), by=hr, today=TODAY)
    correct(
        offering=place.offering,
        staff=own,
        seen="present",
        status="absent",
        reason=WHY,
        by=hr,
        today=TODAY,
    )
    StaffMember.objects.filter(pk=other.pk).update(left_on=date(2026, 3, 1))


def text(response):
    return response.content.decode()


def test_hr_reads_who_was_corrected_how_by_whom_and_why(corrected, hr, client_of):
    page = text(client_of(hr).get(SINCE))

    assert "甲山　花子" in page
    assert "出席 → 欠席" in page
    assert WHY in page
    assert hr.staff.name in page
    assert "乙川　太郎" in page
    assert "採用日・退職日の訂正" in page
    assert "全職員は2人から1人（－1人）" in page


def test_corrections_that_gain_one_and_lose_one_are_told_both_ways(section, hr, client_of):
    wrong = CompletionFactory(staff=placed(section), offering__starts_on=date(2026, 3, 2))
    missed = AttendanceFactory(
        staff=placed(section), offering=wrong.offering, status="absent", completed_on=None
    )
    late = CompletionFactory(staff=placed(section), offering=wrong.offering)
    freeze(year=FiscalYear(2025), by=hr, today=TODAY)
    for place, status in ((wrong, "absent"), (missed, "present"), (late, "late")):
        correct(
            offering=place.offering,
            staff=place.staff,
            seen=place.status,
            status=status,
            reason=WHY,
            by=hr,
            today=TODAY,
        )

    response = client_of(hr).get(SINCE)

    assert response.context["reasons"] == [("訂正", 2, "DXマインド研修の修了者 ±0（＋1、－1）")]
    assert late.staff.number not in [line.number for line in response.context["lines"]]
    assert "修了したことが変わらない訂正は示しません。" in text(response)


def test_a_head_reads_of_own_people_alone(head, corrected, client_of):
    page = text(client_of(head).get(SINCE))

    assert "甲山　花子" in page
    assert "乙川　太郎" not in page
    assert "採用日・退職日の訂正" not in page
    assert WHY not in page


def test_a_manager_reads_how_many_for_each_reason_and_no_name(corrected, manager, client_of):
    page = text(client_of(manager).get(SINCE))

    assert "採用日・退職日の訂正" in page
    assert "甲山　花子" not in page
    assert "乙川　太郎" not in page


def test_without_a_question_the_latest_frozen_year_is_held_against_now(corrected, hr, client_of):
    assert "令和7年度の確定値と令和8年3月31日" in text(client_of(hr).get(PAGE))


def test_two_days_are_told_by_what_happened_between_them(section, hr, client_of):
    member = placed(section, staff__name="甲山　花子")
    AssignmentFactory(
        staff=member,
        department=section,
        rank=member.assignments.get().rank,
        starts_on=date(2026, 6, 1),
        duty="childcare",
    )

    page = text(
        client_of(hr).get(
            PAGE,
            {
                "first": "day",
                "first_day": "R8.5.1",
                "second": "day",
                "second_day": "R8.11.1",
            },
        )
    )

    assert "休職・復帰など" in page
    assert "在職 → 育休" in page


def test_another_rule_is_told_apart_from_the_records(corrected, hr, client_of):
    rule = CountingRuleFactory(in_force_from=date(2026, 10, 1))

    page = text(client_of(hr).get(f"{SINCE}&rule={rule.pk}"))

    assert "うち集計ルールの違い" in page


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"first": "day", "second": "known-2025"}, "基準日を入力してください。"),
        ({"first": "known-2025", "second": "known-2025"}, "違うものを2つ選んでください。"),
        ({"first": "day", "first_day": "きのう", "second": "known-2025"}, "きのう"),
        ({"first": "frozen-2030", "second": "known-2025"}, "選択"),
    ],
)
def test_a_question_that_cannot_be_answered_is_told_in_words(hr, client_of, asked, told):
    page = text(client_of(hr).get(PAGE, asked))

    assert told in page
    assert "数値の差" not in page


def test_an_export_that_cannot_be_answered_goes_back_to_the_question(hr, client_of):
    asked = "?first=day&second=known-2025"

    answer = client_of(hr).post(reverse("reports:comparison_export") + asked)

    assert answer.url == PAGE + asked


def test_nobody_without_the_right_asks_for_a_day_to_come(head, client_of):
    page = text(
        client_of(head).get(PAGE, {"first": "known-2025", "second": "day", "second_day": "R9.3.31"})
    )

    assert "基準日は今日までの日を入力してください。" in page
