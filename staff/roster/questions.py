"""Which changes somebody has to decide on, and why: each question is one sentence or two."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from agano_dx.lib.fiscal import era_date
from agano_dx.lib.japanese import name_key
from staff.models import ChangeKind
from staff.roster.changes import Change, RosterDiff, Situation
from staff.roster.sheet import RosterSheet
from staff.roster.world import Person

# What a higher app says against a change: (staff number, kind of change) → its sentences.
Contradictions = Mapping[tuple[str, str], list[str]]


def ask(
    diff: RosterDiff,
    roster: RosterSheet,
    world: dict[str, Person],
    situation: Situation,
    contradictions: Contradictions,
) -> None:
    """Put its questions to every change of the differences that raises any."""
    namesakes = _Namesakes.of(roster, world, situation)
    ended = {(row.number, post.key) for row in roster.rows for post in row.ended_posts}
    asked = []
    for change in diff.changes:
        alike = namesakes.of_change(change)
        sentences = [
            *_about_namesakes(change, alike),
            *_about_the_change(change, situation),
            *_about_an_ended_post(change, ended),
            *contradictions.get((change.number, change.kind), []),
        ]
        numbers = tuple(person.number for person in alike)
        asked.append(replace(change, question="".join(sentences), namesakes=numbers))
    diff.changes = asked


@dataclass(frozen=True, slots=True)
class _Namesakes:
    """People whom the roster does not name as staying, by their name's key."""

    by_key: Mapping[str, list[Person]]

    @classmethod
    def of(
        cls, roster: RosterSheet, world: dict[str, Person], situation: Situation
    ) -> "_Namesakes":
        staying = {row.number for row in roster.rows if not row.leaves}
        staying |= set(situation.same_people.values())
        by_key: dict[str, list[Person]] = defaultdict(list)
        for person in world.values():
            if person.number not in staying:
                by_key[name_key(person.name)].append(person)
        return cls(by_key)

    def of_change(self, change: Change) -> list[Person]:
        """Those of the same name as somebody hired."""
        if change.kind != ChangeKind.HIRED:
            return []
        return self.by_key.get(name_key(change.name), [])


def _about_namesakes(change: Change, namesakes: list[Person]) -> Iterator[str]:
    if not namesakes:
        return
    others = "、".join(_described(person) for person in namesakes)
    yield (
        f"同じ氏名の職員（{others}）がいます。再任用などで番号が変わった同じ人か、"
        "同姓同名の別の人かを決めてください。"
    )


def _described(person: Person) -> str:
    left = f"、{era_date(person.left_on)}退職" if person.left_on else ""
    return f"{person.number}{left}"


def _about_the_change(change: Change, situation: Situation) -> Iterator[str]:
    if change.kind == ChangeKind.RENAMED:
        if _is_another_name(change.before["name"], change.after["name"]):
            yield (
                "氏名が大きく違います。この番号が別の人に使われていないか確かめてください。"
                "別の人なら反映せず、新しい番号を付けてもらってください。"
            )
        if situation.confirmed_after(change.starts_on):
            yield "この名簿より新しい名簿が反映済みです。今の氏名を変えてよいか確かめてください。"
        elif change.starts_on > situation.today:
            yield (
                "氏名は日付を持たないため、反映するとすぐに変わります。発令日まで待つときは反映せず、"
                "その日の後に読み込み直してください。"
            )
    elif change.kind == ChangeKind.RETURNED:
        left_on = date.fromisoformat(change.before["left_on"])
        yield (
            f"{era_date(left_on)}に退職した職員です。反映すると退職を取り消し、"
            "続けて在職していたことにします。間を空けた再採用なら反映せず、新しい番号を付けてください。"
        )
    if restored := change.after.get("restored_on"):
        newer = era_date(date.fromisoformat(restored))
        yield (
            f"{newer}の名簿では元のとおりでした。反映すると、その前日までの記録だけが変わります。"
        )


def _about_an_ended_post(
    change: Change, ended: Collection[tuple[str, tuple[str, str]]]
) -> Iterator[str]:
    """A post that the roster does not repeat, without a word that it ends."""
    if change.kind != ChangeKind.POST_ENDED:
        return
    if (change.number, (change.before["department"], change.before["rank"])) not in ended:
        yield "登録済みの兼務がこの名簿にありません。兼務が終わったかどうかを決めてください。"


def _is_another_name(before: str, after: str) -> bool:
    """Whether family and given name both differ, as no marriage explains."""
    old, new = before.split("\u3000"), after.split("\u3000")
    if len(old) == len(new) == 2:
        return all(name_key(was) != name_key(now) for was, now in zip(old, new, strict=True))
    return not set(name_key(before)) & set(name_key(after))
