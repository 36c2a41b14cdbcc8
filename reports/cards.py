"""The number cards of the dashboard: each figure with what it is held against."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from agano_dx.lib.fiscal import FiscalYear
from agano_dx.lib.japanese import signed
from leaders.bands import BandCount, LeaderBand
from reports.figures import needed_in_words, next_target, percent
from reports.history import LeaderYear, SharePoint
from reports.progress import Progress
from training.plan_board import PLAN_FIRST


class Addresses(Protocol):
    """Where the people behind a figure are; empty where they may not be seen."""

    def people(self, figure: str, on: date | None = None, **narrowed: str) -> str:
        """The people behind a figure of the whole scope."""

    def terms(self, on: date | None = None) -> str:
        """The completed terms of the whole scope."""


# 「約100人」: so many fewer are おおむね達成.
ROUGHLY: Final = 2


@dataclass(frozen=True, slots=True)
class Fact:
    """A line under a number; with an address when it is itself a number of people."""

    words: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What templates/components/number_card.html draws."""

    label: str
    value: str
    unit: str
    href: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """What the cards are held against: the scope's history, and specialists a year's end ago."""

    share: Sequence[SharePoint]
    leaders: Sequence[LeaderYear]
    specialists: Sequence[BandCount]


def year_before(on: date) -> FiscalYear | None:
    """The year whose end a day is held against; `None` in the plan's first year."""
    year = FiscalYear.containing(on)
    return year.previous if year > PLAN_FIRST else None


def cards(figures: Progress, past: Past, to: Addresses, today: date) -> list[Card]:
    """The four cards. The plan's bands are the whole city's: others see their numbers alone."""
    return [
        _share(figures, past, to, today),
        _leaders(figures, past, to),
        _specialists(figures, past, to),
        _executives(figures, to),
    ]


def _share(figures: Progress, past: Past, to: Addresses, today: date) -> Card:
    total, target = figures.total, next_target(figures)
    facts = [Fact(needed_in_words(target, figures, today))] if target else []
    before = year_before(figures.as_of)
    point = next((one for one in past.share if before and one.on == before.last_day), None)
    if before is not None and point is not None and point.population:
        change = percent(total.share) - percent(point.share)
        facts.append(
            Fact(f"{before.label}末（{percent(point.share)}％）から{signed(change)}ポイント")
        )
    facts.append(Fact(f"まだの職員 {total.lacking}人", to.people("not_capable")))
    return Card(
        label="デジタル活用職員",
        value=str(percent(total.share)),
        unit=f"％（{total.capable} / {total.population}人）",
        href=to.people("capable"),
        facts=tuple(facts),
    )


def _leaders(figures: Progress, past: Past, to: Addresses) -> Card:
    leaders = figures.leaders
    facts = list(_completed_terms(figures, past, to))
    facts.append(Fact(f"修了した人（実人数） {leaders.people}人", to.people("leaders_completed")))
    if giving := len(leaders.covered) + len(leaders.without):
        without = len(leaders.without)
        facts.append(
            Fact(
                f"リーダーのいない部署 {without}部署（全{giving}部署）"
                if without
                else f"リーダーのいない部署はありません（全{giving}部署）"
            )
        )
    before = year_before(figures.as_of)
    point = next((one for one in past.leaders if one.year == before), None)
    if point is not None and point.sitting is not None and point.completed is not None:
        facts.append(
            Fact(
                f"{point.year.label}末から：活動中{signed(leaders.sitting - point.sitting)}人・"
                f"修了 延べ{signed(leaders.completed_person_terms - point.completed)}人"
            )
        )
    return Card(
        label="推進リーダー",
        value=str(leaders.sitting),
        unit="人が活動中",
        href=to.people("leaders"),
        facts=tuple(facts),
    )


def _completed_terms(figures: Progress, past: Past, to: Addresses) -> Iterator[Fact]:
    """修了 延べ, which the plan's band asks for: not those who are active now."""
    completed = figures.leaders.completed_person_terms
    words = f"修了 延べ{completed}人"
    band = due_band(past.leaders, figures.as_of)
    if figures.is_whole_city and band is not None and band.band is not None:
        yield Fact(f"{band.year.label}末の目標 修了 延べ{band.band.words}")
        words = f"{words}：{_standing(band.band, completed)}"
    yield Fact(words, to.terms())


def due_band(years: Sequence[LeaderYear], on: date) -> LeaderYear | None:
    """The plan's next band of leaders, of the running year or the first one after it."""
    return next((one for one in years if one.minimum and one.year.last_day >= on), None)


def _standing(band: LeaderBand, completed: int) -> str:
    if completed >= band.minimum:
        is_above = band.maximum is not None and completed > band.maximum
        return "目標より多い（見込み超）" if is_above else "達成"
    if band.is_approximate and completed >= band.minimum - ROUGHLY:
        return "おおむね達成"
    return f"あと{band.minimum - completed}人"


def _specialists(figures: Progress, past: Past, to: Addresses) -> Card:
    total = sum(row.count for row in figures.specialists)
    facts = [
        Fact(
            f"{row.band.label} {row.count}人",
            to.people("specialists", band=str(row.band)),
        )
        for row in figures.specialists
    ]
    if figures.is_whole_city:
        facts = [
            Fact(f"{fact.words}（目標 {range_words(row)}）", fact.href)
            for fact, row in zip(facts, figures.specialists, strict=True)
        ]
    before = year_before(figures.as_of)
    if before is not None:
        change = total - sum(row.count for row in past.specialists)
        facts.append(Fact(f"{before.label}末から{signed(change)}人"))
    return Card("専門分野人材", str(total), "人", to.people("specialists"), tuple(facts))


def range_words(row: BandCount) -> str:
    """What the plan asks of a band: 2～4人, 20人以上."""
    return f"{row.minimum}～{row.maximum}人" if row.maximum else f"{row.minimum}人以上"


def _executives(figures: Progress, to: Addresses) -> Card:
    executives, year = figures.executives, FiscalYear.containing(figures.as_of)

    def facts() -> Iterator[Fact]:
        owing = executives.population - executives.completed_this_year
        yield Fact(f"幹部職員 {executives.population}人", to.people("executives"))
        yield Fact(f"まだの幹部職員 {owing}人", to.people("executives_outstanding"))

    return Card(
        label=f"{year.label}の幹部研修",
        value=str(executives.completed_this_year),
        unit="人が修了",
        href=to.people("executives_completed"),
        facts=tuple(facts()),
    )
