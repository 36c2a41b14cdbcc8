"""要確認: what of a day's figures asks for somebody's attention, in true sentences alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from agano_dx.lib.fiscal import FiscalYear
from leaders.models import Cohort
from reports.cards import due_band
from reports.figures import in_words, next_target, percent
from reports.history import LeaderYear
from reports.progress import Progress
from training.models import FrozenYear, Offering
from training.outstanding.counts import OwingCounts
from training.plan_board import PLAN_FIRST, PLAN_LAST

# How many departments are named as those with the lowest share, of how many at least, and from how
# many people on a share says something of a department.
MOST_NAMED: Final = 3
ENOUGH_TO_COMPARE: Final = 5
ENOUGH_PEOPLE: Final = 5
# Days before a target's day from which what is missing is pressing.
SOON: Final = 120


@dataclass(frozen=True, slots=True)
class Part:
    """A thing named in a concern, with its address, if it may be opened."""

    words: str
    thing: str = ""


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing to look at. `key` says which; `parts` are departments or rows of the plan.

    `is_pressing`: an alarm, or something overdue.
    """

    key: str
    title: str
    body: str = ""
    parts: tuple[Part, ...] = ()
    is_pressing: bool = False


def concerns(
    figures: Progress, leaders: Sequence[LeaderYear] | None, owing: OwingCounts
) -> list[Concern]:
    """What the figures themselves say. `leaders`: the whole city's; `None` for a part of it."""
    return [
        *_without_leader(figures),
        *_target_short(figures),
        *(_leaders_in_danger(figures, leaders) if leaders is not None else ()),
        *_behind(figures),
        *_owing(owing),
    ]


def chores(today: date) -> list[Concern]:
    """What those who keep the training have left undone by today."""
    return [*_unmarked(today), *_not_final(today)]


def _without_leader(figures: Progress) -> Iterator[Concern]:
    without = figures.leaders.without
    if without:
        yield Concern(
            "without_leader",
            f"推進リーダーのいない部署が{len(without)}部署あります",
            parts=tuple(Part(unit.name, str(unit.pk)) for unit in without),
            is_pressing=True,
        )


def _target_short(figures: Progress) -> Iterator[Concern]:
    target = next_target(figures)
    short = target.needed - figures.total.capable if target else 0
    if target is None or short <= 0:
        return
    label = f"{target.fiscal_year.label}の目標{in_words(target.fraction)}"
    days = (target.due - figures.as_of).days
    yield Concern(
        "target_short",
        f"{label}まであと{short}人です" if days >= 0 else f"{label}に{short}人足りません",
        f"期日まで残り{days}日です。" if days >= 0 else "期日を過ぎています。",
        is_pressing=days <= SOON,
    )


def _leaders_in_danger(figures: Progress, years: Sequence[LeaderYear]) -> Iterator[Concern]:
    """The next band is out of reach even if everybody active completes their term in time."""
    band = due_band(years, figures.as_of)
    if band is None or band.minimum is None:
        return
    cohort = Cohort.objects.running_on(figures.as_of)
    ends_in_time = cohort is not None and cohort.ends_on <= band.year.last_day
    completed = figures.leaders.completed_person_terms
    sitting = figures.leaders.sitting if ends_in_time else 0
    if ends_in_time and completed + sitting < band.minimum:
        yield Concern(
            "leaders",
            f"{band.year.label}末の推進リーダーの目標（延べ{band.minimum}人以上）に届かないおそれがあります",
            f"修了した任期{completed}件に、活動中の{sitting}人が全員修了しても"
            f"延べ{completed + sitting}人です。",
            is_pressing=True,
        )


def _behind(figures: Progress) -> Iterator[Concern]:
    """The departments with the lowest shares, where there are enough to compare."""
    known = [row for row in figures.units if row.counts.population >= ENOUGH_PEOPLE]
    if len(known) < ENOUGH_TO_COMPARE:
        return
    below = [row for row in known if row.counts.share < figures.total.share]
    lowest = sorted(below, key=lambda row: row.counts.share)[:MOST_NAMED]
    if lowest:
        yield Concern(
            "behind",
            f"全体（{percent(figures.total.share)}％）より割合の低い部署が{len(below)}部署あります",
            f"全職員が{ENOUGH_PEOPLE}人以上の部署を、低い方から：",
            tuple(
                Part(f"{row.unit.name}（{percent(row.counts.share)}％）", str(row.unit.pk))
                for row in lowest
            ),
        )


def _owing(owing: OwingCounts) -> Iterator[Concern]:
    if owing.people:
        most = sorted(owing.rows, key=lambda row: -row[1])[:MOST_NAMED]
        yield Concern(
            "owing",
            f"今年度の研修をまだ修了していない職員が{owing.people}人います",
            "人数の多い研修：",
            tuple(Part(f"{row.name}（{people}人）", row.code) for row, people in most),
        )


def _unmarked(today: date) -> Iterator[Concern]:
    waiting = Offering.objects.awaiting_marks(today).count()
    if waiting:
        yield Concern(
            "unmarked",
            f"出欠が未入力の開催回が{waiting}回あります",
            "入力するまで、修了に数えません。",
            is_pressing=True,
        )


def _not_final(today: date) -> Iterator[Concern]:
    """Years of the plan that are over and whose figures nobody has made final."""
    frozen = set(FrozenYear.objects.values_list("fiscal_year", flat=True))
    over = [
        year
        for year in FiscalYear.range(PLAN_FIRST, PLAN_LAST)
        if year.last_day < today and year not in frozen
    ]
    if over:
        yield Concern(
            "not_final",
            f"{'、'.join(year.label for year in over)}の数値がまだ確定していません",
            "年度が終わったら、数値を確定してください。",
        )
