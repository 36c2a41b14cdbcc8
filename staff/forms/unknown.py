"""What stands for the departments and ranks of a roster that the city does not know."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms

from agano_dx.lib.japanese import label_key, plain
from staff.models import Band, Department, DepartmentKind, RosterImport
from staff.roster.choices import MasterChoice, RosterChoices
from staff.roster.lookup import Masters
from staff.roster.missing import LONGEST_CODE, LONGEST_NAME, LONGEST_RANK, TRUE, made_masters
from staff.roster.unknown import DEPARTMENT, UnknownMaster

LATER, KNOWN, MADE, SKIPPED = "", "known", "made", "skipped"
LONGEST_REASON = 100
FLAGS = ("is_executive", "is_leader_eligible", "heads_department")
_KINDS = {
    "部": DepartmentKind.DIVISION,
    "課": DepartmentKind.SECTION,
    "局": DepartmentKind.SECTION,
    "係": DepartmentKind.SUBSECTION,
    "支所": DepartmentKind.BRANCH_OFFICE,
}


@dataclass(frozen=True, slots=True)
class UnknownPart:
    """One unknown spelling on the page, and the fields that decide about it."""

    unknown: UnknownMaster
    decision: forms.BoundField
    known: tuple[forms.BoundField, ...]
    made: tuple[forms.BoundField, ...]
    skipped: forms.BoundField

    @property
    def is_department(self) -> bool:
        """Whether it is a department's spelling; else a rank's."""
        return self.unknown.kind == DEPARTMENT

    @property
    def where(self) -> str:
        """Where it stands in the file."""
        spots = self.unknown.spots
        words = "、".join(
            f"{sheet} {row}行" if row else f"{sheet}（シート名）" for sheet, row in spots
        )
        more = self.unknown.count - len(spots)
        return f"{words} ほか{more}行" if more > 0 else words


class MastersForm(forms.Form):
    """For each unknown spelling one decision and what it needs; cleans to `choices`.

    A spelling may be left for later: its rows stay errors.
    """

    def __init__(self, data: Any, *, roster_import: RosterImport) -> None:  # noqa: ANN401
        super().__init__(data)
        self.unknown = [UnknownMaster.from_json(each) for each in roster_import.unknown]
        self.choices = RosterChoices.from_json(roster_import.choices)
        self.masters = Masters.load(roster_import.day)
        self.taken = set(self.masters.by_code)
        self.taken_ranks = set(self.masters.rank_by_label)
        made_masters(self.masters, self.choices)
        self.units = [(unit.code, self.masters.path(unit)) for unit in self._in_order()]
        for unknown in self.unknown:
            is_department = unknown.kind == DEPARTMENT
            of_kind = self.choices.departments if is_department else self.choices.ranks
            choice = of_kind.get(unknown.key, MasterChoice())
            self._add_decision(unknown, choice)
            if is_department:
                self._add_department(unknown, choice)
            else:
                self._add_rank(unknown, choice)
            self._add(
                unknown,
                "reason",
                _text_field("取り込まない理由", LONGEST_REASON, "例：他団体からの出向者のため。"),
                choice.skipped,
            )

    @property
    def parts(self) -> Iterator[UnknownPart]:
        """The unknown spellings as the page shows them."""
        for unknown in self.unknown:
            of_made = (
                ("code", "name", "kind", "parent")
                if unknown.kind == DEPARTMENT
                else ("name", "band", *FLAGS)
            )
            yield UnknownPart(
                unknown,
                self[_name(unknown, "decision")],
                tuple(self[_name(unknown, part)] for part in ("known", "remembered")),
                tuple(self[_name(unknown, part)] for part in of_made),
                self[_name(unknown, "reason")],
            )

    def _in_order(self) -> Iterator[Department]:
        """The departments in force, as the tree has them; those yet to be made at the end."""
        in_force = self.masters.by_code.values()
        yield from (unit for unit in self.masters.tree.in_order if unit in in_force)
        yield from (unit for unit in in_force if not unit.pk)

    # --- fields -------------------------------------------------------------------------------

    def _add(self, unknown: UnknownMaster, part: str, field: forms.Field, initial: object) -> None:
        """Nothing is required by itself: what is needed hangs on the decision."""
        field.required = False
        field.widget.is_required = False
        field.initial = initial
        self.fields[_name(unknown, part)] = field

    def _add_decision(self, unknown: UnknownMaster, choice: MasterChoice) -> None:
        thing = "所属" if unknown.kind == DEPARTMENT else "職名"
        decided = (
            (KNOWN, choice.known),
            (MADE, choice.made),
            (SKIPPED, choice.skipped),
        )
        field = forms.ChoiceField(
            label=f"「{unknown.written}」の扱い",
            choices=[
                (LATER, "あとで決める"),
                (KNOWN, f"既存の{thing}にする"),
                (MADE, f"新しい{thing}をつくる"),
                (SKIPPED, "この行を取り込まない"),
            ],
            widget=forms.RadioSelect,
        )
        initial = next((word for word, value in decided if value), LATER)
        self._add(unknown, "decision", field, initial)
        remembered = forms.BooleanField(label="次からもこの書き方で読む")
        self._add(unknown, "remembered", remembered, not choice.known or choice.remembered)

    def _add_department(self, unknown: UnknownMaster, choice: MasterChoice) -> None:
        every, made = self.units, choice.made
        self._add(unknown, "known", _known_field("既存の所属", unknown, every), choice.known)
        self._add(
            unknown,
            "code",
            _text_field("所属コード", LONGEST_CODE),
            made.get("code", unknown.code),
        )
        name = unknown.written.split(" ")[-1] if unknown.parent else unknown.written
        self._add(
            unknown,
            "name",
            _text_field("所属名", LONGEST_NAME),
            made.get("name", "" if name == unknown.code else name[:LONGEST_NAME]),
        )
        kinds = forms.ChoiceField(label="種別", choices=DepartmentKind.choices)
        self._add(unknown, "kind", kinds, made.get("kind", _likely_kind(name)))
        parents = forms.ChoiceField(label="上位の所属", choices=[("", "なし"), *every])
        self._add(unknown, "parent", parents, made.get("parent", unknown.parent))

    def _add_rank(self, unknown: UnknownMaster, choice: MasterChoice) -> None:
        ranks = {rank.name: rank for rank in self.masters.rank_by_label.values()}
        every = [(name, name) for name in ranks]
        made = choice.made
        self._add(unknown, "known", _known_field("既存の職名", unknown, every), choice.known)
        self._add(
            unknown,
            "name",
            _text_field("職名", LONGEST_RANK),
            made.get("name", unknown.written[:LONGEST_RANK]),
        )
        bands = forms.ChoiceField(label="職階", choices=[("", "選んでください"), *Band.choices])
        self._add(unknown, "band", bands, made.get("band", ""))
        labels = ("幹部職員（課長級以上）", "リーダーに推薦できる", "所属長の職")
        for flag, label in zip(FLAGS, labels, strict=True):
            self._add(unknown, flag, forms.BooleanField(label=label), made.get(flag) == TRUE)

    # --- cleaning -------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        """The choices; of each part only what its decision needs is looked at."""
        data: dict[str, Any] = super().clean() or {}
        departments: dict[str, MasterChoice] = {}
        ranks: dict[str, MasterChoice] = {}
        for unknown in self.unknown:
            choice = self._choice(unknown, data)
            if choice is not None:
                of_kind = departments if unknown.kind == DEPARTMENT else ranks
                of_kind[unknown.key] = choice
        data["choices"] = RosterChoices(departments=departments, ranks=ranks)
        return data

    def _choice(self, unknown: UnknownMaster, data: dict[str, Any]) -> MasterChoice | None:
        decision = data.get(_name(unknown, "decision"), LATER)
        self._forgive(unknown, decision)
        if decision == KNOWN:
            known = self._needed(unknown, data, "known", "どれにするかを選んでください。")
            return MasterChoice(
                known=known, remembered=bool(data.get(_name(unknown, "remembered")))
            )
        if decision == SKIPPED:
            reason = self._needed(unknown, data, "reason", "取り込まない理由を入力してください。")
            return MasterChoice(skipped=reason)
        if decision == MADE and unknown.kind == DEPARTMENT:
            return self._made_department(unknown, data)
        return self._made_rank(unknown, data) if decision == MADE else None

    def _forgive(self, unknown: UnknownMaster, decision: str) -> None:
        """What the decision does not need is kept as it was typed, be it right or wrong."""
        needed = {
            KNOWN: ("known",),
            MADE: ("code", "name", "kind", "parent", "band"),
            SKIPPED: ("reason",),
        }
        for part in ("known", "code", "name", "kind", "parent", "band", "reason"):
            if part not in needed.get(decision, ()):
                self.errors.pop(_name(unknown, part), None)

    def _needed(self, unknown: UnknownMaster, data: dict[str, Any], part: str, asks: str) -> str:
        """What must be filled in; the error names the spelling, of which a page may hold many."""
        name = _name(unknown, part)
        value: str = data.get(name, "")
        if not value and name not in self.errors:
            self.add_error(name, f"「{unknown.written}」：{asks}")
        return value

    def _made_department(self, unknown: UnknownMaster, data: dict[str, Any]) -> MasterChoice:
        code = plain(self._needed(unknown, data, "code", "所属コードを入力してください。")).strip()
        name = self._needed(unknown, data, "name", "所属名を入力してください。")
        if code in self.taken:
            self.add_error(
                _name(unknown, "code"),
                f"所属コード{code}は使われています。別のコードにするか、既存の所属を選んでください。",
            )
        if code:
            self.taken.add(code)
        made = {
            "code": code,
            "name": name,
            "kind": data.get(_name(unknown, "kind"), ""),
            "parent": data.get(_name(unknown, "parent"), ""),
        }
        return MasterChoice(made=made)

    def _made_rank(self, unknown: UnknownMaster, data: dict[str, Any]) -> MasterChoice:
        name = self._needed(unknown, data, "name", "職名を入力してください。")
        band = self._needed(unknown, data, "band", "職階を選んでください。")
        if label_key(name) in self.taken_ranks:
            self.add_error(
                _name(unknown, "name"),
                f"職名「{name}」は登録されています。別の職名にするか、既存の職名を選んでください。",
            )
        if name:
            self.taken_ranks.add(label_key(name))
        flags = {flag: TRUE if data.get(_name(unknown, flag)) else "" for flag in FLAGS}
        return MasterChoice(made={"name": name, "band": band, **flags})


def _name(unknown: UnknownMaster, part: str) -> str:
    """By the spelling, not by its place: the import may be read anew while the page is open."""
    spelling = hashlib.sha256(f"{unknown.kind}\n{unknown.key}".encode()).hexdigest()[:12]
    return f"u{spelling}-{part}"


def _text_field(label: str, longest: int, hint: str = "") -> forms.CharField:
    too_long = f"{longest}文字以内で入力してください。"
    return forms.CharField(
        label=label, max_length=longest, help_text=hint, error_messages={"max_length": too_long}
    )


def _known_field(
    label: str, unknown: UnknownMaster, every: list[tuple[str, str]]
) -> forms.ChoiceField:
    """All of them, those alike first."""
    alike = [pair for code in unknown.suggestions for pair in every if pair[0] == code]
    others = [pair for pair in every if pair not in alike]
    groups = [("似ているもの", alike), ("すべて", others)] if alike else [("すべて", every)]
    return forms.ChoiceField(label=label, choices=[("", "選んでください"), *groups])


def _likely_kind(name: str) -> str:
    return next(
        (kind for ending, kind in _KINDS.items() if name.endswith(ending)), DepartmentKind.OFFICE
    )
