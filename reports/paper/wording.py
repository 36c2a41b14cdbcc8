"""How a report says its rule and its judgements in words."""

from collections.abc import Collection
from datetime import date

from agano_dx.lib.fiscal import FiscalYear, era_date
from reports.history import LeaderYear
from reports.rule_words import in_words
from training.models import Counting

MET, MISSED, NOT_DUE = "達成", "未達", "期日前"
ABOVE, NEARLY = "見込み超", "おおむね達成"
REACHED = "届いている"
FROZEN, NOW = "確定値", "現在の記録"
# Headings by which other modules find their columns.
ASKED_PEOPLE, TERMS_AND_UNITS = "対象者", "延べ人数・部署数"
COMPLETED_BY_ANYBODY = "修了者（退職者などを含む）"
OWN_UNITS = "対象の部署だけの数です。計画の目標は市全体のものなので、比べません。"


def rule_in_words(rule: Counting) -> str:
    """The whole rule on one line."""
    words = in_words(rule)
    excluded = f"（{words.duties}を除く）" if rule.excluded_duties else ""
    return (
        f"全職員＝{words.employments}{excluded}／"
        f"必要な研修＝{words.categories}／修了の有効期間＝{words.validity}"
    )


def completed(rule: Counting) -> str:
    """What somebody must have completed to be デジタル活用職員."""
    words = in_words(rule)
    each = "それぞれ1回以上" if len(rule.required_categories) > 1 else ""
    return f"{words.categories}の研修を{each}修了"


def rule_since(rule_from: date | None) -> str:
    """From what day the rule holds."""
    return f"{era_date(rule_from)}から適用" if rule_from else "計画の初めから適用"


def which_are_final(years: Collection[FiscalYear]) -> str:
    """Which figures are the 確定値 of these years, and which are as known now; "" without any."""
    if not years:
        return ""
    ends = "・".join(year.label for year in sorted(years))
    return (
        f"{ends}末の数は確定しています。割合の推移の{ends}の全職員とデジタル活用職員、その期日の判定は"
        "確定値です。総括の人数など、ほかの数は現在の記録で数えます。"
    )


def judged_leaders(point: LeaderYear, as_of: date) -> str:
    """A year's completed person-terms against the plan's band; nothing where there is no band."""
    if point.minimum is None:
        return ""
    if point.completed is None or as_of < point.year.last_day:
        return NOT_DUE
    return against_band(point.completed, point.minimum, point.maximum)


def against_band(completed: int, minimum: int, maximum: int | None) -> str:
    """A number of person-terms against a band, whatever the day.

    A band without an upper end is 約100人: two in a hundred less is おおむね達成.
    """
    if maximum is not None and completed > maximum:
        return ABOVE
    if completed >= minimum:
        return MET
    is_near = maximum is None and 100 * completed >= 98 * minimum
    return NEARLY if is_near else MISSED
