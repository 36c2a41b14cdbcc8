"""Keeping a preview, putting it into force, dropping it; alone and two at once."""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agano_dx.lib import audit
from staff.models import (
    Assignment,
    ConcurrentPost,
    ImportStatus,
    RosterImport,
    RosterKind,
    RosterUndo,
    StaffMember,
)
from staff.services.rosters import (
    AlreadyDecidedError,
    ImportErrorsRemainError,
    LeaversNotAcceptedError,
    StalePreviewError,
    apply_import,
    discard_import,
)
from tests.factories import AssignmentFactory, ConcurrentPostFactory
from tests.roster_makers import (
    DAY,
    agreed,
    everything,
    line,
    person,
    put_into_force,
    says_what_to_do,
    small_town,
    stored,
)
from tests.together import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    return small_town()


def entries(model):
    content_type = ContentType.objects.get_for_model(model)
    return LogEntry.objects.filter(content_type=content_type).order_by("pk")


def assert_refused(error, act):
    """The act is refused with a sentence, and no table differs afterwards."""
    before = everything()
    with pytest.raises(error) as refused:
        act()
    assert says_what_to_do(str(refused.value))
    assert everything() == before


# --- Once ---------------------------------------------------------------------------------------


def test_a_preview_changes_nobody(town):
    person(town)
    before = everything(without={"auditlog.LogEntry"})

    preview = stored(line(所属="税務課"), line("000102"))

    after = everything(without={"auditlog.LogEntry"})
    assert preview.status == ImportStatus.PREVIEW
    assert {table for table in after if after[table] != before[table]} == {
        "staff.RosterImport",
        "staff.RosterChange",
    }


def test_a_second_click_changes_nothing_and_says_so(town):
    preview = stored(line())
    put_into_force(preview)

    assert_refused(AlreadyDecidedError, lambda: put_into_force(preview))


def test_what_is_put_into_force_names_its_source_and_moment(town):
    preview = stored(line())
    at = timezone.now()

    applied = apply_import(roster_import=preview, by=None, at=at, leavers_accepted=False)

    preview.refresh_from_db()
    assert (applied.pk, preview.status, preview.applied_at) == (preview.pk, "applied", at)
    assert Assignment.objects.get().source == preview


def test_a_preview_with_errors_is_refused(town):
    preview = stored(line(), line("000102", 所属="宇宙課"))

    assert preview.errors
    assert_refused(ImportErrorsRemainError, lambda: put_into_force(preview))


def test_a_preview_without_a_day_is_refused(town):
    preview = stored(line(), effective_on=None)
    RosterImport.objects.filter(pk=preview.pk).update(errors=[])

    assert_refused(ImportErrorsRemainError, lambda: put_into_force(preview))


def test_a_preview_of_a_number_on_two_rows_can_be_kept_and_shown(town):
    preview = stored(line(), line())

    [error] = preview.errors
    assert "重なっています" in error["message"]
    assert preview.changes.count() == 1


def test_leavers_must_be_accepted_when_the_list_does_not_name_them(town):
    person(town)
    person(town, "000102")
    preview = stored(line(), kind=RosterKind.FULL)

    assert_refused(
        LeaversNotAcceptedError,
        lambda: apply_import(
            roster_import=preview, by=None, at=timezone.now(), leavers_accepted=False
        ),
    )


def test_leavers_whom_rows_name_need_no_further_word(town):
    person(town)
    preview = stored(line(発令日="R8.9.30", 異動区分="退職"), kind=RosterKind.FULL)

    apply_import(roster_import=preview, by=None, at=timezone.now(), leavers_accepted=False)

    assert StaffMember.objects.get().left_on == DAY - timedelta(days=1)


def test_a_dropped_preview_changes_nobody_and_stays_dropped(town):
    preview = stored(line())

    dropped = discard_import(roster_import=preview, by=None)

    assert dropped.status == ImportStatus.DISCARDED
    assert not StaffMember.objects.exists()
    assert_refused(AlreadyDecidedError, lambda: put_into_force(preview))
    assert_refused(AlreadyDecidedError, lambda: discard_import(roster_import=preview, by=None))


def test_what_was_put_into_force_cannot_be_dropped(town):
    preview = stored(line())
    put_into_force(preview)

    assert_refused(AlreadyDecidedError, lambda: discard_import(roster_import=preview, by=None))


# --- Stale --------------------------------------------------------------------------------------


def move(town, member):
    AssignmentFactory(staff=member, department=town.office, rank=town.ranks["主事"], starts_on=DAY)


def rename(town, member):
    StaffMember.objects.update(name="別姓　一郎")


def leave(town, member):
    StaffMember.objects.update(left_on=DAY)


def delete_number(town, member):
    StaffMember.objects.update(number="999999")


def give_post(town, member):
    ConcurrentPostFactory(staff=member, department=town.tax, rank=town.ranks["課長"], starts_on=DAY)


def rename_department(town, member):
    town.tax.code = "999"
    town.tax.save()


def rename_rank(town, member):
    town.ranks["主任"].name = "主任級"
    town.ranks["主任"].save()


