"""What is still open of a year before its figures are made final."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse

from agano_dx.lib.fiscal import FiscalYear, era_date
from leaders.models import LeaderTerm
from reports.models import Snapshot
from staff.models import WAITING, RosterImport
from training.models import Evidence, EvidenceKind, Offering

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Matter:
    """Something open: how many, what to do, and where; `links` are (words, address)."""

    title: str
    count: int
    advice: str
    links: tuple[tuple[str, str], ...] = ()


def open_matters(year: FiscalYear, today: date) -> list[Matter]:
    """What may still change the year's figures, in a constant number of queries."""
    found = [
        _earlier(year),
        _unmarked(year, today),
        _unclosed(year),
        _rosters(year),
        _terms(year),
        _ojt(year),
    ]
    return [matter for matter in found if matter.count]


def _earlier(year: FiscalYear) -> Matter:
    open_years = Snapshot.objects.years_to_freeze(year.first_day)
    return Matter(
        "数値を確定していない前の年度",
        len(open_years),
        "先に確定しておくと、年度ごとの差を比べられます。",
        tuple(
            (one.long_label, reverse("reports:snapshot_new", args=[one.year])) for one in open_years
        ),
    )


def _unmarked(year: FiscalYear, today: date) -> Matter:
    waiting = list(
        Offering.objects.awaiting_marks(today)
        .filter(ends_on__range=(year.first_day, year.last_day))
        .select_related("course")
        .order_by("ends_on", "pk")
    )
    links = [_link(one) for one in waiting[:MOST_NAMED]]
    if more := len(waiting) - len(links):
        links.append((f"ほか{more}件（開催回・出欠の一覧）", _held(year)))
    return Matter(
        "出欠が未入力の開催回",
        len(waiting),
        "出欠を入力してください。確定した後は、1人ずつの訂正になります。",
        tuple(links),
    )


def _unclosed(year: FiscalYear) -> Matter:
    held = Offering.objects.filter(
        ends_on__range=(year.first_day, year.last_day),
        closed_at__isnull=True,
        cancelled_at__isnull=True,
    )
    return Matter(
        "締めていない開催回",
        held.count(),
        "締めていなくても確定できます。確定すると、どの開催回も締めたときと同じになります。",
        (("開催回・出欠", _held(year)),),
    )


def _rosters(year: FiscalYear) -> Matter:
    waiting = RosterImport.objects.filter(
        status__in=WAITING, effective_on__lte=year.last_day
    ).count()
    return Matter(
        "反映していない名簿",
        waiting,
        "年度末までの発令の名簿です。システム管理者に、反映するか取りやめるかを確かめてください。",
    )


def _terms(year: FiscalYear) -> Matter:
    """Terms over by the year's end, by their own last day or else by that of their cohort."""
    over = Q(ends_on__lte=year.last_day) | Q(ends_on__isnull=True, cohort__last_year__lte=year)
    ended = list(
        LeaderTerm.objects.filter(over, completed=False, decided_on__isnull=True)
        .select_related("cohort")
        .order_by("cohort__number")
    )
    cohorts = {term.cohort_id: term.cohort for term in ended}
    return Matter(
        "修了を判定していない任期",
        len(ended),
        "期の画面で、修了か修了でないかを決めてください。",
        tuple((str(one), one.get_absolute_url()) for one in cohorts.values()),
    )


def _ojt(year: FiscalYear) -> Matter:
    """Records that cannot be confirmed any more when the year of the offering or day is frozen."""
    days = (year.first_day, year.last_day)
    waiting = Evidence.objects.waiting().filter(
        Q(attendance__offering__ends_on__range=days) | Q(obtained_on__range=days),
        kind=EvidenceKind.OJT,
    )
    address = f"{reverse('training:evidence_list')}?kind=ojt&state=submitted"
    return Matter(
        "確認を待っているOJT記録",
        waiting.count(),
        "確定する前に確認してください。確定した後は確認できず、出欠の1人ずつの訂正になります。",
        (("実績・資格", address),),
    )


def _held(year: FiscalYear) -> str:
    """The list of the year's offerings that are over and not closed."""
    return f"{reverse('training:offering_list')}?year={year.label}&state=held"


def _link(offering: Offering) -> tuple[str, str]:
    words = f"{era_date(offering.ends_on)}　{offering.course.title}"
    return words, reverse("training:offering_attendance", args=[offering.pk])
