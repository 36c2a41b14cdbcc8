"""How a report says its rule and its judgements in words."""

from datetime import date

from agano_dx.lib.fiscal import era_date
from reports.history import LeaderYear
from staff.models import Duty, Employment
from training.models import Category, Counting

MET, MISSED, NOT_DUE = "達成", "未達", "期日前"
ABOVE, NEARLY = "見込み超", "おおむね達成"
REACHED, NOT_REACHED = "届いている", "届いていない"
OWN_UNITS = "対象の部署だけの数です。計画の目標は市全体のものなので、比べません。"


def employments(rule: Counting) -> str:
    """The employments that count as 全職員."""
    return "・".join(str(Employment(name).label) for name in rule.counted_employments)


def duties(rule: Counting) -> str:
    """The duties that take somebody out of 全職員."""
    return "・".join(str(Duty(name).label) for name in rule.excluded_duties) or "なし"


def categories(rule: Counting) -> str:
    """What makes a person digitally capable."""
    return "・".join(str(Category(name).label) for name in rule.required_categories)


def validity(rule: Counting) -> str:
    """How long a completion counts."""
    return f"{rule.validity_years}年" if rule.validity_years else "期限なし"


def rule_in_words(rule: Counting) -> str:
    """The whole rule on one line."""
    return (
        f"全職員＝{employments(rule)}（{duties(rule)}を除く）／"
        f"必要な研修＝{categories(rule)}／修了の有効期間＝{validity(rule)}"
    )


def rule_since(rule_from: date | None) -> str:
    """From what day the rule holds."""
    return f"{era_date(rule_from)}から適用" if rule_from else "計画の初めから適用"


def judged_leaders(point: LeaderYear, as_of: date) -> str:
    """A year's completed person-terms against the plan's band; nothing where there is no band.

    A band without an upper end is 約100人: two in a hundred less is おおむね達成.
    """
    if point.minimum is None:
        return ""
    if point.completed is None or as_of < point.year.last_day:
        return NOT_DUE
    if point.maximum is not None and point.completed > point.maximum:
        return ABOVE
    if point.completed >= point.minimum:
        return MET
    is_near = point.maximum is None and 100 * point.completed >= 98 * point.minimum
    return NEARLY if is_near else MISSED
