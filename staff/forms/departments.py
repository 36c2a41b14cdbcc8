"""What a unit is called and what becomes of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms

from agano_dx.lib.fiscal import era_date_short
from agano_dx.lib.formfields import EXAMPLE, DayField
from agano_dx.lib.japanese import plain
from staff.models import Department, DepartmentKind
from staff.organisation import DepartmentTree
from staff.reorganisation import DepartmentFacts

NEW = "new"
MOST_PARTS = 4


class UnitField(forms.ModelChoiceField):
    """A unit that is open or going to open, offered in the order of the tree."""

    def offer(self, tree: DepartmentTree, units: Sequence[Department]) -> None:
        """Offer these units, each moved in as deep as it stands."""
        self.queryset = Department.objects.filter(pk__in=[unit.pk for unit in units])
        depths = {unit.pk: len(tree.above(unit.pk)) - 1 for unit in units}
        self.choices = [
            *([("", self.empty_label)] if self.empty_label is not None else []),
            *((unit.pk, "\u3000" * depths[unit.pk] + _label(unit, tree)) for unit in units),
        ]


class UnitsField(forms.ModelMultipleChoiceField):
    """Any number of units, ticked."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, tree: DepartmentTree, units: Sequence[Department]) -> None:
        """Offer these units."""
        self.queryset = Department.objects.filter(pk__in=[unit.pk for unit in units])
        self.choices = [(unit.pk, _label(unit, tree)) for unit in units]


def _label(unit: Department, tree: DepartmentTree) -> str:
    """The name, with the first day of a unit to come and the last one of a unit that ends."""
    if unit.opens_on is None or unit.opens_on <= tree.on:
        return str(unit)
    return f"{unit}（{era_date_short(unit.opens_on)}から）"


