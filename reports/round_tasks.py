"""What rounds of nominations ask of HR and of heads: lines of the list on the home page."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.urls import reverse

from agano_dx.lib.calendar import working_days_before
from agano_dx.lib.fiscal import era_date
from leaders.models import Cohort
from leaders.round_board import Board, board_of
from reports.task import Task
from staff.access import Access
from staff.organisation import DepartmentTree

# Working days before a round's last day from which HR is told who is silent.
CLOSING_SOON = 5
MOST_NAMED = 3


def rounds_to_fill(access: Access, today: date) -> Iterator[Task]:
    """Open rounds: one's own departments, for who nominates; all silent ones at the end, for HR."""
    asking = [cohort for cohort in Cohort.objects.all() if cohort.takes_nominations(today)]
    tree = DepartmentTree.load(today) if asking else None
    for cohort in asking:
        closes_on = cohort.nominations_close_on
        if tree is None or closes_on is None:
            continue
        board = board_of(cohort, access, tree)
        yield from _own(board, access, closes_on)
        if access.is_hr and today >= working_days_before(closes_on, CLOSING_SOON):
            yield from _silent(board, closes_on)


def rounds_left_open(access: Access, today: date) -> Iterator[Task]:
    """Rounds whose days are over while departments are missing: for HR, and for their heads."""
    tree = None
    for cohort in Cohort.objects.all():
        closes_on = cohort.nominations_close_on
        if closes_on is None or not closes_on < today < cohort.starts_on:
            continue  # once the cohort runs, the alarm of departments without a leader takes over
        tree = tree or DepartmentTree.load(today)
        missing = board_of(cohort, access, tree).missing
        units = [one.department for one in missing]
        if not access.is_hr:
            units = [unit for unit in units if unit.pk in access.nominating]
        if units:
            yield Task(
                "warning",
                f"{cohort}の推薦が、締切を過ぎても{len(units)}部署から出ていません",
                f"締切は{era_date(closes_on)}でした。{_named([unit.name for unit in units])}"
                + ("" if access.is_hr else "。人事担当に相談してください。"),
                f"{_url(cohort)}{'&state=missing' if access.is_hr else ''}",
                "推薦を確かめる",
            )


def cohorts_to_close(today: date) -> Iterator[Task]:
    """Cohorts whose last day has come and whose terms are not all decided and closed."""
    over = Cohort.objects.filter(closed_at__isnull=True, terms__isnull=False).distinct()
    for cohort in over:
        if cohort.ends_on <= today:
            undecided = cohort.terms.filter(completed=False, decided_on__isnull=True).count()
            yield Task(
                "warning",
                f"{cohort}の終了処理がまだです",
                f"修了か未修了かを決めていない任期が{undecided}件あります。",
                reverse("leaders:cohort_close", args=[cohort.number]),
                "期を終了する",
            )


def _own(board: Board, access: Access, closes_on: date) -> Iterator[Task]:
    own = [one.department for one in board.missing if one.department.pk in access.nominating]
    if own:
        yield Task(
            "information",
            f"{board.cohort}の推進リーダーの推薦を受け付けています",
            f"締切は{era_date(closes_on)}です。まだ提出していない部署："
            f"{_named([unit.name for unit in own])}",
            _url(board.cohort),
            "推薦する",
        )


def _silent(board: Board, closes_on: date) -> Iterator[Task]:
    missing = [state.department.name for state in board.missing]
    if missing:
        yield Task(
            "warning",
            f"{board.cohort}の推薦の締切が近く、未提出の部署が{len(missing)}部署あります",
            f"締切は{era_date(closes_on)}です。{_named(missing)}",
            f"{_url(board.cohort)}&state=missing",
            "未提出の部署を見る",
        )


def _url(cohort: Cohort) -> str:
    return f"{reverse('leaders:nomination_list')}?cohort={cohort.number}"


def _named(names: Sequence[str]) -> str:
    """The first few by name, and how many more there are."""
    more = len(names) - MOST_NAMED
    return "、".join(names[:MOST_NAMED]) + (f"、ほか{more}部署" if more > 0 else "")
