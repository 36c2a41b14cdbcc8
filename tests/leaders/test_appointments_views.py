"""任命通知 on the screen and on paper."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from tests.conftest import TODAY, placed
from tests.factories import (
    CohortFactory,
    DepartmentFactory,
    LeaderTermFactory,
    NominationFactory,
)

pytestmark = pytest.mark.django_db

LETTER = "デジタル化推進リーダーを任命したので、通知します。"


@pytest.fixture
def cohort():
    return CohortFactory()


def single(term):
    return reverse("leaders:appointment", args=[term.pk])


def batch(cohort):
    return reverse("leaders:appointment_batch", args=[cohort.number])


def html(response):
    return response.content.decode()


def trace(thing):
    return LogEntry.objects.get_for_object(thing).filter(action=LogEntry.Action.ACCESS)


def test_a_letter_says_who_where_which_cohort_from_when_until_when_and_what_is_expected(
    client_of, hr, cohort
):
    term = LeaderTermFactory(
        staff__name="見本　花子",
        department__name="窓口課",
        nomination=NominationFactory(expected_role="申請書を\n減らす"),
    )

    shown = html(client_of(hr).get(single(term)))

    assert LETTER in shown
    for words in ("見本　花子", "窓口課", "第1期", "令和7年4月1日から令和9年3月31日まで"):
        assert words in shown
    assert "申請書を<br>減らす" in shown


def test_the_person_prints_their_own_and_leaves_no_trace(client_of, staff, hr, cohort):
    term = LeaderTermFactory(staff=staff.staff)

    own = html(client_of(staff).get(single(term)))
    before = trace(term).count()
    client_of(hr).get(single(term))

    assert LETTER in own
    assert "dated_on" not in own
    assert before == 0
    assert trace(term).get().additional_data == {"print": "appointment"}
    assert trace(term).get().actor == hr


def test_the_head_sees_the_term_but_does_not_print_the_letter_and_others_find_nothing(
    client_of, head, manager, section, cohort
):
    term = LeaderTermFactory(department=section)

    answers = [client_of(user).get(single(term)).status_code for user in (head, manager)]

    assert answers == [403, 404]


@pytest.mark.parametrize(
    ("typed", "words", "count"),
    [("R9.3.25", "令和9年3月25日", 1), ("", "令和7年4月1日", 1), ("見本", "日付", 0)],
)
def test_hr_chooses_the_date_of_the_letter(client_of, hr, cohort, typed, words, count):
    term = LeaderTermFactory()

    shown = html(client_of(hr).get(single(term), {"dated_on": typed}))

    assert shown.count(LETTER) == count
    assert words in shown
    assert f'value="{typed}"' in shown or not typed


def test_signs_of_html_stay_signs(client_of, hr, cohort):
    nomination = NominationFactory(expected_role="<script>alert(1)</script>")
    term = LeaderTermFactory(staff__name="<b>見本", nomination=nomination)

    shown = html(client_of(hr).get(single(term)))

    assert "<script>alert" not in shown
    assert "<b>見本" not in shown


# --- a whole cohort -----------------------------------------------------------------------------


def test_the_batch_holds_all_who_have_not_stepped_down(client_of, hr, cohort):
    sitting = LeaderTermFactory(staff__name="見本　在任")
    LeaderTermFactory(staff__name="見本　今日まで", ends_on=TODAY)
    LeaderTermFactory(staff__name="見本　退任", ends_on=date(2026, 11, 22))
    LeaderTermFactory(staff__name="見本　退職", staff__left_on=date(2026, 11, 22))
    LeaderTermFactory(staff__name="別の期", cohort=CohortFactory(number=2))

    shown = html(client_of(hr).get(batch(sitting.cohort)))

    assert shown.count(LETTER) == 2
    for name in ("見本　退任", "見本　退職", "別の期"):
        assert name not in shown


def test_the_batch_is_narrowed_by_day_and_by_department(client_of, hr, cohort):
    first, second = DepartmentFactory(), DepartmentFactory()
    LeaderTermFactory(department=first, staff__name="見本　初日")
    LeaderTermFactory(department=first, staff__name="見本　後任", starts_on=date(2026, 10, 1))
    LeaderTermFactory(department=second, staff__name="見本　隣席", starts_on=date(2026, 10, 1))
    browser = client_of(hr)

    def shown(**asked):
        page = html(browser.get(batch(cohort), asked))
        return [name for name in ("初日", "後任", "隣席") if f"任命通知　見本　{name}" in page]

    assert shown() == ["初日", "後任", "隣席"]
    assert shown(since="R8.10.1") == ["後任", "隣席"]
    assert shown(since="R8.10.2") == []
    assert shown(department=first.pk) == ["初日", "後任"]
    assert shown(since="R8.10.1", department=first.pk) == ["後任"]


def test_a_department_that_was_renamed_is_chosen_by_its_present_name(client_of, hr, cohort):
    new = DepartmentFactory(opens_on=date(2026, 4, 1))
    old = DepartmentFactory(closes_on=date(2026, 3, 31), successor=new)
    LeaderTermFactory(department=old)

    assert LETTER in html(client_of(hr).get(batch(cohort), {"department": new.pk}))


@pytest.mark.parametrize(
    "asked", [{"since": "見本"}, {"department": "987654"}, {"dated_on": "R9.2.30"}]
)
def test_what_cannot_be_read_is_told_and_nothing_is_printed(client_of, hr, cohort, asked):
    LeaderTermFactory()

    shown = html(client_of(hr).get(batch(cohort), asked))

    assert LETTER not in shown
    assert "入力を直して" in shown
    assert not trace(cohort).exists()


def test_printing_is_written_down_with_its_choice_and_without_names(client_of, hr, cohort):
    department = placed(DepartmentFactory()).assignments.get().department
    LeaderTermFactory.create_batch(2, department=department)

    client_of(hr).get(batch(cohort), {"department": department.pk, "since": "R7.4.1"})

    assert trace(cohort).get().additional_data == {
        "print": "appointments",
        "rows": 2,
        "since": "2025-04-01",
        "department": department.pk,
    }


def test_a_cohort_without_leaders_says_so(client_of, admin, cohort):
    assert "任命通知を出す人がいません。" in html(client_of(admin).get(batch(cohort)))


def test_eleven_letters_take_as_many_queries_as_one(
    client_of, hr, django_assert_max_num_queries, django_assert_num_queries
):
    small, large = CohortFactory(number=1), CohortFactory(number=2)
    LeaderTermFactory(cohort=small, nomination=NominationFactory())
    for _ in range(11):
        LeaderTermFactory(cohort=large, nomination=NominationFactory())
    browser = client_of(hr)
    browser.get(batch(small))

    with django_assert_max_num_queries(20) as counted:
        browser.get(batch(small))
    with django_assert_num_queries(len(counted)):
        browser.get(batch(large))
