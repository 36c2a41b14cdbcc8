"""The gap and the shortest way in words and as a chart. Every sentence is computed."""

from collections.abc import Sequence
from fractions import Fraction

from agano_dx.lib.charts.bars import Bar, bars
from agano_dx.lib.charts.figure import ChartFigure
from agano_dx.lib.charts.geometry import DataTable
from agano_dx.lib.fiscal import era_date
from reports.figures import SOURCE, in_words, percent
from reports.gap import Gap, Spread
from reports.progress import ShareTarget
from reports.shortest_way import Way
from training.models import Category


def training_name(category: str) -> str:
    """スキル研修."""
    return f"{Category(category).label}研修"


def training_names(categories: Sequence[str]) -> str:
    """DXマインド研修・スキル研修."""
    return "・".join(training_name(category) for category in categories)


def missing_label(count: int) -> str:
    """The group of those who lack so many categories."""
    return f"{count}区分が未修了" if count else "すべて修了"


def gap_figure(found: Gap) -> ChartFigure:
    """How many of the population lack none, one, two … categories."""
    total = found.total
    rows = [(missing_label(count), people) for count, people in enumerate(total.by_missing)]
    table = DataTable(
        ("未修了の区分", "人数", "割合"),
        tuple((label, f"{people}人", f"{_share(people, total)}％") for label, people in rows),
    )
    return ChartFigure(
        key="gap",
        title="未修了の研修区分の数（人）",
        finding=gap_finding(found),
        chart=bars(
            [Bar(label, people, f"{people}人") for label, people in rows], table, "全職員の人数"
        ),
        source=SOURCE,
        as_of=era_date(found.as_of),
        note=f"必要な研修区分：{training_names(found.required)}",
    )


def gap_finding(found: Gap) -> str:
    """How many are still missing something, and how far most of them have to go."""
    total = found.total
    lacking = total.population - total.capable
    if not total.population:
        return "この日に全職員に当てはまる人はいません。"
    if not lacking:
        return f"全職員{total.population}人が、必要な研修をすべて修了しています。"
    words = f"全職員{total.population}人のうち、{lacking}人に未修了の区分があります。"
    return f"{words}あと1区分で届く人は{total.by_missing[1]}人です。"


def way_in_words(way: Way) -> str:
    """The proposal in one sentence."""
    goal = goal_in_words(way.target)
    if not way.target.needed:
        return "この日に全職員に当てはまる人がいないため、道筋はありません。"
    if not way.short:
        return f"{goal}に届いています。新しい席は要りません。"
    seats = _seats(way)
    if way.left:
        return f"{_all_attending(way, seats)}、{goal}まであと{way.left}人足りません。"
    if not seats:
        return (
            f"未修了の区分をすべて受講予定の{len(way.ready)}人のうち{way.relied_on}人が修了すれば、"
            f"{goal}に届きます。新しい席は要りません。"
        )
    resting = f"受講予定の{way.relied_on}人が予定どおり修了すれば、" if way.relied_on else ""
    return f"{goal}は、{resting}{seats}で達成できます。"


def _all_attending(way: Way, seats: str) -> str:
    """What would be done if everybody who can attend did."""
    booked = f"受講予定の{way.relied_on}人" if way.relied_on else ""
    if booked and seats:
        return f"{booked}に{seats}を加えて全員が修了しても"
    if booked:
        return f"{booked}が予定どおり修了しても"
    return f"{seats}で全員が修了しても" if seats else "これから受講できる人がいないため"


def goal_in_words(target: ShareTarget) -> str:
    """R8の目標1/3（328人）."""
    return f"{target.fiscal_year.label}の目標{in_words(target.fraction)}（{target.needed}人）"


def _seats(way: Way) -> str:
    return "と".join(
        f"{training_name(category)} {len(people)}席" for category, people in way.seats.items()
    )


def _share(people: int, total: Spread) -> str:
    return str(percent(Fraction(people, total.population or 1)))
