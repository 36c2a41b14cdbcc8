"""What there is to do now, by role: the list on the home page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from agano_dx.lib.fiscal import era_date
from leaders.models import Cohort, Nomination, NominationStatus
from reports.followup import followup, followup_day
from reports.progress import Progress
from staff.access import Access
from staff.models import ImportStatus, RosterImport
from training.models import CountingRule, Offering
from training.proofs import unread_reports, waiting_for

# How long after a roster was put into force home reminds of what it left to do.
FOLLOWED_FOR = timedelta(days=30)
MOST_FOLLOWED = 3


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do. `kind` is the banner's: `warning` is overdue, `information` waits."""

    kind: str
    title: str
    body: str
    url: str
    action: str


def tasks(access: Access, today: date, figures: Progress | None) -> list[Task]:
    """What the asker should do today, the most pressing first."""
    found: list[Task] = []
    if access.keeps_training:
        found += _unmarked(today)
    if access.sees_lists:
        found += _waiting_evidence(access, today)
        found += _unread_reports(access, today)
    if figures is not None and access.sees_lists:
        found += _without_leader(figures)
    if access.is_hr:
        found += _waiting_nominations()
    if access.is_head:
        found += _own_nominations(access, today)
    if access.is_admin:
        found += _waiting_imports()
    if figures is not None and access.sees_everyone:
        found += _after_rosters(today, figures)
    return found


def _unmarked(today: date) -> Iterator[Task]:
    for offering in Offering.objects.awaiting_marks(today).select_related("course")[:5]:
        yield Task(
            "warning",
            f"出欠が未入力です：{offering.course.title}",
            f"{era_date(offering.starts_on)}の開催分です。",
            reverse("training:offering_attendance", args=[offering.pk]),
            "出欠を入力する",
        )


def _waiting_evidence(access: Access, today: date) -> Iterator[Task]:
    waiting = waiting_for(access, today)
    if waiting.qualifications:
        yield Task(
            "information",
            f"確認待ちの資格が{waiting.qualifications}件あります",
            "合格証の写しを見て、確認済にするか差し戻してください。",
            f"{reverse('training:evidence_list')}?kind=qualification&state=submitted",
            "資格を確かめる",
        )
    if waiting.ojt:
        yield Task(
            "information",
            f"確認待ちのOJT記録が{waiting.ojt}件あります",
            "内容を読んで、確認済にするか差し戻してください。",
            reverse("training:ojt_list"),
            "OJT記録を確かめる",
        )


def _unread_reports(access: Access, today: date) -> Iterator[Task]:
    unread = unread_reports(access, today)
    if unread:
        yield Task(
            "information",
            f"未確認の受講報告書が{unread}件あります",
            "読んで、確認済みにしてください。",
            reverse("training:report_list"),
            "受講報告書を読む",
        )


def _without_leader(figures: Progress) -> Iterator[Task]:
    names = "、".join(unit.name for unit in figures.leaders.without)
    if names:
        yield Task(
            "warning",
            f"推進リーダーのいない部署が{len(figures.leaders.without)}あります",
            names,
            reverse("leaders:nomination_list"),
            "推進リーダーを見る",
        )


def _waiting_nominations() -> Iterator[Task]:
    waiting = Nomination.objects.filter(status=NominationStatus.SUBMITTED).count()
    if waiting:
        yield Task(
            "information",
            f"承認を待っている推薦が{waiting}件あります",
            "内容を確かめて、承認するか差し戻してください。",
            reverse("leaders:nomination_list"),
            "推薦を見る",
        )


def _after_rosters(today: date, figures: Progress) -> Iterator[Task]:
    """Rosters put into force in the last weeks that leave something to do."""
    since = today - FOLLOWED_FOR
    applied = RosterImport.objects.filter(
        status=ImportStatus.APPLIED, applied_at__date__gte=since
    ).order_by("-applied_at", "-pk")
    days = [(one, followup_day(one, today)) for one in applied[:MOST_FOLLOWED]]
    rules = CountingRule.objects.in_force_on(day for _, day in days)
    for one, day in days:
        waiting = followup(one, today, rules[day], figures.leaders).waiting
        if waiting and one.effective_on:
            yield Task(
                "information",
                f"{era_date(one.effective_on)}の名簿を反映した後にすることが"
                f"{sum(part.open for part in waiting)}件あります",
                "、".join(f"{part.title}（{part.open}）" for part in waiting),
                reverse("reports:roster_followup", args=[one.pk]),
                "することを見る",
            )


def _own_nominations(access: Access, today: date) -> Iterator[Task]:
    returned = Nomination.objects.visible_to(access).filter(status=NominationStatus.RETURNED)
    for nomination in returned.filter(department__in=access.headed).select_related("department"):
        yield Task(
            "warning",
            f"{nomination.department.name}の推薦が差し戻されています",
            "人事担当のコメントを読んで、提出し直してください。",
            nomination.get_absolute_url(),
            "推薦を直す",
        )
    for cohort in Cohort.objects.all():
        if cohort.takes_nominations(today) and cohort.nominations_close_on:
            yield Task(
                "information",
                f"{cohort}の推進リーダーの推薦を受け付けています",
                f"締切は{era_date(cohort.nominations_close_on)}です。",
                reverse("leaders:nomination_list"),
                "推薦する",
            )


def _waiting_imports() -> Iterator[Task]:
    for waiting in RosterImport.objects.filter(status=ImportStatus.PREVIEW)[:3]:
        yield Task(
            "information",
            f"確認待ちの名簿があります：{waiting.file_name}",
            "内容を確かめて、反映するか取りやめてください。",
            waiting.get_absolute_url(),
            "名簿を確かめる",
        )
