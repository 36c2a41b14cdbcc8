"""What the sample city's leaders are doing: activities with steps, hours and a few comments."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from leaders.models import Activity, ActivityStatus, LeaderTerm
from leaders.services.activities import Entry, Step, add_activity
from leaders.services.activity_comments import add_comment
from reports.demo_people import (
    HEAD_ROLE,
    HR_ROLE,
    LEADER_ROLE,
    SHOWN_SECTION,
    DemoPerson,
    demo_people,
)
from staff.models import User
from staff.services.accounts import open_account

# A step: so many days from today it is due, what it is, and whether it is done.
Steps = tuple[tuple[int, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """An activity of the sitting leader of the department with this code."""

    department: str
    theme: str
    status: ActivityStatus
    problem: str
    plan: str
    tools: str
    steps: Steps
    hours: tuple[int | None, int | None] = (None, None)
    effect: str = ""
    partners: str = ""
    together_with: tuple[str, ...] = ()


SAMPLES = (
    Sample(
        "203",
        "福祉の相談記録を1つの表にまとめる",
        ActivityStatus.RUNNING,
        "相談の記録が担当者ごとのノートに分かれ、担当者が休むと経過が分かりません。",
        "記録の項目をそろえて共有の表に入力し、月ごとの件数は自動で集計します。",
        "表計算、共有フォルダー",
        (
            (-120, "今の記録の項目を集める", True),
            (-60, "共有の表を作り、1係で試す", True),
            (-7, "試した結果を課内で話し合う", False),
            (40, "全係で使い始める", False),
        ),
        (320, 150),
        "担当者が休みの日でも、窓口で経過を答えられるようになります。",
    ),
    Sample(
        "201",
        "証明書の窓口予約をオンラインにする",
        ActivityStatus.RUNNING,
        "月曜の午前に来庁者が集中し、待ち時間が40分を超えることがあります。",
        "予約の受付を電子申請で行い、空いた時間を案内します。健診と児童手当の窓口も同じ仕組みにします。",
        "電子申請",
        (
            (-150, "曜日・時間ごとの来庁者を数える", True),
            (-80, "予約の画面を作る", True),
            (-20, "健康推進課・こども家庭課と試す", True),
            (30, "広報とホームページで知らせる", False),
        ),
        (900, 520),
        "待ち時間が短くなり、電話の問合せも減ります。",
        "広報担当、総合案内",
        ("202", "204"),
    ),
    Sample(
        "106",
        "申告の問合せへの答えを生成ＡＩで下書きする",
        ActivityStatus.PLANNED,
        "申告の時期は同じ問合せが続き、回答文を作るのに時間がかかります。",
        "よくある問合せと回答を集め、下書きの型を作ります。個人情報は入力しない決まりにします。",
        "生成ＡＩ、表計算",
        ((14, "よくある問合せを50件集める", False), (45, "下書きの型を3人で試す", False)),
        (260, None),
    ),
    Sample(
        "303",
        "道路の損傷の通報を地図に集める",
        ActivityStatus.DONE,
        "通報を紙の地図に写していたため、同じ場所を二重に見に行くことがありました。",
        "通報を受けた場所を電子の地図に登録し、現場の写真も一緒に残します。",
        "地図システム、タブレット",
        (
            (-300, "通報の様式をそろえる", True),
            (-200, "過去1年分を地図に入れる", True),
            (-90, "現場でタブレットを使う", True),
        ),
        (480, 210),
        "二重の現場確認がなくなり、修繕の順番を説明しやすくなりました。",
    ),
    Sample(
        "501",
        "学校からの報告の集計を自動にする",
        ActivityStatus.DONE,
        "各校から届く表の形がばらばらで、毎月の集計に2日かかっていました。",
        "報告の様式を1つにし、集計の表に自動で集めます。",
        "表計算",
        ((-240, "様式を学校と決める", True), (-170, "全校で使い始める", True)),
        (210, 60),
        "集計の誤りがなくなり、翌日には結果を学校に返せます。",
        "市内の小中学校",
    ),
    Sample(
        "301",
        "農地の現地確認にタブレットを使う",
        ActivityStatus.STOPPED,
        "確認の結果を役所に戻ってから入力し直しています。",
        "現地で入力し、写真も残します。",
        "タブレット",
        ((-100, "必要な台数を調べる", True),),
        (150, 150),
        "来年度の機器の更新に合わせて、計画し直すことにしました。",
    ),
)


def load_activities(*, today: date, at: datetime) -> None:
    """Activities of those of the sample's leaders who sit today; on a later day there are none."""
    terms = LeaderTerm.objects.sitting(today).select_related("department", "staff")
    sitting = {term.department.code: term for term in terms.order_by("starts_on")}
    made = {
        sample.department: _begin(sample, sitting, today)
        for sample in SAMPLES
        if sample.department in sitting
    }
    if SHOWN_SECTION in made:
        _discuss(made[SHOWN_SECTION], today, at)


def _begin(sample: Sample, sitting: dict[str, LeaderTerm], today: date) -> Activity:
    before, after = (None if hours is None else Decimal(hours) for hours in sample.hours)
    entry = Entry(
        theme=sample.theme,
        status=sample.status,
        problem=sample.problem,
        plan=sample.plan,
        tools=sample.tools,
        hours_before=before,
        hours_after=after,
        effect=sample.effect,
        partners=sample.partners,
        participants=frozenset(
            sitting[code].staff_id for code in sample.together_with if code in sitting
        ),
        steps=tuple(
            Step(
                today + timedelta(days=days),
                text,
                today + timedelta(days=days + 2) if is_done else None,
            )
            for days, text, is_done in sample.steps
        ),
    )
    term = sitting[sample.department]
    return add_activity(term=term, entry=entry, by=None, today=today)


def _discuss(activity: Activity, today: date, at: datetime) -> None:
    """The head, HR and the leader, each with the account that is opened to try the product."""
    said = (
        (HEAD_ROLE, 12, "係ごとに項目が違うところは、先に係長同士で決めましょう。"),
        (LEADER_ROLE, 11, "来週の係長会議で、項目の案を出します。"),
        (HR_ROLE, 4, "よい取組です。活動報告会で、試した結果を紹介してください。"),
    )
    people = {person.role: person for person in demo_people(today)}
    for role, days, text in said:
        add_comment(
            activity=activity,
            text=text,
            after=0,
            by=_account(people[role]),
            today=today,
            at=at - timedelta(days=days),
        )


def _account(person: DemoPerson) -> User:
    """Their account under a password nobody knows until `open_demo_accounts` gives one."""
    return open_account(
        member=person.member, groups=person.groups, password=secrets.token_urlsafe(32)
    )
