"""An auditor of published reports, who knows nothing of how their numbers were kept back.

What is printed, and what everybody knows of how the numbers belong together, are linear equations
and bounds over whole numbers. Gauss says exactly which unknowns they determine; narrowing bounds
says which are left with one value. Both are exact; neither uses anything of the product.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

from agano_dx.lib.fiscal import FiscalYear
from reports.paper.shapes import HIDDEN, Paper

CATEGORIES = ("DXマインド", "知識", "スキル")
MOST = 10_000


@dataclass
class Audit:
    """Unknowns with their true values, and equations: the terms times the unknowns are `right`."""

    truth: dict[str, int] = field(default_factory=dict)
    low: dict[str, int] = field(default_factory=dict)
    equations: list[tuple[dict[str, int], int]] = field(default_factory=list)
    none_of_few: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, made: Paper, published: Paper) -> "Audit":
        """What somebody can write down who holds the published report."""
        found = cls()
        real = {table.key: table for table in made.tables}
        shown = {table.key: table for table in published.tables}
        found._departments(real["departments"], shown["departments"])
        found._summary(real["summary"], shown["summary"])
        found._outstanding(real["outstanding"], shown["outstanding"])
        found._plan(real, shown)
        return found

    # --- what a reader writes down ---

    def _see(self, name: str, real: int, shown: object, whole: object = None) -> str:
        """A printed number, or a ＊: somebody, but of a small whole perhaps nobody."""
        if name in self.truth:
            assert self.truth[name] == real, name
        self.truth[name] = real
        is_of_few = type(whole) is int and 0 < whole < 5
        if is_of_few and not real:
            self.none_of_few.add(name)
        self.low[name] = max(self.low.get(name, 0), 1 if real and not is_of_few else 0)
        if shown is not HIDDEN:
            assert shown == real, name
            self.equations.append(({name: 1}, real))
        return name

    def _rest(self, whole: str, part: str) -> None:
        name = f"{whole} − {part}"
        self.truth[name], self.low[name] = self.truth[whole] - self.truth[part], 0
        assert self.truth[name] >= 0, name
        self.equations.append(({whole: 1, part: -1, name: -1}, 0))

    def _departments(self, real, shown) -> None:
        headings = [column.heading for column in real.columns]
        figures = ["全職員", "デジタル活用職員", *(f"{name}修了" for name in CATEGORIES)]
        pairs = [*zip(real.lines, shown.lines, strict=True), (real.total, shown.total)]
        for one, other in pairs:
            at = str(one.cells[0])
            for heading in figures:
                place = headings.index(heading)
                whole = one.cells[1] if heading != figures[0] else None
                self._see(f"{at} {heading}", one.cells[place], other.cells[place], whole)
            for heading in figures[1:]:
                self._rest(f"{at} 全職員", f"{at} {heading}")
            for heading in figures[2:]:
                self._rest(f"{at} {heading}", f"{at} デジタル活用職員")
        for heading in figures:
            terms = {f"{line.cells[0]} {heading}": 1 for line in real.lines}
            self.equations.append(({**terms, f"合計 {heading}": -1}, 0))

    def _summary(self, real, shown) -> None:
        same = {"全職員": "合計 全職員", "デジタル活用職員": "合計 デジタル活用職員"}
        same |= {f"{name}研修の修了者": f"合計 {name}修了" for name in CATEGORIES}
        for one, other in zip(real.lines, shown.lines, strict=True):
            words = str(one.cells[0])
            for place in (1, 2):
                if isinstance(one.cells[place], int):
                    is_city = place == 2 and words in same
                    name = "合計 全職員" if is_city else same.get(words, f"{words} {place}")
                    self._see(name, one.cells[place], other.cells[place])
            if words.startswith("幹部"):
                self._rest(f"{words} 2", f"{words} 1")
                self._rest("合計 全職員", f"{words} 2")

    def _outstanding(self, real, shown) -> None:
        for one, other in zip(real.lines, shown.lines, strict=True):
            row = str(one.cells[0])
            names = [
                self._see(f"{row} {place}", one.cells[place], other.cells[place], whole)
                for place, whole in zip((1, 2, 3, 4), (None, *[one.cells[1]] * 3), strict=True)
            ]
            self.equations.append((dict(zip(names, (1, -1, -1, -1), strict=True)), 0))
            self._rest(names[0], names[1])
            self._rest("合計 全職員", names[0])

    def _plan(self, real, shown) -> None:
        """All who completed a row did so in one of its years; the city's own are among them."""
        years: dict[str, list[str]] = {}
        tables = real["programme_years"], shown["programme_years"]
        for one, other in zip(*(table.lines for table in tables), strict=True):
            row = str(one.cells[0])
            name = self._see(f"{row} {one.cells[1]}", one.cells[4], other.cells[4])
            years.setdefault(row, []).append(name)
        tables = real["programmes"], shown["programmes"]
        for one, other in zip(*(table.lines for table in tables), strict=True):
            if one.cells[7] is None:
                continue
            row = str(one.cells[0])
            whole = self._see(f"{row} 全部", one.cells[7], other.cells[7])
            for year in years.get(row, ()):
                self._rest(whole, year)
            if f"{row} 2" in self.truth:
                self._rest(whole, f"{row} 2")

    # --- what follows from it ---

    def told(self) -> list[str]:
        """Groups of 1 to 4 people, and what nobody of them is, that follow from the report."""
        low, high = self._narrowed()
        fixed = self._determined() | {name for name in low if low[name] == high[name]}
        return sorted(
            name for name in fixed if 0 < self.truth[name] < 5 or name in self.none_of_few
        )

    def _determined(self) -> set[str]:
        """Unknowns that stand alone in a row of the reduced equations."""
        rows: list[dict[str, Fraction]] = []
        for terms, _ in self.equations:
            row = {name: Fraction(sign) for name, sign in terms.items()}
            for other in rows:
                pivot = next(iter(other))
                if pivot in row:
                    row = _less(row, other, row[pivot])
            if row:
                pivot = next(iter(row))
                row = {name: value / row[pivot] for name, value in row.items()}
                rows = [
                    _less(other, row, other[pivot]) if pivot in other else other for other in rows
                ]
                rows.append(row)
        return {next(iter(row)) for row in rows if len(row) == 1}

    def _narrowed(self) -> tuple[dict[str, int], dict[str, int]]:
        low, high = dict(self.low), dict.fromkeys(self.truth, MOST)
        is_narrower = True
        while is_narrower:
            is_narrower = False
            for terms, right in self.equations:
                for name, sign in terms.items():
                    others = [(s, n) for n, s in terms.items() if n != name]
                    least = sum(s * (low[n] if s > 0 else high[n]) for s, n in others)
                    most = sum(s * (high[n] if s > 0 else low[n]) for s, n in others)
                    ends = sorted(((right - least) * sign, (right - most) * sign))
                    if ends[0] > low[name] or ends[1] < high[name]:
                        low[name] = max(low[name], ends[0])
                        high[name] = min(high[name], ends[1])
                        is_narrower = True
        return low, high


