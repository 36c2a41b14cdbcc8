"""案内: people are written down as told once a day, however often the button is pressed."""

from datetime import date

import pytest
from auditlog.models import LogEntry

from tests.conftest import TODAY
from tests.factories import ProgrammeFactory, StaffMemberFactory
from tests.together import together
from training.models import Invitation
from training.services.invitations import Invited, invite

pytestmark = pytest.mark.django_db


def test_everybody_is_written_down_with_day_and_clerk(hr):
    row = ProgrammeFactory()
    members = StaffMemberFactory.create_batch(2)

    done = invite(programme=row, members=members, by=hr, today=TODAY)

    assert done == Invited(added=2, already=0)
    assert set(Invitation.objects.values_list("programme", "staff", "invited_on", "by")) == {
        (row.pk, member.pk, TODAY, hr.pk) for member in members
    }


def test_the_same_again_on_the_same_day_adds_nobody_and_on_the_next_day_everybody(hr):
    row, member = ProgrammeFactory(), StaffMemberFactory()
    invite(programme=row, members=[member], by=hr, today=TODAY)

    same_day = invite(programme=row, members=[member], by=hr, today=TODAY)
    next_day = invite(programme=row, members=[member], by=hr, today=date(2026, 11, 24))

    assert (same_day, next_day) == (Invited(0, 1), Invited(1, 0))


def test_each_invitation_leaves_an_entry_without_a_name(hr):
    member = StaffMemberFactory()

    invite(programme=ProgrammeFactory(), members=[member], by=hr, today=TODAY)

    entry = LogEntry.objects.get_for_object(Invitation.objects.get()).get()
    assert (entry.actor, entry.action) == (hr, LogEntry.Action.CREATE)
    assert entry.changes_dict["staff"] == [None, member.pk]
    assert member.name not in str(entry.changes)


def test_the_number_of_queries_does_not_grow_with_the_people(hr, django_assert_max_num_queries):
    row, members = ProgrammeFactory(), StaffMemberFactory.create_batch(30)
    invite(programme=ProgrammeFactory(), members=members[:1], by=hr, today=TODAY)

    with django_assert_max_num_queries(6):
        done = invite(programme=row, members=members, by=hr, today=TODAY)

    assert done.added == 30


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_write_everybody_down_once():
    members = StaffMemberFactory.create_batch(60)

    for _ in range(5):
        row = ProgrammeFactory()

        def press(row=row):
            return invite(programme=row, members=members, by=None, today=TODAY)

        answers = together([press] * 4)

        assert sorted(answer.added for answer in answers) == [0, 0, 0, 60]
        assert row.invitations.count() == 60
