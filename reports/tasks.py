"""What there is to do now, by role: the list on the home page."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.urls import reverse

from agano_dx.lib.fiscal import era_date
from leaders.activities import overdue_steps, terms_without_activity
from leaders.models import Nomination, NominationStatus
from leaders.questions import open_questions
from reports.followup import followup, followup_day
from reports.followup.ground import Ground
from reports.progress import Progress
from reports.round_tasks import cohorts_to_close, rounds_left_open, rounds_to_fill
from reports.task import Task
from reports.ways import cohort_page
from reports.year_tasks import years_to_freeze
from staff.access import Access
from staff.models import ImportStatus, RosterImport
from training import mine
from training.models import Attendance, AttendanceStatus, Counting, CountingRule, Offering
from training.outstanding.counts import owing_counts
from training.proofs import unread_reports, waiting_for
from training.reminders import due, goes_by_mail, pace_here

# How long after a roster was put into force home reminds of what it left to do.
FOLLOWED_FOR = timedelta(days=30)
MOST_FOLLOWED = 3
MOST_NAMED = 3
WEEKDAYS = "月火水木金土日"


def tasks(access: Access, today: date, rule: Counting, figures: Progress | None) -> list[Task]:
    """What the asker should do today, the most pressing first."""
    found: list[Task] = []
    if access.keeps_training:
        found += _unmarked(today)
    if access.sees_lists:
        found += _waiting_evidence(access, today)
        found += _unread_reports(access, today)
    if figures is not None and access.sees_lists:
        found += _without_leader(figures)
    if access.keeps_leaders:
        found += _leader_questions(today)
        found += _waiting_nominations(today)
    if access.is_hr or access.nominating:
        found += rounds_to_fill(access, today)
        found += rounds_left_open(access, today)
    if access.keeps_leaders:
        found += cohorts_to_close(today)
    if access.nominating:
        found += _own_returned(access, today)
    if access.is_admin:
        found += _waiting_imports()
    if access.is_hr:
        found += years_to_freeze(today)
    if figures is not None and access.sees_everyone:
        found += _after_rosters(today, figures)
    if access.keeps_training:
        found += _letters_on_paper(today)
    if access.is_head and not access.sees_everyone:  # others' lists are not of their own people
        found += _own_people_owing(access, today, rule)
    if access.staff_id is not None:
        found += _own_activities(access.staff_id, today)
        found += _own_training(access.staff_id, today, rule)
    return found


def _unmarked(today: date) -> Iterator[Task]:
    waiting = Offering.objects.awaiting_marks(today).order_by("ends_on", "pk")
    for offering in waiting.select_related("course")[:5]:
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
            f"推進リーダーのいない部署が{len(figures.leaders.without)}部署あります",
            names,
            cohort_page(figures.as_of),
            "推進リーダーを見る",
        )


def _leader_questions(today: date) -> Iterator[Task]:
    """Leaders who moved, are away or have left: HR decides whether their terms go on."""
    waiting = [question for question in open_questions(today) if question.is_open]
    if waiting:
        terms = {question.term.pk: question.term for question in waiting}
        first = next(iter(terms.values()))
        yield Task(
            "warning",
            f"任期を確かめる推進リーダーが{len(terms)}人います",
            _named(f"{term.department.name} {term.staff.name}" for term in terms.values()),
            f"{first.cohort.get_absolute_url()}#questions",
            "任期を確かめる",
        )


def _waiting_nominations(today: date) -> Iterator[Task]:
    waiting = (
        Nomination.objects.still_wanted(today).filter(status=NominationStatus.SUBMITTED).count()
    )
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
    grounds = {day: Ground.load(day, rule, figures.leaders) for day, rule in rules.items()}
    for one, day in days:
        waiting = followup(one, today, grounds[day]).waiting
        if waiting and one.effective_on:
            yield Task(
                "information",
                f"{era_date(one.effective_on)}の名簿を反映した後にすることが"
                f"{sum(part.open for part in waiting)}件あります",
                "、".join(f"{part.title}（{part.open}）" for part in waiting),
                reverse("reports:roster_followup", args=[one.pk]),
                "することを見る",
            )


def _own_returned(access: Access, today: date) -> Iterator[Task]:
    returned = (
        Nomination.objects.visible_to(access)
        .still_wanted(today)
        .filter(status=NominationStatus.RETURNED, department__in=access.nominating)
    )
    if access.staff_id is not None:  # a deputy cannot write their own
        returned = returned.exclude(staff=access.staff_id)
    for nomination in returned.select_related("department"):
        yield Task(
            "warning",
            f"{nomination.department.name}の推薦が差し戻されています",
            "人事担当のコメントを読んで、提出し直してください。",
            nomination.get_absolute_url(),
            "推薦を直す",
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


def _letters_on_paper(today: date) -> Iterator[Task]:
    on_paper = sum(not goes_by_mail(letter) for letter in due(today, pace_here()))
    if on_paper:
        yield Task(
            "information",
            f"紙で渡すお知らせが{on_paper}人分あります",
            "印刷して渡し、渡したことを記録してください。",
            reverse("training:reminder_list"),
            "お知らせを見る",
        )


def _own_people_owing(access: Access, today: date, rule: Counting) -> Iterator[Task]:
    """People of the units headed who still owe a row; leads to the list of the first such row."""
    counts = owing_counts(today, rule, access.headed)
    if counts.people:
        first, _ = counts.rows[0]
        yield Task(
            "information",
            f"所属に、今年度の研修をまだ受けていない職員が{counts.people}人います",
            _named(f"{row.name}（{people}人）" for row, people in counts.rows),
            f"{reverse('training:outstanding_list')}?programme={first.code}",
            "未受講者を見る",
        )


def _own_activities(staff_id: int, today: date) -> Iterator[Task]:
    """What a leader has let slip: steps past their day, no activity after the first weeks."""
    late = overdue_steps(staff_id, today)
    if late:
        yield Task(
            "warning",
            f"予定日を過ぎた活動の手順が{len(late)}件あります",
            _named(step.text for step in late),
            late[0].activity.get_absolute_url(),
            "手順を確かめる",
        )
    for term in terms_without_activity(staff_id, today):
        yield Task(
            "information",
            "推進リーダーの活動がまだ登録されていません",
            "部署の困りごとを1つ選び、テーマから書き始めてください。",
            reverse("leaders:activity_new", args=[term.pk]),
            "活動を登録する",
        )


def _own_training(staff_id: int, today: date, rule: Counting) -> Iterator[Task]:
    """What マイ研修 would tell: surveys to answer, the next training, what is owed unbooked."""
    places = mine.places_of(staff_id)
    asked = [one.place for one in mine.done(places, today) if one.survey == "open"]
    if asked:
        yield Task(
            "information",
            f"回答していないアンケートが{len(asked)}件あります",
            _named(place.offering.course.title for place in asked),
            reverse("training:mine"),
            "アンケートに答える",
        )
    yield from _next_training(places, today)
    unbooked = [
        row.programme.name
        for row in mine.owed(staff_id, places, today, rule)
        if row.state not in ("booked", "waiting")
    ]
    if unbooked:
        yield Task(
            "information",
            f"まだ受けていない研修が{len(unbooked)}件あります",
            _named(unbooked),
            reverse("training:mine"),
            "申し込む",
        )


def _next_training(places: Iterable[Attendance], today: date) -> Iterator[Task]:
    booked = [
        place
        for place in places
        if place.status == AttendanceStatus.BOOKED
        and place.offering.cancelled_at is None
        and place.offering.ends_on >= today
    ]
    if not booked:
        return
    place = min(booked, key=lambda place: (_meets_on(place.offering, today), place.pk))
    offering = place.offering
    yield Task(
        "information",
        f"次の研修：{offering.course.title}",
        f"{_when(offering, today)}　{offering.venue or offering.get_mode_display()}",
        reverse("training:mine_offering", args=[offering.pk]),
        "研修の内容を見る",
    )


def _meets_on(offering: Offering, today: date) -> date:
    """The next day on which it meets; the last one of a period, which is open until then."""
    if offering.is_period:
        return offering.ends_on
    days = [one.day for one in offering.days.all() if one.day >= today]
    return min(days, default=max(offering.starts_on, today))


def _when(offering: Offering, today: date) -> str:
    if offering.is_period:
        return f"{era_date(offering.starts_on)}～{era_date(offering.ends_on)}の間"
    on = _meets_on(offering, today)
    at = next((one.starts_at for one in offering.days.all() if one.day == on), offering.starts_at)
    return f"{era_date(on)}（{WEEKDAYS[on.weekday()]}）" + (f" {at:%H:%M}開始" if at else "")


def _named(names: Iterable[str]) -> str:
    """The first few by name, and how many more there are."""
    known = list(names)
    more = len(known) - MOST_NAMED
    return "、".join(known[:MOST_NAMED]) + (f"、ほか{more}件" if more > 0 else "")
