"""Comments: who may, as what, and that a double click is one."""

from datetime import UTC, date, datetime

import pytest

from leaders.activities import comments_of
from leaders.models import ActivityComment
from leaders.services.activity_comments import MayNotCommentError, add_comment
from staff.access import access_of
from tests.conftest import TODAY, account, placed
from tests.factories import (
    ActivityFactory,
    HeadRankFactory,
    LeaderTermFactory,
)
from tests.together import together

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 3, tzinfo=UTC)


@pytest.fixture
def activity(staff, section):
    term = LeaderTermFactory(staff=staff.staff, department=section)
    return ActivityFactory(term=term)


def say(activity, by, text="続けましょう。", after=0):
    return add_comment(activity=activity, text=text, after=after, by=by, today=TODAY, at=NOON)


def test_each_speaks_as_what_they_are(activity, staff, head, hr):
    assert [say(activity, user).written_as for user in (staff, head, hr)] == [
        "leader",
        "head",
        "hr",
    ]


def test_those_who_only_read_say_nothing(activity, admin, manager, other_section):
    partner = LeaderTermFactory(cohort=activity.term.cohort).staff
    activity.participants.add(partner)
    other_head = account(placed(other_section, rank=HeadRankFactory()))

    for user in (admin, manager, other_head, account(partner)):
        with pytest.raises(MayNotCommentError):
            say(activity, user)

    assert not ActivityComment.objects.exists()


def test_the_same_sent_twice_is_one_and_said_again_later_is_two(activity, head):
    first = say(activity, head)

    assert say(activity, head) == first
    assert say(activity, head, after=first.pk) != first


def test_the_same_words_of_another_are_a_comment_of_their_own(activity, head, hr):
    assert say(activity, head) != say(activity, hr)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_at_the_same_moment_is_one(staff, section):
    activity = ActivityFactory(term=LeaderTermFactory(staff=staff.staff, department=section))

    answers = together([lambda: say(activity, staff)] * 4)

    assert {answer.pk for answer in answers} == {ActivityComment.objects.get().pk}


def test_names_of_heads_and_hr_are_for_those_who_see_everyone(activity, staff, head, hr, admin):
    for user in (staff, head, hr):
        say(activity, user)

    def authors(reader):
        return [said.author for said in comments_of(activity, access_of(reader, TODAY))]

    leader = f"推進リーダー　{staff.staff.name}"
    assert authors(staff) == [leader, "部署長", "人事担当"]
    assert authors(head) == [leader, f"部署長　{head.staff.name}", "人事担当"]
    assert authors(admin) == [
        leader,
        f"部署長　{head.staff.name}",
        f"人事担当　{hr.staff.name}",
    ]


def test_the_word_of_a_head_stays_a_heads_after_they_moved(activity, head, staff, other_section):
    say(activity, head)
    head.staff.assignments.create(
        department=other_section,
        rank=HeadRankFactory(),
        starts_on=date(2026, 11, 23),
    )

    [said] = comments_of(activity, access_of(staff, TODAY))

    assert said.author == "部署長"
    with pytest.raises(MayNotCommentError):
        say(activity, head, "まだ一言")
