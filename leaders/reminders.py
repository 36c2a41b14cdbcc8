"""Letters to the heads of departments that have not handed in a nomination."""

from collections.abc import Iterable
from dataclasses import dataclass

from agano_dx.lib.calendar import weekday_name
from agano_dx.lib.fiscal import era_date
from leaders.models import Cohort
from leaders.round_board import DepartmentState, Standing
from staff.heads import Head, heads_of
from staff.models import Department
from staff.organisation import DepartmentTree


@dataclass(frozen=True, slots=True)
class Letter:
    """What one head is asked: the same words on paper and in a mail."""

    unit: Department
    head: Head | None
    title: str
    words: tuple[str, ...]

    @property
    def address(self) -> str:
        """Whom it is to: the head, else the department."""
        if self.head is None:
            return f"{self.unit.name}　御中"
        return f"{self.unit.name}　{self.head.rank}　{self.head.name} 様"

    @property
    def mail(self) -> str:
        """The whole as plain text, its subject first."""
        return "\n\n".join((f"件名：{self.title}", self.address, "人事担当です。", *self.words))


def letters(
    cohort: Cohort, states: Iterable[DepartmentState], tree: DepartmentTree
) -> list[Letter]:
    """One letter to each department, on the tree's day; in two queries.

    The round has days and is not over.
    """
    asked = list(states)
    heads = heads_of([state.department.pk for state in asked], tree)
    return [
        Letter(
            unit=state.department,
            head=heads.get(state.department.pk),
            title=f"{cohort}デジタル化推進リーダーの推薦について（お願い）",
            words=_words(cohort, state.standing, tree),
        )
        for state in asked
    ]


def _words(cohort: Cohort, standing: Standing, tree: DepartmentTree) -> tuple[str, ...]:
    words = [f"{_where(cohort, tree)}{_STANDS[standing]}", _please(cohort)]
    if cohort.instruction:
        words.append(cohort.instruction)
    return tuple(words)


def _where(cohort: Cohort, tree: DepartmentTree) -> str:
    opens = cohort.nominations_open_on
    years = f"{era_date(cohort.starts_on)}～{era_date(cohort.ends_on)}"
    what = f"{cohort}（{years}）のデジタル化推進リーダーの推薦を"
    if opens is not None and opens > tree.on:
        return f"{what}、{era_date(opens)}から受け付けます。"
    return f"{what}受け付けています。"


_STANDS = {
    Standing.SILENT: "",
    Standing.DRAFT: "貴部署には、下書きのまま提出されていない推薦があります。",
    Standing.RETURNED: (
        "貴部署には、差し戻した推薦があります。コメントを読んで直し、提出し直してください。"
    ),
    Standing.SUBMITTED: "",
    Standing.DONE: "",
}


def _please(cohort: Cohort) -> str:
    closes = cohort.nominations_close_on
    if closes is None:
        return ""
    day = f"{era_date(closes)}（{weekday_name(closes)}）"
    return (
        f"{day}までに、メニューの「推進リーダー」の「推薦」から、本人の承諾を得て提出してください。"
    )
