"""What the figures themselves do not say: by whom, when and about whom the paper is made."""

from dataclasses import dataclass
from datetime import date

CITY = "阿賀野市"
TITLE = f"{CITY}デジタル人材育成計画 進捗報告書"


@dataclass(frozen=True, slots=True)
class Occasion:
    """The circumstances of a paper.

    `units`: the names of the departments it is about, empty for the whole city. `rule_from`: the
    day from which its counting rule is in force, `None` where none was ever set.
    """

    made_on: date
    office: str
    rule_from: date | None = None
    units: tuple[str, ...] = ()