class FactsForm(forms.Form):
    """Code, name and place of a unit from a day on."""

    on = DayField(label="変更日", help_text=f"この日から新しい内容になります。{EXAMPLE}")
    code = forms.CharField(label="所属コード", max_length=20)
    name = forms.CharField(label="所属名", max_length=60)
    kind = forms.ChoiceField(label="種別", choices=DepartmentKind.choices)
    parent = UnitField(
        label="上位の所属", queryset=None, required=False, empty_label="なし（いちばん上）"
    )
    gives_leader = forms.BooleanField(label="推進リーダーを選出する部署", required=False)
    is_digital_office = forms.BooleanField(label="デジタル化推進室", required=False)

    def __init__(self, *args: Any, tree: DepartmentTree, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tree = tree
        self.units = _known(tree)
        self.fields["parent"].offer(tree, self.units)  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        """Full-width digits mean the same code."""
        return plain(self.cleaned_data["code"]).strip()

    def facts(self, order: int) -> DepartmentFacts:
        """What was typed."""
        data = self.cleaned_data
        return DepartmentFacts(
            code=data["code"],
            name=data["name"],
            kind=data["kind"],
            parent=data["parent"],
            gives_leader=data["gives_leader"],
            is_digital_office=data["is_digital_office"],
            order=order,
        )


def _known(tree: DepartmentTree) -> list[Department]:
    """The units open on the tree's day, and those to come."""
    to_come = (unit for unit in tree.by_id.values() if unit.opens_on and unit.opens_on > tree.on)
    return [*tree.in_order, *to_come]


class OpenForm(FactsForm):
    """新設."""

    order = forms.IntegerField(
        label="並び順", min_value=0, max_value=100_000, help_text="小さい順に並びます。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = "設置日"
        self.fields["on"].help_text = f"この日から所属があります。{EXAMPLE}"


class CloseForm(forms.Form):
    """廃止."""

    closes_on = DayField(label="廃止日", help_text=f"所属がある最後の日です。{EXAMPLE}")
    along = UnitsField(label="いっしょに廃止する下の所属", queryset=None, required=False)

    def __init__(self, *args: Any, tree: DepartmentTree, unit: Department, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        below = tree.under([unit.pk]) - {unit.pk}
        units = [one for one in _known(tree) if one.pk in below and one.closes_on is None]
        self.fields["along"].offer(tree, units)  # type: ignore[attr-defined]
        if not units:
            del self.fields["along"]


class MergeForm(FactsForm):
    """統合: which units, and into what."""

    others = UnitsField(
        label="いっしょに統合する所属",
        queryset=None,
        required=False,
        help_text="統合先を既にある所属にするときは、その所属に印を付ける必要はありません。",
    )
    into = forms.ChoiceField(
        label="統合先", help_text="新しい所属をつくるときは、下の欄にその内容を入力します。"
    )

    field_order = ("on", "others", "into", "code", "name", "kind", "parent")

    def __init__(self, *args: Any, unit: Department, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.fields["on"].label = "統合日"
        self.fields["on"].help_text = f"この日から一つの所属になります。{EXAMPLE}"
        for name in ("code", "name"):
            self.fields[name].required = False
        self.fields["code"].label = "新しい所属のコード"
        self.fields["name"].label = "新しい所属の名称"
        lasting = [one for one in self.units if one.closes_on is None]
        others = [one for one in lasting if one != unit]
        self.fields["others"].offer(self.tree, others)  # type: ignore[attr-defined]
        self.fields["into"].choices = [  # type: ignore[attr-defined]
            (NEW, "新しい所属をつくる"),
            *((str(one.pk), _label(one, self.tree)) for one in lasting),
        ]

    def clean(self) -> dict[str, Any]:
        """A new unit needs a code and a name."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("into") == NEW:
            for name in ("code", "name"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, "新しい所属をつくるときは入力してください。")
        return data

    def into_unit(self) -> Department | None:
        """The unit that is there already; `None` for a new one."""
        chosen = self.cleaned_data["into"]
        return None if chosen == NEW else self.tree.by_id[int(chosen)]

    def sources(self) -> list[Department]:
        """The units that end."""
        target = self.into_unit()
        return [one for one in (self.unit, *self.cleaned_data["others"]) if one != target]


class SplitForm(forms.Form):
    """分割: the parts, and which of them is the heir."""

    on = DayField(label="分割日", help_text=f"この日から分かれます。{EXAMPLE}")
    heir = forms.ChoiceField(
        label="後継にする所属",
        widget=forms.RadioSelect,
        choices=[(str(index), f"{index + 1}つめ") for index in range(MOST_PARTS)],
        initial="0",
        help_text="推進リーダーの任期と推薦、下にある所属を引き継ぎます。",
    )

    def __init__(self, *args: Any, unit: Department, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        for index in range(MOST_PARTS):
            is_needed = index < 2  # noqa: PLR2004 - one unit alone is no split
            mark = f"{index + 1}つめの所属"
            self.fields[f"code_{index}"] = forms.CharField(
                label=f"{mark}のコード", max_length=20, required=is_needed
            )
            self.fields[f"name_{index}"] = forms.CharField(
                label=f"{mark}の名称", max_length=60, required=is_needed
            )
            self.fields[f"gives_leader_{index}"] = forms.BooleanField(
                label=f"{mark}は推進リーダーを選出する", required=False
            )
        self.order_fields(["on", *(n for n in self.fields if n not in ("on", "heir")), "heir"])

    def clean(self) -> dict[str, Any]:
        """Code and name come together, and the heir is one of the parts."""
        data: dict[str, Any] = super().clean() or {}
        for index in range(2, MOST_PARTS):
            for name, other in (("code", "name"), ("name", "code")):
                if data.get(f"{other}_{index}") and not data.get(f"{name}_{index}"):
                    self.add_error(f"{name}_{index}", "コードと名称は両方入力してください。")
        heir = data.get("heir")
        if heir is not None and not data.get(f"name_{heir}") and not self.errors:
            self.add_error("heir", "後継にする所属のコードと名称を入力してください。")
        return data

    def parts(self) -> list[DepartmentFacts]:
        """The parts, the heir first; a digital office stays one."""
        data = self.cleaned_data
        own = DepartmentFacts.of(self.unit)
        chosen = [index for index in range(MOST_PARTS) if data[f"name_{index}"]]
        chosen.sort(key=lambda index: str(index) != data["heir"])
        return [
            replace(
                own,
                code=plain(data[f"code_{index}"]).strip(),
                name=data[f"name_{index}"],
                gives_leader=data[f"gives_leader_{index}"],
                is_digital_office=own.is_digital_office and place == 0,
            )
            for place, index in enumerate(chosen)
        ]


class OrderForm(forms.ModelForm):
    """Where a unit stands among its neighbours; no figure depends on it."""

    class Meta:
        model = Department
        fields = ("order",)
        help_texts = {"order": "小さい順に並びます。過去の日の表示も同じ順になります。"}  # noqa: RUF012
