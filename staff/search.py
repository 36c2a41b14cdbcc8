"""Finding people by what is typed: number, name in any spelling, kana."""

from collections import defaultdict
from collections.abc import Sequence

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


def numbered(people: QuerySet[StaffMember], numbers: Sequence[str]) -> dict[str, StaffMember]:
    """The people with these numbers, by the number as given; in at most two queries.

    Excel drops leading zeros: where nobody has the number as it stands, it is the one person's
    whose number differs in leading zeros only.
    """
    found = {member.number: member for member in people.filter(number__in=numbers)}
    bare = {number: number.lstrip("0") for number in numbers if number not in found}
    endings = Q()
    for ending in {ending for ending in bare.values() if ending}:
        endings |= Q(number__endswith=ending)
    if not endings:
        return found
    alike: dict[str, list[StaffMember]] = defaultdict(list)
    for member in people.filter(endings):
        alike[member.number.lstrip("0")].append(member)
    return found | {
        number: alike[ending][0] for number, ending in bare.items() if len(alike[ending]) == 1
    }
