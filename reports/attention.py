"""要確認: what of a day's figures asks for somebody's attention, in true sentences alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from agano_dx.lib.fiscal import FiscalYear, era_date
from leaders.models import Cohort
from reports.cards import due_band
from reports.figures import in_words, next_target, percent
from reports.history import LeaderYear
from reports.models import Snapshot
from reports.progress import Counts, Progress, needed_people
from training.models import Offering
from training.outstanding.counts import OwingCounts

# How many departments are named as those with the lowest share, of how many at least, and from how
# many people on a share says something of a department.
MOST_NAMED: Final = 3
ENOUGH_TO_COMPARE: Final = 5
ENOUGH_PEOPLE: Final = 5
# Days before a target's day from which what is missing is pressing.
SOON: Final = 120
# How long a cohort of leaders runs.
COHORT_YEARS: Final = 2


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
    figures: Progress,
    leaders: Sequence[LeaderYear],
    owing: OwingCounts,
    *,
    today: date,
    frozen: Mapping[FiscalYear, Counts],
) -> list[Concern]:
    """What the figures themselves say. The plan's targets concern the whole city alone.

    `frozen`: 確定値 of years made final, which decide about the targets of these years.
    """
    of_plan = (
        (*_target_short(figures, today, frozen), *_leaders_in_danger(figures, leaders))
        if figures.is_whole_city
        else ()
    )
    return [*_without_leader(figures), *of_plan, *_behind(figures), *_owing(owing)]


def chores(today: date) -> list[Concern]:
    """What those who keep the training have left undone by today."""
    return [*_unmarked(today)]


def _without_leader(figures: Progress) -> Iterator[Concern]:
    without = figures.leaders.without
    if without:
        yield Concern(
            "without_leader",
            f"推進リーダーのいない部署が{len(without)}部署あります",
            parts=tuple(Part(unit.name, str(unit.pk)) for unit in without),
            is_pressing=True,
        )


def _target_short(
    figures: Progress, today: date, frozen: Mapping[FiscalYear, Counts]
) -> Iterator[Concern]:
    target = next_target(figures)
    if target is None:
        return
    days = (target.due - min(figures.as_of, today)).days
    final = frozen.get(target.fiscal_year) if figures.as_of >= target.due else None
    counts = final or figures.total
    short = needed_people(target.fraction, counts.population) - counts.capable
    if short <= 0:
        return
    label = f"{target.fiscal_year.label}の目標{in_words(target.fraction)}"
    body = f"期日まで残り{days}日です。" if days >= 0 else "期日を過ぎています。"
    yield Concern(
        "target_short",
        f"{label}まであと{short}人です" if days >= 0 else f"{label}に{short}人足りません",
        f"{body}確定値によります。" if final else body,
        is_pressing=days <= SOON,
    )


def _leaders_in_danger(figures: Progress, years: Sequence[LeaderYear]) -> Iterator[Concern]:
    """The next band is out of reach even if everybody active completes their term in time."""
    year = due_band(years, figures.as_of)
    if year is None or year.band is None:
        return
    cohort = Cohort.objects.running_on(figures.as_of)
    last = FiscalYear.containing(cohort.ends_on if cohort else figures.as_of)
    if last.year + COHORT_YEARS <= year.year.year:
        return  # another cohort can be through by then
    completed, sitting = figures.leaders.completed_person_terms, figures.leaders.sitting
    is_in_time = cohort is not None and cohort.ends_on <= year.year.last_day
    if completed + (sitting if is_in_time else 0) >= year.band.minimum:
        return
    body = f"修了した任期は{completed}件です。"
    if cohort is None or not sitting:
        body += "活動中の推進リーダーはいません。"
    elif is_in_time:
        body += f"活動中の{sitting}人が全員修了しても、延べ{completed + sitting}人です。"
    else:
        body += f"活動中の{sitting}人の任期は{era_date(cohort.ends_on)}までで、間に合いません。"
    yield Concern(
        "leaders",
        f"{year.year.label}末の推進リーダーの目標（延べ{year.band.words}）に"
        "届かないおそれがあります",
        body,
        is_pressing=True,
    )


def _behind(figures: Progress) -> Iterator[Concern]:
    """The departments with the lowest shares, where there are enough to compare."""
    known = [row for row in figures.units if row.counts.population >= ENOUGH_PEOPLE]
    if len(known) < ENOUGH_TO_COMPARE:
        return
    whole = "全体" if figures.is_whole_city else "所属全体"
    below = [row for row in known if row.counts.share < figures.total.share]
    lowest = sorted(below, key=lambda row: row.counts.share)[:MOST_NAMED]
    if lowest:
        yield Concern(
            "behind",
            f"全職員{ENOUGH_PEOPLE}人以上の{len(known)}部署のうち、"
            f"{whole}（{percent(figures.total.share)}％）より割合の低い部署が"
            f"{len(below)}部署あります",
            "割合の低い方から：",
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


def not_final(today: date) -> Iterator[Concern]:
    """Years of the plan that are over and whose figures nobody has made final."""
    over = Snapshot.objects.years_to_freeze(today)
    if over:
        yield Concern(
            "not_final",
            f"数値を確定していない年度が{len(over)}年度あります",
            parts=tuple(Part(year.long_label, str(year.year)) for year in over),
        )
