"""The pages of the leaders' curriculum: whom one sees, on which day, and which courses it has."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agano_dx.lib.fiscal import FiscalYear
from leaders.models import CurriculumCourse, Strand
from tests.conftest import TODAY
from tests.factories import (
    CohortFactory,
    CompletionFactory,
    CourseFactory,
    CurriculumCourseFactory,
    LeaderTermFactory,
    OfferingFactory,
)

pytestmark = pytest.mark.django_db

PAGE = reverse("leaders:curriculum")
EXPORT = reverse("leaders:curriculum_export")
EDIT = reverse("leaders:curriculum_edit")


@pytest.fixture
def leaders(section, other_section):
    """A leader of A who has done BPR手法, one of B who has not."""
    course = CurriculumCourseFactory(strand=Strand.BPR, course__title="流れ図").course
    own = LeaderTermFactory(department=section, staff__name="甲山　一子")
    LeaderTermFactory(department=other_section, staff__name="乙山　二郎")
    CompletionFactory(
        staff=own.staff,
        offering=OfferingFactory(course=course, starts_on=date(2026, 6, 1)),
        completed_on=date(2026, 6, 1),
    )
    return own


def text(response):
    return response.content.decode()


def names(page):
    return [row.term.staff.name for row, _ in page.context["people"]]


def test_hr_sees_everybody_of_the_running_cohort_today(client_of, hr, leaders):
    page = client_of(hr).get(PAGE)

    assert set(names(page)) == {"甲山　一子", "乙山　二郎"}
    assert page.context["question"].on == TODAY
    assert "令和8年6月1日" in text(page)
    assert [(one.done, one.leaders) for one in page.context["totals"]] == [(0, 2), (1, 2), (0, 2)]


def test_a_head_sees_their_own_people_and_their_own_totals(client_of, head, leaders):
    page = client_of(head).get(PAGE)

    assert names(page) == ["甲山　一子"]
    assert "乙山" not in text(page)
    assert [one.leaders for one in page.context["totals"]] == [1, 1, 1]
    assert EDIT not in text(page)


def test_a_past_day_shows_who_sat_then_and_what_was_done_then(client_of, hr, leaders):
    leaders.ends_on = date(2026, 5, 31)
    leaders.save()

    then = client_of(hr).get(PAGE, {"as_of": "R8.5.31"})
    now = client_of(hr).get(PAGE)

    assert set(names(then)) == {"甲山　一子", "乙山　二郎"}
    assert [one.done for one in then.context["totals"]] == [0, 0, 0]
    assert names(now) == ["乙山　二郎"]


def test_another_cohort_is_shown_on_its_nearest_day(client_of, hr, leaders):
    second = CohortFactory(number=2, first_year=FiscalYear(2027), last_year=FiscalYear(2028))
    LeaderTermFactory(cohort=second, starts_on=date(2027, 4, 1), staff__name="丙山　三子")

    page = client_of(hr).get(PAGE, {"cohort": "2"})

    assert names(page) == ["丙山　三子"]
    assert page.context["question"].on == date(2027, 4, 1)
    assert "期の中でいちばん近い日で表示しています。" in text(page)


@pytest.mark.parametrize("data", [{"as_of": "いつか"}, {"cohort": "99"}, {"cohort": "第1期"}])
def test_nonsense_in_the_address_falls_back_to_today(client_of, hr, leaders, data):
    page = client_of(hr).get(PAGE, data)

    assert page.status_code == 200
    assert page.context["question"].on == TODAY
    assert page.context["question"].cohort.number == 1


def test_without_any_cohort_the_page_says_what_to_do(client_of, hr):
    page = client_of(hr).get(PAGE)

    assert "期がまだ登録されていません。" in text(page)
    assert client_of(hr).post(EXPORT).status_code == 200


def test_eleven_leaders_take_as_many_queries_as_one(client_of, hr, leaders):
    client = client_of(hr)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
        return len(captured)

    queries()
    few = queries()
    LeaderTermFactory.create_batch(10)

    assert queries() == few


def test_the_file_holds_what_is_shown_and_leaves_its_trace(client_of, head, leaders):
    file = client_of(head).post(f"{EXPORT}?cohort=1&as_of=2026-11-23")

    title, headings, *rows = openpyxl.load_workbook(BytesIO(file.content)).worksheets[0].values
    assert title[0] == "取扱注意（個人情報）　第1期のカリキュラム　令和8年11月23日現在"
    assert headings == (
        *("部署", "職員番号", "氏名", "DX推進スキル", "DX推進スキルの日"),
        *("BPR手法", "BPR手法の日", "導入ツール", "導入ツールの日"),
    )
    [row] = rows
    assert row[2:6] == ("甲山　一子", "未受講", None, "修了")
    assert row[6].date() == date(2026, 6, 1)
    trace = LogEntry.objects.get(action=LogEntry.Action.ACCESS)
    assert trace.additional_data["export"] == "curriculum"
    assert trace.additional_data["rows"] == 1


# --- Which courses belong to it -----------------------------------------------------------------


def test_hr_adds_a_course_and_takes_it_out_again(client_of, hr):
    course = CourseFactory(title="申請フォームのつくり方")
    data = {"strand": "tools", "course": course.pk}

    added, again = (client_of(hr).post(EDIT, data, follow=True) for _ in range(2))
    entry = CurriculumCourse.objects.get()
    removed, twice = (client_of(hr).post(EDIT, {"remove": entry.pk}, follow=True) for _ in range(2))

    assert "研修をカリキュラムに加えました。" in text(added)
    assert "この研修はすでに入っています。" in text(again)
    assert "受講の記録は変わりません。" in text(removed)
    assert "この研修はすでに外してあります。" in text(twice)
    assert not CurriculumCourse.objects.exists()


def test_a_course_of_another_strand_is_refused_and_the_choice_stays(client_of, hr):
    course = CurriculumCourseFactory(strand=Strand.BPR).course

    page = client_of(hr).post(EDIT, {"strand": "tools", "course": course.pk})

    assert "「BPR手法」に入っています。" in text(page)
    assert '<option value="tools" selected>' in text(page)
    assert f'<option value="{course.pk}" selected>' in text(page)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "区分を選んでください。"),
        ({"strand": "nothing", "course": "1"}, "区分を選び直してください。"),
        ({"strand": "bpr"}, "研修を選んでください。"),
        ({"strand": "bpr", "course": "987654"}, "研修を選び直してください。"),
        ({"remove": "9" * 40}, "すでに外してあります。"),
        ({"remove": "-1", "strand": "bpr"}, "研修を選んでください。"),
    ],
)
def test_what_cannot_be_added_is_refused_in_words(client_of, hr, data, words):
    assert words in text(client_of(hr).post(EDIT, data, follow=True))
    assert not CurriculumCourse.objects.exists()


def test_the_page_leads_to_a_new_course_of_the_leaders_category(client_of, hr):
    page = text(client_of(hr).get(EDIT))

    assert f"{reverse('training:course_new')}?category=leader_activity" in page
