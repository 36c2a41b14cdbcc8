"""自分の活動: for those who lead or led, and nobody else."""

from datetime import date

import pytest
from django.urls import reverse

from leaders.models import LeaderTerm
from tests.factories import (
    ActivityFactory,
    ActivityStepFactory,
    LeaderTermFactory,
)

pytestmark = pytest.mark.django_db

MINE = "/leaders/mine/"


@pytest.fixture
def term(staff, section):
    return LeaderTermFactory(staff=staff.staff, department=section)


def text(response):
    return response.content.decode()


def test_a_leader_is_led_there_from_the_menu(client_of, staff, term):
    client = client_of(staff)

    home = text(client.get("/"))
    door = client.get(reverse("leaders:index"))

    assert 'href="/leaders/"' in home
    assert door["Location"] == MINE


def test_those_who_never_led_find_no_such_page(client_of, staff, head, hr):
    for user in (staff, head, hr):
        client = client_of(user)
        assert client.get(MINE).status_code == 403
        assert MINE not in text(client.get("/leaders/cohorts/"))


def test_a_leader_of_before_reads_and_registers_nothing(client_of, staff, term):
    ended = {"ends_on": date(2026, 3, 31), "end_reason": "moved", "completed": True}
    LeaderTerm.objects.filter(pk=term.pk).update(**ended)

    html = text(client_of(staff).get(MINE))

    assert "修了" in html
    assert "活動を登録する</a>" not in html


def test_a_coming_leader_finds_the_letter_of_appointment(client_of, staff, term):
    LeaderTerm.objects.filter(pk=term.pk).update(starts_on=date(2026, 12, 1))
    client = client_of(staff)

    html = text(client.get(MINE))

    assert 'href="/leaders/"' in text(client.get("/"))
    assert reverse("leaders:appointment", args=[term.pk]) in html
    assert "就任前" in html
    assert "活動を登録する</a>" not in html


def test_the_term_and_what_comes_next_are_on_the_page(client_of, staff, term):
    activity = ActivityFactory(term=term, theme="窓口の予約", hours_before=120, hours_after=80)
    ActivityStepFactory(activity=activity, due_on=date(2026, 11, 22), text="話を聞く")

    html = text(client_of(staff).get(MINE))

    for words in ("128", "令和9年3月31日まで", "窓口の予約", "話を聞く", "予定日を過ぎています"):
        assert words in html
    assert reverse("leaders:activity_new", args=[term.pk]) in html


def test_activities_one_takes_part_in_are_there_and_no_others(client_of, staff, term):
    joint = ActivityFactory(theme="一緒の活動", term__staff__name="別山　花子")
    joint.participants.add(staff.staff)
    ActivityFactory(theme="知らない活動")

    html = text(client_of(staff).get(MINE))

    assert "一緒の活動" in html
    assert "別山　花子" in html
    assert "知らない活動" not in html


def test_the_page_takes_as_many_queries_for_1_as_for_11(
    client_of, staff, term, django_assert_max_num_queries
):
    client = client_of(staff)
    counts = []
    for size in (1, 11):
        while term.activities.count() < size:
            activity = ActivityFactory(term=term)
            ActivityStepFactory(activity=activity)
            activity.participants.add(LeaderTermFactory().staff)
        with django_assert_max_num_queries(60) as counted:
            client.get(MINE)
        counts.append(len(counted))

    assert counts[0] == counts[1]


def test_an_end_that_is_secret_is_not_told_to_the_leader(client_of, staff, term):
    ahead = {"ends_on": date(2026, 12, 31), "end_reason": "moved"}
    LeaderTerm.objects.filter(pk=term.pk).update(**ahead)

    html = text(client_of(staff).get(MINE))

    assert "令和8年12月31日" not in html
    assert "令和9年3月31日まで" in html
