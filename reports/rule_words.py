"""A counting rule in words."""

from dataclasses import dataclass

from staff.models import Duty, Employment
from training.models import Category, Counting


@dataclass(frozen=True, slots=True)
class Wording:
    """A rule in words."""

    employments: str
    duties: str
    categories: str
    validity: str


def in_words(rule: Counting) -> Wording:
    """The rule in the words of the screen, in their usual order."""
    years = rule.validity_years
    return Wording(
        employments=_listed(Employment.choices, rule.counted_employments),
        duties=_listed(Duty.choices, rule.excluded_duties) or "なし",
        categories=_listed(Category.choices, rule.required_categories),
        validity=f"修了から{years}年" if years else "期限なし",
    )


def _listed(choices: list[tuple[str, str]], chosen: tuple[str, ...]) -> str:
    return "・".join(str(label) for value, label in choices if value in chosen)
