"""Changing a course: nobody's words are lost, an attended one keeps its category."""

from threading import Event
from time import sleep

import pytest
from auditlog.models import LogEntry
from django.db import transaction

from tests.conftest import account
from tests.factories import (
    AttendanceFactory,
    CourseFactory,
    OfferingFactory,
    StaffMemberFactory,
)
from tests.together import together
from training.models import Attendance, Category, Course
from training.services.courses import (
    CategoryStaysError,
    CourseChangedMeanwhileError,
    mark_of,
    save_course,
)
from training.services.enrolment import enrol


def changed(course, **values):
    """The course as a form leaves it, not saved yet."""
    mine = Course.objects.get(pk=course.pk)
    for name, value in values.items():
        setattr(mine, name, value)
    return mine


def save(course, by, seen=None, **values):
    return save_course(course=changed(course, **values), seen=seen or mark_of(course), by=by)


@pytest.mark.django_db
def test_only_what_changed_is_written_with_its_trail(hr):
    course = CourseFactory(provider="見本研修所")

    assert save(course, hr, title="新しい名前") is True

    stored = Course.objects.get()
    assert (stored.title, stored.provider) == ("新しい名前", "見本研修所")
    entry = LogEntry.objects.get_for_object(course).first()
    assert (entry.actor, entry.changes) == (hr, {"title": [course.title, "新しい名前"]})


@pytest.mark.django_db
def test_the_same_again_changes_nothing_and_leaves_no_entry(hr):
    course = CourseFactory()
    seen = mark_of(course)
    save(course, hr, seen, title="新しい名前")
    entries = LogEntry.objects.count()

    assert save(course, hr, seen, title="新しい名前") is False

    assert LogEntry.objects.count() == entries


@pytest.mark.django_db
@pytest.mark.parametrize(
    "theirs",
    [
        {"title": "先の名前"},
        {"category": Category.SKILL},
        {"provider": "先の講師"},
        {"hours": "2.5"},
        {"description": "先の内容"},
        {"material_url": "http://kyozai/"},
    ],
)
def test_what_somebody_else_saved_is_not_overwritten_unseen(hr, admin, theirs):
    course = CourseFactory(title="元の名前")
    seen = mark_of(course)
    save(course, admin, **theirs)
    stored = mark_of(Course.objects.get())

    with pytest.raises(CourseChangedMeanwhileError) as refusal:
        save(course, hr, seen, title="後の名前")

    assert mark_of(refusal.value.now) == stored == mark_of(Course.objects.get())


@pytest.mark.django_db
def test_the_category_stays_once_somebody_has_a_place_whatever_the_form_knew(hr):
    course = AttendanceFactory().offering.course

    with pytest.raises(CategoryStaysError):
        save(course, hr, category=Category.SKILL)

    assert Course.objects.get().category == Category.MIND


@pytest.mark.django_db(transaction=True)
def test_of_two_clerks_at_once_one_saves_and_the_other_is_told():
    clerks = [account(StaffMemberFactory(), "hr") for _ in range(2)]
    course = CourseFactory(title="元の名前")
    seen = mark_of(course)

    answers = together(
        [lambda by=by: save(course, by, seen, title=f"{by.pk}の名前") for by in clerks]
    )

    assert len([one for one in answers if isinstance(one, CourseChangedMeanwhileError)]) == 1
    assert answers.count(True) == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_is_enrolled_while_the_category_changes_gets_the_new_one():
    clerk = account(StaffMemberFactory(), "hr")
    offering, member = OfferingFactory(), StaffMemberFactory()
    is_saved = Event()

    def change():
        with transaction.atomic():
            save(offering.course, clerk, category=Category.SKILL)
            is_saved.set()
            sleep(0.5)  # the other now waits for the offering

    def book():
        assert is_saved.wait(10)
        enrol(offering=offering, members=[member], by=clerk)

    answers = together([change, book])

    assert answers == [None, None]
    assert Attendance.objects.get().category == Course.objects.get().category == Category.SKILL
