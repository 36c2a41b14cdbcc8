"""Writing down who was told that they still owe a row of the plan."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from agano_dx.lib import audit
from agano_dx.lib.locks import told_when_held
from staff.models import StaffMember, User
from training.models import Invitation, Programme


@dataclass(frozen=True, slots=True)
class Invited:
    """What became of it: how many were written down, how many had been told that day before."""

    added: int
    already: int


@transaction.atomic
def invite(
    *, programme: Programme, members: list[StaffMember], by: User | None, today: date
) -> Invited:
    """Write down that these people were told today, each once.

    The programme row is locked first, so that two clerks do not write down the same people.
    """
    with told_when_held():
        locked = Programme.objects.select_for_update().get(pk=programme.pk)
    told = set(
        locked.invitations.filter(invited_on=today, staff__in=members).values_list(
            "staff", flat=True
        )
    )
    made = Invitation.objects.bulk_create(
        Invitation(programme=locked, staff=member, invited_on=today, by=by)
        for member in members
        if member.pk not in told
    )
    audit.record(
        by=by,
        action=audit.CREATE,
        about=[
            (
                one,
                {
                    "programme": (None, programme.pk),
                    "staff": (None, one.staff_id),
                    "invited_on": (None, today),
                },
            )
            for one in made
        ],
    )
    return Invited(added=len(made), already=len(members) - len(made))
