"""要確認: true sentences, and none where there is nothing to say."""

from datetime import date

import pytest
from django.core.management import call_command

from agano_dx.lib.fiscal import FiscalYear
from agano_dx.lib.japanese import signed
from leaders.models import Cohort
from reports.attention import chores, concerns, not_final
from reports.cards import Past, cards
from reports.history import leader_history, share_history
from reports.models import Target
from reports.progress import Counts, progress
from staff.models import Department
from tests.conftest import TODAY, placed
from tests.factories import (
    AttendanceFactory,
    CohortFactory,
    CompletionFactory,
    DepartmentFactory,
    LeaderTermFactory,
    OfferingFactory,
)
from training.models import DEFAULT_RULE, Category
from training.outstanding.counts import OwingCounts, owing_counts

pytestmark = pytest.mark.django_db

NOTHING_OWED = OwingCounts(0, [])


@pytest.fixture
def plan():
    call_command("loaddata", "plan", verbosity=0)


def make_capable(*members):
    for category in (Category.MIND, Category.KNOWLEDGE, Category.SKILL):
        offering = OfferingFactory(course__category=category)
        for member in members:
            CompletionFactory(staff=member, offering=offering)


def told(on=TODAY, scope=None, owing=NOTHING_OWED, today=TODAY, frozen=None):
    figures, leaders = progress(on, DEFAULT_RULE, scope), leader_history(on, scope)
    found = concerns(figures, leaders, owing, today=today, frozen=frozen or {})
    return {one.key: one for one in found}


def test_nothing_is_said_where_nothing_is_to_be_said(section):
    LeaderTermFactory(department=section, staff=placed(section))

    assert told() == {}
    assert chores(TODAY) == []
    assert list(not_final(date(2026, 3, 31))) == []


def test_departments_without_a_leader_come_first_and_are_named(plan, section, other_section):
    placed(section)

    first = next(iter(told().values()))

    assert first.key == "without_leader"
    assert [(part.words, part.thing) for part in first.parts] == [
        ("見本課", str(section.pk)),
        ("別の課", str(other_section.pk)),
    ]
    assert set(told(scope=frozenset([section.pk]))["without_leader"].parts) == {first.parts[0]}


@pytest.mark.parametrize(
    ("on", "days", "is_pressing"),
    [
        (date(2026, 11, 23), 128, False),
        (date(2026, 12, 1), 120, True),
        (date(2027, 3, 31), 0, True),
    ],
)
def test_the_next_target_is_told_while_people_are_missing(plan, section, on, days, is_pressing):
    people = [placed(section) for _ in range(4)]
    make_capable(people[0])

    found = told(on, today=on)["target_short"]

    assert found.title == "R8の目標1/3まであと1人です"
    assert found.body == f"期日まで残り{days}日です。"
    assert found.is_pressing is is_pressing
    make_capable(people[1])
    assert "target_short" not in told(on)


def test_a_part_of_the_city_is_held_against_no_target(plan, section):
    placed(section)

    found = told(scope=frozenset([section.pk]))

    assert set(found) == {"without_leader"}


def test_the_days_left_to_a_target_are_never_gone_before_today_has_passed_it(plan, section):
    placed(section)
    Target.objects.filter(fiscal_year__gt=2026).delete()

    ahead = told(date(2028, 4, 1))["target_short"]
    gone = told(date(2028, 4, 1), today=date(2028, 4, 1))["target_short"]

    assert (ahead.title, ahead.body) == ("R8の目標1/3まであと1人です", "期日まで残り128日です。")
    assert (gone.title, gone.body) == ("R8の目標1/3に1人足りません", "期日を過ぎています。")


def test_a_target_whose_year_is_final_is_held_against_the_final_figures(plan, section):
    placed(section)
    on = FiscalYear(2026).last_day

    found = told(on, today=on, frozen={FiscalYear(2026): Counts(9, 1)})["target_short"]

    assert found.title == "R8の目標1/3まであと2人です"
    assert "確定値によります。" in found.body
    assert "target_short" not in told(on, today=on, frozen={FiscalYear(2026): Counts(9, 3)})


def test_the_departments_with_the_lowest_share_are_named_where_enough_are_compared(plan):
    units = [DepartmentFactory(name=f"{number}の課") for number in range(5)]
    members = {unit: [placed(unit) for _ in range(5)] for unit in units}
    small = DepartmentFactory(name="小さな課")
    placed(small)
    make_capable(*members[units[0]], *members[units[1]][:1], *members[units[2]][:2])

    found = told()["behind"]

    assert [part.words for part in found.parts] == [
        "3の課（0.0％）",
        "4の課（0.0％）",
        "1の課（20.0％）",
    ]
    words = "（30.8％）より割合の低い部署が3部署あります"
    assert found.title == f"全職員5人以上の5部署のうち、全体{words}"
    scope = frozenset(Department.objects.values_list("pk", flat=True))
    assert f"のうち、所属全体{words}" in told(scope=scope)["behind"].title
    assert "behind" not in told(scope=frozenset(unit.pk for unit in units[:4]))