@pytest.mark.parametrize(
    ("meddle", "cells"),
    [
        (move, {"所属": "税務課"}),
        (rename, {"氏名": "改姓　一郎"}),
        (leave, {"発令日": "R8.9.30", "異動区分": "退職"}),
        (delete_number, {"所属": "税務課"}),
        (give_post, {"兼務": "税務課長"}),
        (rename_department, {"所属": "税務課"}),
        (rename_rank, {"職名": "主任"}),
    ],
)
def test_a_preview_is_stale_once_somebody_changed_what_it_saw(town, meddle, cells):
    member = person(town)
    preview = agreed(stored(line(**cells), line("000102")))
    meddle(town, member)

    assert_refused(StalePreviewError, lambda: put_into_force(preview))


def test_a_hire_is_stale_once_the_number_is_taken(town):
    preview = stored(line(), line("000102"))
    person(town)

    assert_refused(StalePreviewError, lambda: put_into_force(preview))


def test_a_preview_is_stale_once_another_list_was_put_into_force(town):
    person(town)
    preview, other = stored(line(所属="税務課")), stored(line("000102"))
    put_into_force(other)

    assert_refused(StalePreviewError, lambda: put_into_force(preview))


def test_changes_to_people_the_list_does_not_touch_keep_it_fresh(town):
    person(town)
    preview = stored(line("000102"))
    StaffMember.objects.filter(number="000101").update(name="別姓　一郎")

    put_into_force(preview)

    assert StaffMember.objects.count() == 2


# --- Trail --------------------------------------------------------------------------------------


def test_each_changed_person_and_the_import_leave_their_trail(town, admin):
    person(town, "000101")
    person(town, "000102")
    person(town, "000103")
    preview = stored(
        line("000101", 所属="税務課", 氏名="別姓　一郎"),
        line("000102"),
        line("000104"),
        line("000103", 発令日="R8.9.30", 異動区分="退職"),
        by=admin,
    )
    LogEntry.objects.all().delete()

    put_into_force(preview, by=admin)

    people = {
        StaffMember.objects.get(pk=entry.object_pk).number: entry for entry in entries(StaffMember)
    }
    assert sorted(people) == ["000101", "000103", "000104"]
    assert entries(StaffMember).count() == 3
    assert {entry.actor for entry in people.values()} == {admin}
    assert people["000101"].changes["moved.department"] == ["101", "102"]
    assert people["000101"].changes["renamed.name"] == ["見本　000101", "別姓　一郎"]
    assert people["000103"].changes == {"left.left_on": [None, "2026-09-30"]}
    assert "見本" not in "".join(entry.object_repr for entry in people.values())
    [whole] = [entry for entry in entries(RosterImport) if entry.additional_data]
    assert whole.actor == admin
    assert whole.changes == {"status": ["preview", "applied"]}
    assert whole.additional_data == {
        "file_name": "名簿.xlsx",
        "sha256": "a" * 64,
        "rows": 4,
        "changes": 4,
        "counts": {"hired": 1, "left": 1, "moved": 1, "renamed": 1},
    }


def test_the_trail_goes_with_the_import_when_it_fails(town):
    preview = stored(line(), line("000102", 所属="宇宙課"))
    LogEntry.objects.all().delete()

    with pytest.raises(ImportErrorsRemainError):
        put_into_force(preview)

    assert not LogEntry.objects.exists()


# --- Two at once --------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_imports_at_once_one_comes_first_and_the_other_is_told():
    person(small_town())
    names = ["税務課", "収納対策室"]
    previews = [stored(line(所属=name)) for name in names]

    answers = together([lambda preview=preview: put_into_force(preview) for preview in previews])

    [(winner, applied)] = [pair for pair in enumerate(answers) if isinstance(pair[1], RosterImport)]
    told = answers[1 - winner]
    assert applied == previews[winner]
    assert isinstance(told, StalePreviewError)
    assert "別の名簿が反映されました" in str(told)
    assert RosterImport.objects.filter(status=ImportStatus.APPLIED).get() == applied
    assert Assignment.objects.get(starts_on=DAY).department.name == names[winner]


@pytest.mark.django_db(transaction=True)
def test_a_double_click_that_arrives_at_once_is_one_application():
    small_town()
    preview = stored(line())

    answers = together([lambda: put_into_force(preview)] * 2)

    assert {type(answer) for answer in answers} == {RosterImport, AlreadyDecidedError}
    assert StaffMember.objects.count() == Assignment.objects.count() == 1
    assert entries(StaffMember).filter(action=audit.UPDATE).count() == 1


# --- Many ---------------------------------------------------------------------------------------


def queries_for(count, **cells):
    """The number of queries it takes to plan, keep and apply a list of so many people."""
    lines = [line(f"{number:06}", **cells) for number in range(count)]
    ContentType.objects.clear_cache()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        put_into_force(stored(*lines))
    return len(captured)


def wiped():
    ConcurrentPost.objects.all().delete()
    Assignment.objects.all().delete()
    RosterImport.objects.update(follows=None)
    RosterUndo.objects.all().delete()
    RosterImport.objects.all().delete()
    StaffMember.objects.all().delete()


def test_two_hundred_people_take_as_many_queries_as_ten(town):
    everything_new = {
        "所属": "税務課",
        "職名": "部長（総務課長）",
        "氏名": "別姓　一郎",
        "フリガナ": "ベッセイ",
        "係": "市民税係",
        "在職区分": "育休",
        "任用形態": "任期付",
    }

    few = queries_for(10), queries_for(10, **everything_new)
    wiped()
    many = queries_for(200), queries_for(200, **everything_new)

    assert few == many
    assert StaffMember.objects.filter(name="別姓　一郎").count() == 200
    assert ConcurrentPost.objects.count() == 200
