"""Opening accounts."""

from django.contrib.auth.models import Group
from django.db import transaction

from staff.access import GROUPS
from staff.models import StaffMember, User


@transaction.atomic
def open_account(*, member: StaffMember, groups: tuple[str, ...], password: str) -> User:
    """Give a staff member an account with exactly these groups and this password.

    The login is the staff number. An account there before is set to the same state.
    """
    unknown = set(groups) - set(GROUPS)
    if unknown:
        raise ValueError(f"unknown groups: {sorted(unknown)}")
    user, _ = User.objects.select_for_update().get_or_create(
        username=member.number, defaults={"staff": member, "email": member.email}
    )
    user.staff = member
    user.is_active = True
    user.set_password(password)
    user.full_clean()
    user.save()
    user.groups.set([Group.objects.get_or_create(name=name)[0] for name in groups])
    return user