def test_a_band_out_of_reach_of_all_who_are_active_is_told(plan, section):
    cohort = CohortFactory(first_year=FiscalYear(2025), last_year=FiscalYear(2026))
    for _ in range(17):
        LeaderTermFactory(cohort=cohort, department=section)

    found = told()["leaders"]

    assert "R8末の推進リーダーの目標（延べ18～22人）に届かないおそれ" in found.title
    assert found.body == "修了した任期は0件です。活動中の17人が全員修了しても、延べ17人です。"
    LeaderTermFactory(cohort=cohort, department=section)
    assert "leaders" not in told()
    assert "leaders" not in told(scope=frozenset([section.pk]))


@pytest.mark.parametrize(
    ("years", "sitting", "words"),
    [
        (None, 0, "活動中の推進リーダーはいません。"),
        ((2025, 2026), 0, "活動中の推進リーダーはいません。"),
        ((2026, 2027), 30, "活動中の30人の任期は令和10年3月31日までで、間に合いません。"),
    ],
)
def test_a_band_that_nobody_active_can_reach_is_told(plan, section, years, sitting, words):
    Cohort.objects.all().delete()
    if years:
        first, last = map(FiscalYear, years)
        cohort = CohortFactory(first_year=first, last_year=last)
        for _ in range(sitting):
            LeaderTermFactory(cohort=cohort, department=section)

    found = told()["leaders"]

    assert found.body == f"修了した任期は0件です。{words}"
    Target.objects.filter(kind="leaders", fiscal_year__lt=2034).delete()
    assert "leaders" not in told()  # others can lead until then


def test_rows_with_most_people_owing_are_named(plan, section):
    placed(section)

    found = told(owing=owing_counts(TODAY, DEFAULT_RULE, None))["owing"]

    assert found.title == "今年度の研修をまだ修了していない職員が1人います"
    assert "SKILL" in [part.thing for part in found.parts]
    assert len(found.parts) == 3


def test_marks_missing_and_years_not_final_are_chores(section):
    AttendanceFactory(offering=OfferingFactory(starts_on=date(2026, 11, 20)))

    assert [(one.key, one.title) for one in chores(TODAY)] == [
        ("unmarked", "出欠が未入力の開催回が1回あります"),
    ]
    [final] = not_final(TODAY)
    assert final.title == "数値を確定していない年度が1年度あります"
    assert [(part.words, part.thing) for part in final.parts] == [("令和7年度", "2025")]
    assert [one.key for one in chores(date(2026, 3, 31))] == []


class Nowhere:
    """Addresses for somebody who may open nothing."""

    def people(self, figure, on=None, **narrowed):
        return ""

    def terms(self, on=None):
        return ""


def card_of_leaders(completed):
    cohort = CohortFactory(first_year=FiscalYear(2025), last_year=FiscalYear(2026))
    unit = DepartmentFactory()
    over = {"starts_on": date(2026, 4, 1), "ends_on": date(2026, 9, 30), "completed": True}
    for _ in range(completed):
        LeaderTermFactory(cohort=cohort, department=unit, **over)
    return cards_now()


def cards_now():
    past = Past(share_history(TODAY, None), leader_history(TODAY, None), ())
    figures = progress(TODAY, DEFAULT_RULE, None)
    return cards(figures, past, Nowhere(), TODAY)[1]


@pytest.mark.parametrize(
    ("completed", "standing"), [(97, "あと3人"), (98, "おおむね達成"), (100, "達成")]
)
def test_98_of_about_100_is_as_good_as_reached(plan, completed, standing):
    Target.objects.filter(kind="leaders", fiscal_year__lt=2034).delete()

    goal, now = (fact.words for fact in card_of_leaders(completed).facts[:2])

    assert goal == "R16末の目標 修了 延べ約100人"
    assert now == f"修了 延べ{completed}人：{standing}"


@pytest.mark.parametrize(
    ("completed", "standing"),
    [(17, "あと1人"), (18, "達成"), (22, "達成"), (23, "目標より多い（見込み超）")],
)
def test_the_band_of_leaders_is_held_against_completed_terms(plan, completed, standing):
    facts = [fact.words for fact in card_of_leaders(completed).facts]

    assert facts[:2] == ["R8末の目標 修了 延べ18～22人", f"修了 延べ{completed}人：{standing}"]
    assert f"R7末から：活動中±0人・修了 延べ{signed(completed)}人" in facts


def test_the_card_says_how_many_departments_have_no_leader(plan):
    def told():
        return [fact.words for fact in cards_now().facts if "部署" in fact.words]

    LeaderTermFactory()
    bare = DepartmentFactory()
    one = told()
    bare.delete()
    none = told()
    Department.objects.update(gives_leader=False)

    assert one == ["リーダーのいない部署 1部署（全2部署）"]
    assert none == ["リーダーのいない部署はありません（全1部署）"]
    assert told() == []
