"""What a reader knows of this report beyond its tables: who is counted in two of them.

Places are found by table, words in the first column and heading, for these are what a reader goes
by, too. A table or row that is not in the paper ties nothing.
"""

from dataclasses import dataclass, field

from agano_dx.lib.fiscal import FiscalYear
from reports.paper.shapes import Cell, Kind, Line, Paper, Table
from reports.paper.wording import ASKED_PEOPLE, COMPLETED_BY_ANYBODY, NOW, TERMS_AND_UNITS
from reports.progress import SHOWN_CATEGORIES
from training.models import Category

TOTAL = -1  # the number of the line of sums
Place = tuple[str, int, int]
"""A cell: key of the table, number of the line, position of the column."""

SUMMARY = "summary"
POPULATION, CAPABLE = "全職員", "デジタル活用職員"
SITTING, LEADER = "推進リーダー（活動中）", "推進リーダー"
# The rows of the summary by the columns of other tables that hold the same.
_IN_DEPARTMENTS = {
    POPULATION: "全職員",
    CAPABLE: "デジタル活用職員",
    **{f"{name.label}研修の修了者": f"{name.label}修了" for name in SHOWN_CATEGORIES},
}
_IN_LEADERS = {
    SITTING: "活動中",
    "推進リーダーの育成延べ人数（修了した任期）": "育成延べ人数（修了した任期）",
}
# Capable are people with every one of these, so they are a part of each.
_REQUIRED = {str(name): f"{name.label}修了" for name in SHOWN_CATEGORIES}
SPECIALISTS = "デジタル専門分野人材"
WITH_LEADER, WITHOUT_LEADER = "推進リーダーのいる部署", "推進リーダーのいない部署"
LEFT_OUT = ("任用形態により全職員に数えない人", "在職区分により全職員に数えない人")
ASKED, FULFILLED = "対象者", "修了"
ON_LEAVE = "在職区分により全職員に数えない人（対象者の外）"


@dataclass
class Ties:
    """`same`: places that tell of the same people. `within`: a part and its whole.

    `covered`: a whole every one of whose people stands in at least one of the parts.
    """

    same: list[tuple[Place, ...]] = field(default_factory=list)
    within: list[tuple[Place, Place]] = field(default_factory=list)
    covered: list[tuple[Place, tuple[Place, ...]]] = field(default_factory=list)


def ties(paper: Paper) -> Ties:
    """All ties of the report's tables."""
    known = _Places(paper)
    found = Ties()
    _same_as_summary(known, found)
    _frozen_and_known(known, found)
    _whole_within_summary(known, found)
    _rows_of_plan(known, found)
    return found


class _Places:
    """Where things stand in a paper."""

    def __init__(self, paper: Paper) -> None:
        self.tables = {table.key: table for table in paper.tables}
        self.year = FiscalYear.containing(paper.as_of).label

    def table(self, key: str) -> Table | None:
        return self.tables.get(key)

    def lines(self, key: str) -> list[tuple[int, Line]]:
        """The lines of the table by number."""
        table = self.table(key)
        return list(enumerate(table.lines)) if table else []

    def at(self, key: str, number: int | None, heading: str) -> Place | None:
        """The place in the column of this heading."""
        table = self.table(key)
        if table is None or number is None or (number == TOTAL and table.total is None):
            return None
        headings = [column.heading for column in table.columns]
        return (key, number, headings.index(heading)) if heading in headings else None

    def row(self, key: str, words: str) -> int | None:
        """The number of the line that begins with the words."""
        return next((n for n, line in self.lines(key) if line.cells[0] == words), None)

    def value(self, place: Place) -> Cell:
        """What stands there."""
        key, number, position = place
        table = self.tables[key]
        line = table.total if number == TOTAL else table.lines[number]
        return line.cells[position] if line else None

    def in_summary(self, words: str) -> tuple[Place, ...]:
        """A figure of the summary: a number of people, or a number of terms."""
        number = self.row("summary", words)
        found = [self.at("summary", number, heading) for heading in ("人数", TERMS_AND_UNITS)]
        return tuple(place for place in found if place and isinstance(self.value(place), int))

    def newest(self, key: str, heading: str) -> Place | None:
        """The column's last line that tells of a day."""
        table = self.table(key)
        days = [
            number
            for number, line in self.lines(key)
            for column, cell in zip(table.columns if table else (), line.cells, strict=True)
            if column.kind is Kind.DAY and cell is not None
        ]
        return self.at(key, days[-1], heading) if days else None