def _less(row: dict[str, Fraction], other: dict[str, Fraction], times: Fraction):
    """The row less the other so many times, the first of the row kept in front."""
    names = dict.fromkeys([*row, *other])
    found = {name: row.get(name, 0) - times * other.get(name, 0) for name in names}
    return {name: value for name, value in found.items() if value}


# --- what stands open elsewhere -------------------------------------------------------------------


def open_elsewhere(made: Paper, published: Paper) -> list[str]:
    """Numbers that one table covers and another prints, where a reader takes both for the same."""
    seen: dict[tuple[str, object], dict[str, bool]] = defaultdict(dict)
    for about, where, real, shown in _places(made, published):
        if real:
            seen[about, real][where] = shown is HIDDEN
    return sorted(
        f"{about}: {real} {sorted(where)}"
        for (about, real), where in seen.items()
        if len(set(where.values())) > 1
    )


def _places(made: Paper, published: Paper):
    """(whom a number is about, where it stands, the number, what is printed)."""
    tables = {
        table.key: [
            *zip(table.lines, other.lines, strict=True),
            *([(table.total, other.total)] if table.total else []),
        ]
        for table, other in zip(made.tables, published.tables, strict=True)
    }
    year = FiscalYear.containing(made.as_of).label
    words = {"mind": "DXマインド", "knowledge": "知識", "skill": "スキル", "executive": "幹部"}
    summary = {str(one.cells[0]).partition("研修")[0]: (one, two) for one, two in tables["summary"]}
    for row, covered in tables["programmes"]:
        name, group = row.cells[0], row.group.partition(" ")[0]
        done, asked = f"{name} 修了", f"{name} 対象"
        yield done, "施策", row.cells[7], covered.cells[7]
        for one, two in tables["programme_years"]:
            if one.cells[0] == name and one.cells[1] == year:
                yield done, "年度別", one.cells[4], two.cells[4]
        for one, two in tables["outstanding"]:
            if one.cells[0] == name:
                yield done, "未受講者数", one.cells[2], two.cells[2]
                yield asked, "未受講者数", one.cells[1], two.cells[1]
        if group in words:
            one, two = summary[words[group]]
            yield done, "総括", one.cells[1], two.cells[1]
            yield asked, "総括", one.cells[2], two.cells[2]
    one, two = tables["departments"][-1]
    for place, word in ((1, "全職員"), (2, "デジタル活用職員")):
        yield word, "部署別", one.cells[place], two.cells[place]
        yield word, "総括", *(line.cells[1] for line in summary[word])
