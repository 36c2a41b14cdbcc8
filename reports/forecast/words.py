"""The forecast in words: every sentence follows from the numbers, and says 見込み."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from agano_dx.lib.fiscal import FiscalYear, era_date
from agano_dx.lib.japanese import signed
from reports.figures import in_words, percent
from reports.forecast import Forecast, Spread, YearRange
from reports.models import Target
from reports.progress import needed_people

REACHES, MISSES, BETWEEN = "届く見込み", "届かない見込み", "届くかどうかは幅の中"
CHIPS = {REACHES: "success", MISSES: "error", BETWEEN: "warning"}
Promises = Mapping[FiscalYear, Fraction]


def promises_of(targets: list[Target]) -> dict[FiscalYear, Fraction]:
    """The promised shares by year."""
    return {target.fiscal_year: target.fraction for target in targets}


def verdict(at: YearRange, fraction: Fraction) -> str:
    """Whether the promised share is reached from the low end on, at no end, or in between."""
    needed = needed_people(fraction, at.population)
    if at.low >= needed:
        return REACHES
    return MISSES if at.high < needed else BETWEEN


def people_range(at: YearRange) -> str:
    """122～131人, or 122人 where the range is one number."""
    return f"{at.low}人" if at.low == at.high else f"{at.low}～{at.high}人"


def share_range(at: YearRange) -> str:
    """28.4～30.5."""
    low, high = percent(at.low_share), percent(at.high_share)
    return f"{low}" if low == high else f"{low}～{high}"


def amount(value: Fraction) -> str:
    """A number to one decimal, without a zero behind the point."""
    exact = Decimal(value.numerator) / value.denominator
    return f"{exact.quantize(Decimal('0.1'), ROUND_HALF_UP)}".removesuffix(".0")


def spread_words(places: Spread) -> str:
    """0～2.8, or 2.8 where both ends are told alike."""
    return "～".join(dict.fromkeys((amount(places.low), amount(places.high))))


def answer(found: Forecast, promises: Promises) -> str:
    """The first year's end, then the plan's last, each held against its target."""
    if not found.years:
        return "計画の期間（R16まで）が終わったため、この日の見込みはありません。"
    first, last = found.years[0], found.years[-1]
    if not first.population:
        return "この日は全職員に数える人がいないため、見込みはありません。"
    words = (
        f"{era_date(first.year.last_day)}には、{first.population}人のうち{people_range(first)}"
        f"（{share_range(first)}％）がデジタル活用職員になる見込みです。"
    )
    words += goal_sentence(first, promises)
    if last.year != first.year:
        words += f"{last.year.label}末は{share_range(last)}％の見込みです。"
        words += goal_sentence(last, promises)
    return words


def goal_sentence(at: YearRange, promises: Promises) -> str:
    """The year's promise held against the range; nothing where the year has none."""
    goal = goal_words(at, promises)
    if not goal:
        return ""
    said = verdict(at, promises[at.year])
    if said == BETWEEN:
        return f"{at.year.label}の{goal}に届くかどうかは、見込みの幅の中です。"
    return f"{at.year.label}の{goal}に{said}です。"


def goal_words(at: YearRange, promises: Promises) -> str:
    """目標1/3（144人）; empty where the year promises nothing."""
    fraction = promises.get(at.year)
    if fraction is None:
        return ""
    return f"目標{in_words(fraction)}（{needed_people(fraction, at.population)}人）"


def cards(found: Forecast, promises: Promises) -> list[dict[str, str]]:
    """The next year's end and those with a promise."""
    return [
        {
            "label": f"{at.year.label}末の見込み",
            "value": share_range(at),
            "unit": f"％（{people_range(at)} / {at.population}人）",
            "comparison": f"{goal}：{verdict(at, promises[at.year])}"
            if (goal := goal_words(at, promises))
            else "この年度の目標はありません",
        }
        for at in found.years
        if at is found.years[0] or at.year in promises
    ]


def year_rows(found: Forecast, promises: Promises) -> list[dict[str, str]]:
    """One row a year's end."""
    rows = []
    for at in found.years:
        said = verdict(at, promises[at.year]) if at.year in promises else ""
        rows.append(
            {
                "year": at.year.long_label,
                "population": f"{at.population}人",
                "people": people_range(at),
                "share": f"{share_range(at)}％",
                "goal": goal_words(at, promises).removeprefix("目標"),
                "verdict": said,
                "kind": CHIPS.get(said, ""),
            }
        )
    return rows


def beside(base: Forecast, other: Forecast) -> list[dict[str, str]]:
    """Each year's end as forecast, as it would be, and the difference."""
    return [
        {
            "year": was.year.long_label,
            "was": f"{people_range(was)}（{share_range(was)}％）",
            "is": f"{people_range(now)}（{share_range(now)}％）",
            "difference": _difference(was, now),
        }
        for was, now in zip(base.years, other.years, strict=True)
    ]


def what_if_answer(base: Forecast, other: Forecast, promises: Promises) -> str:
    """What the other assumptions would do to the next promise and to the plan's last."""
    ends = [at for at in other.years if at.year in promises]
    told = dict.fromkeys([at.year for at in (*ends[:1], *ends[-1:], *other.years[-1:])])
    words = []
    for year in told:
        was, now = base.at(year), other.at(year)
        if was is None or now is None:
            continue
        before, after = share_range(was), share_range(now)
        change = f"{before}％から{after}％になります" if before != after else f"{after}％のままです"
        words.append(f"{year.label}末の見込みは、{change}。{goal_sentence(now, promises)}")
    return "".join(words)


def _difference(was: YearRange, now: YearRange) -> str:
    both = sorted({now.low - was.low, now.high - was.high})
    return "～".join(signed(one) for one in both) + "人"