def _same_as_summary(known: _Places, found: Ties) -> None:
    for words, heading in _IN_DEPARTMENTS.items():
        others = (known.at("departments", TOTAL, heading), _newest_known(known, heading))
        _tie(found, *known.in_summary(words), *others)
    for words, heading in _IN_LEADERS.items():
        _tie(found, *known.in_summary(words), known.newest("leaders", heading))
    specialists = known.at("specialists", TOTAL, "人数")
    _tie(found, *known.in_summary(SPECIALISTS), specialists)
    population = known.in_summary(POPULATION)
    wholes = [
        known.at("summary", known.row("summary", words), ASKED_PEOPLE)
        for words in _IN_DEPARTMENTS
        if words != POPULATION
    ]
    _tie(found, *population, *wholes)


def _newest_known(known: _Places, heading: str) -> Place | None:
    """The day's figure as it is known now; beside 確定値 that differ it has its own column."""
    now = known.newest("share", f"{NOW}の{heading}")
    is_told = now is not None and known.value(now) is not None
    return now if is_told else known.newest("share", heading)


def _frozen_and_known(known: _Places, found: Ties) -> None:
    """The few by whom a 確定値 and today's records differ must not be told, either."""
    for number, _ in known.lines("share"):
        for heading in (POPULATION, CAPABLE):
            frozen = known.at("share", number, heading)
            now = known.at("share", number, f"{NOW}の{heading}")
            if frozen and now and isinstance(size := known.value(now), int):
                kept = known.value(frozen)
                is_less = isinstance(kept, int) and kept < size
                part, whole = (frozen, now) if is_less else (now, frozen)
                found.within.append((part, whole))


def _tie(found: Ties, *places: Place | None) -> None:
    together = tuple(place for place in places if place)
    if len(together) > 1:
        found.same.append(together)


def _part(found: Ties, known: _Places, part: Place | None, whole: Place | None) -> None:
    """A part of a whole; where there are as many in both, they are the very same people."""
    if part and whole:
        is_same = known.value(part) == known.value(whole)
        (found.same if is_same else found.within).append((part, whole))


def _whole_within_summary(known: _Places, found: Ties) -> None:
    rows = [number for number, _ in known.lines("outstanding")]
    asked = [known.at("outstanding", number, ASKED) for number in rows]
    for part in (known.at(SUMMARY, _executives(known), ASKED_PEOPLE), *asked):
        for whole in known.in_summary(POPULATION):
            _part(found, known, part, whole)
    people = known.in_summary("推進リーダーの育成実人数")
    terms = known.in_summary("推進リーダーの育成延べ人数（修了した任期）")
    found.within += [(part, whole) for part in people for whole in terms]
    for number in rows:
        for whole in known.in_summary(LEFT_OUT[1]):
            _part(found, known, known.at("outstanding", number, ON_LEAVE), whole)
    for number in [TOTAL, *(number for number, _ in known.lines("departments"))]:
        capable = known.at("departments", number, CAPABLE)
        wholes = [known.at("departments", number, heading) for heading in _REQUIRED.values()]
        found.within += [(capable, whole) for whole in wholes if capable and whole]


def _executives(known: _Places) -> int | None:
    """The number of the summary's line of 幹部研修."""
    return next(
        (n for n, line in known.lines(SUMMARY) if str(line.cells[0]).startswith("幹部研修")), None
    )


def _rows_of_plan(known: _Places, found: Ties) -> None:
    """Who completed a row at all did so in one of its years; who fulfilled it is among them."""
    for number, line in known.lines("programmes"):
        name, category = str(line.cells[0]), line.group.partition(" ")[0]
        whole = known.at("programmes", number, COMPLETED_BY_ANYBODY)
        years = {
            str(other.cells[1]): place
            for each, other in known.lines("programme_years")
            if other.cells[0] == name
            and (place := known.at("programme_years", each, COMPLETED_BY_ANYBODY))
            and isinstance(known.value(place), int)
        }
        if whole:
            found.covered.append((whole, tuple(years.values())))
        for year in years.values():
            _part(found, known, year, whole)
        row = known.row("outstanding", name)
        fulfilled = known.at("outstanding", row, FULFILLED)
        done = known.at("departments", TOTAL, _REQUIRED.get(category, ""))
        for part, all_of_them in (
            (fulfilled, whole),
            (done, whole),
            (fulfilled, years.get(known.year)),
            (done, years.get(known.year)),
            # Whoever is asked for a category and whoever has it are mostly the very same people.
            (fulfilled, done),
        ):
            _part(found, known, part, all_of_them)
        if category == Category.EXECUTIVE:
            _executives_of_row(known, found, row, (fulfilled, whole, years.get(known.year)))


def _executives_of_row(
    known: _Places, found: Ties, row: int | None, wholes: tuple[Place | None, ...]
) -> None:
    """The summary's executives are those whom the row asks, and who completed it this year."""
    executives = _executives(known)
    of_summary = known.at(SUMMARY, executives, ASKED_PEOPLE)
    _part(found, known, known.at("outstanding", row, ASKED), of_summary)
    for whole in wholes:
        _part(found, known, known.at(SUMMARY, executives, "人数"), whole)
