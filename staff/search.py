"""Finding people by what is typed: number, name in any spelling, kana."""

from django.db.models import Q, QuerySet

from agano_dx.lib.japanese import name_key, plain, read_kana
from staff.models import StaffMember


def named(people: QuerySet[StaffMember], typed: str) -> QuerySet[StaffMember]:
    """Those of the people to whom every typed word belongs."""
    for word in typed.split():
        kana = read_kana(word).value or word
        people = people.filter(
            Q(number__endswith=plain(word))
            | Q(name_key__contains=name_key(word))
            | Q(name_kana__contains=kana)
        )
    return people
