"""Keep what stands for departments and ranks that a file names and the city does not know."""

from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction

from agano_dx.lib.errors import DomainError
from agano_dx.lib.japanese import label_key
from staff.models import Department, DepartmentAlias, Rank, RankAlias, RosterImport, User
from staff.roster.choices import MasterChoice, RosterChoices
from staff.roster.lookup import Masters
from staff.roster.missing import made_masters
from staff.roster.unknown import DEPARTMENT, RANK, UnknownMaster
from staff.services.rosters.locking import lock_waiting

LONGEST_ALIAS = 100


class MasterGoneError(DomainError):
    """What was chosen to stand for a spelling is not there, or what was to be made is."""


@transaction.atomic
def choose_masters(
    *, roster_import: RosterImport, choices: RosterChoices, by: User | None
) -> RosterImport:
    """Keep the choices about the import's unknown departments and ranks, and remember spellings.

    A key that the import does not ask about is left out; one it asks about and that is not among
    the choices is open again.
    """
    del by  # each single save below leaves its own entry, with the request's account
    locked = lock_waiting(roster_import)
    asked = [UnknownMaster.from_json(unknown) for unknown in locked.unknown]
    stored = RosterChoices.from_json(locked.choices)
    stored = replace(
        stored,
        departments=_replaced(stored.departments, choices.departments, asked, DEPARTMENT),
        ranks=_replaced(stored.ranks, choices.ranks, asked, RANK),
    )
    masters = Masters.load(locked.day)
    _check(choices, masters)
    made_masters(masters, stored)
    _check_known(choices, masters)
    locked.choices = stored.as_json()
    locked.save(update_fields=["choices"])
    for unknown in asked:
        of_kind = choices.departments if unknown.kind == DEPARTMENT else choices.ranks
        choice = of_kind.get(unknown.key)
        if choice is not None and choice.known and choice.remembered:
            _remember(unknown, choice.known, masters)
    return locked


def _replaced(
    stored: Mapping[str, MasterChoice],
    chosen: Mapping[str, MasterChoice],
    asked: list[UnknownMaster],
    kind: str,
) -> dict[str, MasterChoice]:
    keys = {unknown.key for unknown in asked if unknown.kind == kind}
    kept = {key: choice for key, choice in stored.items() if key not in keys}
    return kept | {key: choice for key, choice in chosen.items() if key in keys}


def _check(choices: RosterChoices, masters: Masters) -> None:
    """Refuse to make what is there already."""
    for choice in choices.departments.values():
        if choice.made and choice.made["code"] in masters.by_code:
            raise MasterGoneError(
                f"所属コード{choice.made['code']}は使われています。別のコードにしてください。"
            )
    for choice in choices.ranks.values():
        if choice.made and label_key(choice.made["name"]) in masters.rank_by_label:
            raise MasterGoneError(
                f"職名「{choice.made['name']}」は登録されています。既存の職名から選んでください。"
            )


def _check_known(choices: RosterChoices, masters: Masters) -> None:
    """Refuse what is not there, be it made by the same choices."""
    for choice in choices.departments.values():
        if choice.known and choice.known not in masters.by_code:
            raise MasterGoneError("選んだ所属が見つかりません。もう一度選んでください。")
    for choice in choices.ranks.values():
        if choice.known and label_key(choice.known) not in masters.rank_by_label:
            raise MasterGoneError("選んだ職名が見つかりません。もう一度選んでください。")


def _remember(unknown: UnknownMaster, known: str, masters: Masters) -> None:
    """Keep the spelling, and the code beside it, as other names of what is there already.

    A spelling kept for something else before stands for this from now on.
    """
    for written in dict.fromkeys((unknown.written, unknown.code)):
        key = label_key(written)
        if not key or len(written) > LONGEST_ALIAS or len(key) > LONGEST_ALIAS:
            continue
        if unknown.kind == RANK:
            rank: Rank = masters.rank_by_label[label_key(known)]
            if rank.pk:
                RankAlias.objects.update_or_create(
                    key=key, defaults={"rank": rank, "written": written}
                )
            continue
        department: Department = masters.by_code[known]
        # A code may come with a name that many units bear: that name alone tells nothing.
        if department.pk and not (unknown.code and written != unknown.code and masters.find(key)):
            DepartmentAlias.objects.update_or_create(
                key=key, defaults={"department": department, "written": written}
            )
