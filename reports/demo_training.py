"""The sample city's training year around today: what is planned, booked and thought of it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from agano_dx.lib.calendar import working_days_after, working_days_before
from agano_dx.lib.fiscal import FiscalYear
from staff.models import Assignment, StaffMember
from training.models import (
    Attendance,
    AttendanceStatus,
    Category,
    CountingRule,
    Course,
    Mode,
    Offering,
    OfferingDay,
    PlanPeriod,
    PlanReview,
    Programme,
    SurveyAnswer,
)
from training.outstanding import outstanding
from training.services.enrolment import enrol, sign_up

OUTLINES = {
    2025: "育成強化期間として、全職員にＤＸマインド（パーパス）研修を実施します。"
    "あわせて、知識研修とスキル研修を毎年度開き、幹部職員にはＤＸ研修を行います。",
    2027: "未受講者と新採用職員にＤＸマインド研修を行い、スキル研修の回数を増やします。"
    "内容は令和8年度末の見直しで定めます。",
}
REVIEWS = {
    2025: "スキル研修の希望者が定員を超えたため、次の年度は開催回を増やす。"
    "出先機関の職員が参加しやすいよう、オンラインの回を設ける。",
}
COMMENTS = (
    "具体的な例が多く、すぐに試せそうです。",
    "少し早口でした。資料を後で見返せるのは助かります。",
    "窓口の申請書を見直すきっかけになりました。",
)


@dataclass(frozen=True, slots=True)
class Coming:
    """An offering to come: so many working days from today, with its people."""

    category: Category
    title: str
    working_days: int
    booked: int
    capacity: int
    mode: Mode = Mode.CLASSROOM
    venue: str = "市役所 第1会議室"
    more_days: tuple[int, ...] = ()
    waiting: int = 0


COMING = (
    Coming(Category.KNOWLEDGE, "生成ＡＩ基礎（最新ＤＸ情報）", 3, 18, 30, Mode.ONLINE, "Web会議"),
    Coming(Category.SKILL, "Excel・表計算スキルアップ", 10, 12, 20, venue="市役所 電算研修室"),
    Coming(Category.SKILL, "ノーコード業務改善", 15, 8, 8, more_days=(20,), waiting=3),
    Coming(Category.MIND, "ＤＸマインド（パーパス）研修", 25, 10, 40),
)


def load_training_year(*, today: date, at: datetime) -> None:
    """Outlines, an unmarked offering just held, offerings to come, OJT, a survey's answers."""
    for year, outline in OUTLINES.items():
        PlanPeriod.objects.filter(first_year=year).update(outline=outline)
    for year, text in REVIEWS.items():
        PlanReview.objects.get_or_create(fiscal_year=year, defaults={"text": text})
    _describe_courses()
    _hold_offering(today)
    for coming in COMING:
        _announce(coming, today, at)
    _train_on_the_job(today)
    _ask_participants()


def _describe_courses() -> None:
    """Hours and providers, which the histories do not tell."""
    for category, hours, provider in (
        (Category.MIND, Decimal(2), "見本ＤＸ研究所"),
        (Category.SKILL, Decimal(3), "デジタル化推進室"),
        (Category.KNOWLEDGE, Decimal("1.5"), "デジタル化推進室"),
    ):
        Course.objects.filter(category=category).update(hours=hours, provider=provider)


def _hold_offering(today: date) -> None:
    """An offering held two working days ago for 30 people who still owe it, not yet marked."""
    held_on = working_days_before(today, 2)
    course, _ = Course.objects.get_or_create(
        title="ＤＸマインド（パーパス）研修", category=Category.MIND
    )
    offering = Offering.objects.create(
        course=course, starts_on=held_on, ends_on=held_on, venue="市役所 第1会議室", capacity=40
    )
    enrol(offering=offering, members=_owing(Category.MIND, today, 30), by=None)


def _announce(coming: Coming, today: date, at: datetime) -> None:
    first = working_days_after(today, coming.working_days)
    days = [first, *(working_days_after(today, count) for count in coming.more_days)]
    offering = Offering.objects.create(
        course=Course.objects.get(title=coming.title, category=coming.category),
        starts_on=days[0],
        ends_on=days[-1],
        starts_at=time(13, 30),
        ends_at=time(16, 30),
        venue=coming.venue,
        mode=coming.mode,
        capacity=coming.capacity,
        takes_signups=True,
    )
    if coming.more_days:
        OfferingDay.objects.bulk_create(
            OfferingDay(offering=offering, day=day, starts_at=time(13, 30), ends_at=time(16, 30))
            for day in days
        )
    people = _owing(coming.category, today, coming.booked + coming.waiting)
    sign_up(offering=offering, members=people, by=None, today=today, at=at)


def _train_on_the_job(today: date) -> None:
    """The digital office learns on the job until the fiscal year ends."""
    offering = Offering.objects.create(
        course=Course.objects.get(category=Category.OJT),
        starts_on=today - timedelta(days=30),
        ends_on=max(FiscalYear.containing(today).last_day, today + timedelta(days=30)),
        mode=Mode.OJT,
        venue="デジタル化推進室",
    )
    places = Assignment.objects.employed(today).filter(department__is_digital_office=True)
    members = StaffMember.objects.filter(pk__in=places.values("staff")).order_by("number")
    enrol(offering=offering, members=list(members), by=None)


def _owing(category: Category, today: date, count: int) -> list[StaffMember]:
    """The first of those who still owe the category and have no place for it yet."""
    programme = Programme.objects.filter(category=category).order_by("order")[0]
    rule = CountingRule.objects.in_force(today)
    numbers = [
        person.number
        for person in outstanding(programme, today, rule, None)
        if person.reason != "booked"
    ]
    return list(StaffMember.objects.filter(number__in=numbers[:count]).order_by("number"))


def _ask_participants() -> None:
    """Answers of those who came to the skill course held last."""
    held = Offering.objects.filter(
        course__category=Category.SKILL, attendances__status=AttendanceStatus.PRESENT
    )
    places = Attendance.objects.filter(
        offering=held.order_by("-starts_on")[0], status=AttendanceStatus.PRESENT
    ).order_by("staff__number")
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(
            attendance=place,
            understanding=3 + index % 3,
            usefulness=5 - index % 4,
            satisfaction=4 + index % 2,
            comment=COMMENTS[index] if index < len(COMMENTS) else "",
        )
        for index, place in enumerate(places[:18])
    )
