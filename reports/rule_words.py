"""A counting rule in words."""

from staff.models import Duty, Employment
from training.models import Category, Counting


def rule_in_words(rule: Counting) -> list[tuple[str, str]]:
    """Each part of the rule: what it is about, and what it says."""
    return [
        ("全職員に数える任用形態", _named(Employment, rule.counted_employments)),
        ("全職員から除く在職区分", _named(Duty, rule.excluded_duties) or "なし"),
        ("デジタル活用職員に必要な研修区分", _named(Category, rule.required_categories)),
        (
            "修了の有効年数",
            f"{rule.validity_years}年" if rule.validity_years else "定めなし（いつまでも有効）",
        ),
    ]


def _named(kinds: type[Employment] | type[Duty] | type[Category], values: tuple[str, ...]) -> str:
    return "、".join(str(kinds(value).label) for value in values)
