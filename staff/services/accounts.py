"""Opening and closing accounts."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from staff.access import GROUPS
from staff.models import StaffMember, User

# No 0 and o, no 1, l and i: a first password is read off paper.
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
FirstPasswords = list[tuple[StaffMember, str]]


class OwnAccountError(DomainError):
    """Nobody closes their own account or gives themself a first password."""


def first_password() -> str:
    """A random password that can be read off paper and typed: 59 bits, `k7fm-3wqa-x9dt`."""
    return "-".join("".join(secrets.choice(SIGNS) for _ in range(4)) for _ in range(3))


def password_mark(user: User) -> str:
    """A mark that changes with the password and tells nothing of it."""
    return salted_hmac("staff.accounts", f"{user.pk}:{user.password}").hexdigest()[:16]


@transaction.atomic
def open_account(
    *,
    member: StaffMember,
    groups: tuple[str, ...],
    password: str,
    must_change_password: bool = False,
) -> User:
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
    user.must_change_password = must_change_password
    user.set_password(password)
    user.full_clean()
    user.save()
    user.groups.set([Group.objects.get_or_create(name=name)[0] for name in groups])
    return user


def open_accounts(*, members: Collection[StaffMember], by: User | None, on: date) -> FirstPasswords:
    """Open the accounts of those in service who have none, or a closed one, each with a password.

    Gives the people with their first passwords, which are kept nowhere else in clear; those who
    have left by the day or whose account is open already are not among them.
    """
    passwords, hashes = _draw(members)
    with transaction.atomic():
        people = [one for one in _lock(members) if one.left_on is None or one.left_on >= on]
        known = _accounts_of(people)
        waiting = [one for one in people if one.pk not in known or not known[one.pk].is_active]
        let_in = []
        for member in waiting:
            user = known.get(member.pk) or User(username=member.number, email=member.email)
            user.staff = member
            let_in.append((user, _let_in(user, hashes[member.pk])))
        _store(let_in, by)
    return [(member, passwords[member.pk]) for member in waiting]


@transaction.atomic
def close_accounts(*, members: Collection[StaffMember], by: User) -> list[User]:
    """Close the open accounts of these people; gives those that were open.

    The password goes too, so that no session of before comes back when the account opens again.
    """
    closing = [user for user in _accounts_of(_lock(members)).values() if user.is_active]
    if by in closing:
        raise OwnAccountError(
            "自分の利用者は止められません。印を外すか、別のシステム管理者に頼んでください。"
        )
    for user in closing:
        user.is_active = False
        user.must_change_password = False
        user.set_unusable_password()
    User.objects.bulk_update(closing, ["is_active", "must_change_password", "password"])
    audit.record(
        by=by,
        action=audit.UPDATE,
        about=[(user, {"is_active": (True, False)}) for user in closing],
    )
    return closing


def renew_passwords(
    *, members: Collection[StaffMember], seen: Mapping[int, str], by: User
) -> FirstPasswords:
    """Give those with an open account a new first password; every session of theirs ends.

    `seen`: the marks of their passwords as the asker saw them, by the person's key. Whose password
    has changed since is left alone, so asking twice makes one password.
    """
    passwords, hashes = _draw(members)
    with transaction.atomic():
        people = _lock(members)
        accounts = {
            key: user
            for key, user in _accounts_of(people).items()
            if user.is_active and password_mark(user) == seen.get(key)
        }
        if by in accounts.values():
            raise OwnAccountError(
                "自分のパスワードは、ホームの「パスワードを変える」で変えてください。"
            )
        _store([(user, _let_in(user, hashes[key])) for key, user in accounts.items()], by)
    return [(member, passwords[member.pk]) for member in people if member.pk in accounts]


def _draw(members: Collection[StaffMember]) -> tuple[dict[int, str], dict[int, str]]:
    """A password for each, and its hash: made before any lock is taken, for hashing is slow."""
    passwords = {member.pk: first_password() for member in members}
    return passwords, {key: make_password(password) for key, password in passwords.items()}


def _lock(members: Collection[StaffMember]) -> list[StaffMember]:
    """The people as they stand now, locked in one order: nobody else opens or closes meanwhile."""
    people = StaffMember.objects.select_for_update().filter(pk__in=[one.pk for one in members])
    return list(people.order_by("pk"))


def _accounts_of(people: Sequence[StaffMember]) -> dict[int, User]:
    """Their accounts by the person's key; an account not linked yet is known by its number."""
    by_number = {member.number: member.pk for member in people}
    found = User.objects.select_for_update().filter(
        Q(staff__in=people) | Q(staff=None, username__in=by_number)
    )
    linked_last = found.order_by(F("staff").asc(nulls_first=True))
    return {user.staff_id or by_number[user.username]: user for user in linked_last}


def _let_in(user: User, hashed: str) -> audit.Changes:
    """Give the account this first password; what that changes, for the trail."""
    after = {"is_active": True, "must_change_password": True}
    before = {name: getattr(user, name) if user.pk else None for name in after}
    user.password = hashed
    user.is_active = user.must_change_password = True
    return {name: (before[name], value) for name, value in after.items()}


def _store(let_in: list[tuple[User, audit.Changes]], by: User | None) -> None:
    """Write accounts with a new first password, in two statements, and their trail."""
    new = [(user, changes) for user, changes in let_in if user.pk is None]
    old = [(user, changes) for user, changes in let_in if user.pk is not None]
    fields = ["staff", "is_active", "password", "must_change_password"]
    User.objects.bulk_update([user for user, _ in old], fields)
    User.objects.bulk_create([user for user, _ in new])
    for action, written in ((audit.CREATE, new), (audit.UPDATE, old)):
        audit.record(by=by, action=action, about=written, extra={"password": "first"})
