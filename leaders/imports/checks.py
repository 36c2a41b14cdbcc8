"""What a term may not be, and what about one is odd: said of the cell that has to be mended."""

from collections.abc import Iterator
from datetime import date
from typing import TypeAlias

from agano_dx.lib.fiscal import era_date
from leaders.imports.lines import Facts, Line
from leaders.rules import MONTHS_TO_COUNT, has_served

# The column, and the sentence.
Remark: TypeAlias = tuple[str, str]

OVERLAPS = (
    "この職員には、時期の重なる任期（{cohort}・{day}から）があります。"
    "期、就任日、退任日のどれかを直してください。"
)
SITS = "この職員はこの期のリーダーとして活動中です。前の任期の退任日を先に入れてください。"
OWN = "自分の任期は取り込めません。別の担当者に取り込んでもらってください。"
SUCCEEDED = (
    "後任が任命されているため、この任期をその就任日（{day}）まで延ばせません。"
    "登録されている退任日を入れてください。"
)
DOUBLED = "{row}行目にも同じ任期があり、内容が違います。どちらか一方の行だけを残してください。"


def faults(line: Line, facts: Facts) -> Iterator[Remark]:
    """Why the term cannot be so."""
    cohort, ends_on = line.cohort, facts.ends_on
    years = f"{cohort}の期間（{era_date(cohort.starts_on)}～{era_date(cohort.ends_on)}）"
    if not cohort.runs_on(line.starts_on):
        yield "starts_on", f"就任日が{years}の外です。期か就任日を直してください。"
    elif ends_on is None:
        if facts.completed is not None:
            verdict = facts.in_words("completed")
            yield "completed", f"{verdict}にするには退任日が必要です。退任日を入れてください。"
        elif facts.end_reason:
            yield (
                "end_reason",
                "退任理由があるのに退任日がありません。退任日を入れるか、退任理由を消してください。",
            )
    elif ends_on < line.starts_on:
        yield "ends_on", "退任日が就任日より前です。どちらかを直してください。"
    elif ends_on > cohort.ends_on:
        yield "ends_on", f"退任日が{years}の後です。退任日を直してください。"
    elif facts.completed is not None and ends_on > line.read_on:
        yield (
            "completed",
            "まだ終わっていない任期は判定できません。「修了」を空欄にし、退任日から後に判定してください。",
        )
    if facts.completed is None and facts.decision_reason:
        yield (
            "decision_reason",
            "判定の理由があるのに「修了」が空欄です。「修了」か「未修了」を入れてください。",
        )


def prolonged(known: Facts, told: Facts, successor_on: date) -> Iterator[Remark]:
    """Why a term somebody was appointed after cannot go on: its end is no more taken back."""
    was, ends_on = known.ends_on, told.ends_on
    if was is not None and (ends_on is None or (ends_on > was and ends_on >= successor_on)):
        yield "ends_on", SUCCEEDED.format(day=era_date(successor_on))


def unreasoned(line: Line, facts: Facts) -> Iterator[Remark]:
    """A verdict other than what the rule of the twelve months proposes, and no word why."""
    left_on, ends_on = line.staff.left_on, facts.ends_on
    if facts.completed is None or ends_on is None or facts.decision_reason:
        return
    served = has_served(line.starts_on, min(ends_on, left_on or ends_on))
    if facts.completed and not served:
        yield (
            "completed",
            f"任期が{MONTHS_TO_COUNT}か月に足りません。修了でよいか確かめ、判定の理由を入れてください。",
        )
    elif served and not facts.completed:
        yield (
            "completed",
            f"任期が{MONTHS_TO_COUNT}か月以上あります。未修了でよいか確かめ、判定の理由を入れてください。",
        )


def doubts(line: Line, facts: Facts) -> Iterator[Remark]:
    """What to look at once more before the term is written."""
    left_on, ends_on = line.staff.left_on, facts.ends_on
    if left_on is not None and line.starts_on > left_on:
        yield "starts_on", f"退職（{era_date(left_on)}）の後の就任日です。確かめてください。"
    elif left_on is not None and ends_on is not None and ends_on > left_on:
        yield "ends_on", f"退職（{era_date(left_on)}）の後の退任日です。確かめてください。"
    yield from unreasoned(line, facts)
