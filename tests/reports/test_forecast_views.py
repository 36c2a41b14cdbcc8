"""The page of the forecast, as each role sees it, and the what-if beside it."""

from datetime import date

import pytest
from django.urls import reverse

from tests.conftest import placed
from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    CompletionFactory,
    CountingRuleFactory,
    ForecastSettingFactory,
    OfferingFactory,
    TargetFactory,
)

PAGE = "/reports/forecast/"


@pytest.fixture
def plan(db):
    """One category is needed; a third is promised for R8, four fifths for R16."""
    CountingRuleFactory()
    TargetFactory()
    TargetFactory(fiscal_year=2034, numerator=4, denominator=5)


@pytest.fixture
def city(plan, section, other_section):
    """Three of section A: one capable, one booked; one of section B."""
    CompletionFactory(staff=placed(section))
    AttendanceFactory(staff=placed(section), offering=OfferingFactory(starts_on=date(2026, 12, 10)))
    placed(section)
    placed(other_section)


def page(client, **query):
    """What stands in the page, without the token of its frame."""
    return client.get(PAGE, query).content.decode().partition("<main")[2]


def test_the_answer_comes_first_and_is_called_a_forecast(city, client_of, hr):
    html = page(client_of(hr))

    assert "令和9年3月31日には、4人のうち1～3人（25.0～75.0％）" in html
    assert "デジタル活用職員になる見込みです。" in html
    assert "R8の目標1/3（2人）に届くかどうかは、見込みの幅の中です。" in html
    assert html.index("になる見込みです。") < html.index("年度末の見込み")


def test_the_assumptions_are_told_with_their_numbers(city, client_of, hr):
    ForecastSettingFactory(expected_hires=8, note="採用計画による")

    html = page(client_of(hr))

    assert "100.0％（1 / 1）、幅は20.6～100.0％" in html
    assert "見込みの設定（採用計画による）" in html
    assert "R8.4.1から" in html
    assert "R7.11.24～R8.11.23" in html
    assert "1か月に0～0.1席" in html
    assert "低い方は席がいちばん少ない続いた3か月（R8.8.24～R8.11.23）の0席÷3か月" in html
    assert "高い方は1席÷12か月" in html


def test_a_head_is_told_of_their_own_units_alone(city, client_of, head):
    html = page(client_of(head))

    assert "対象：所属とその下の所属の全職員" in html
    # The head stands in the section too.
    assert "令和9年3月31日には、4人のうち1～3人" in html
    AssignmentFactory.create_batch(3)
    assert page(client_of(head)) == html


@pytest.mark.parametrize("role", ["manager", "head"])
def test_what_is_to_come_changes_nothing_for_who_may_not_know_it(
    city, client_of, request, role, section
):
    client = client_of(request.getfixturevalue(role))
    leaver = placed(section)
    before = page(client)

    leaver.left_on = date(2026, 12, 31)
    leaver.save()
    AssignmentFactory(department=section, starts_on=date(2027, 1, 1))
    AssignmentFactory(department=section, staff__hired_on=date(2027, 1, 1))

    assert page(client) == before
    assert "基準日より後の退職・異動・育休からの復帰は、入っていません。" in before


def test_hr_sees_who_is_known_to_leave(city, client_of, hr, section):
    placed(section, staff__left_on=date(2026, 12, 31))

    html = page(client_of(hr))

    assert "令和9年3月31日には、4人のうち" in html
    assert "期日までの退職と発令は、今わかっているものを入れています。" in html


def test_what_is_entered_later_changes_no_forecast_of_a_day_gone_by(city, client_of, hr, section):
    browser, leaver = client_of(hr), placed(section)
    before = page(browser, as_of="2026-10-01")

    leaver.left_on = date(2026, 11, 30)
    leaver.save()
    AssignmentFactory(department=section, starts_on=date(2026, 11, 1))
    AssignmentFactory(department=section, staff__hired_on=date(2026, 12, 1))

    assert page(browser, as_of="2026-10-01") == before
    assert "基準日より後の退職・異動・育休からの復帰は、入っていません。" in before


def test_an_actual_year_end_is_never_called_a_forecast(city, client_of, hr):
    html = page(client_of(hr), as_of="2026-03-31")

    assert "R7末の見込み" not in html
    assert "R8末の見込み" in html


@pytest.mark.parametrize("as_of", ["2035-04-01", "2009-01-01"])
def test_a_day_without_a_forecast_says_so(city, client_of, hr, as_of):
    html = page(client_of(hr), as_of=as_of)

    assert "見込みはありません。" in html
    assert "もしも" not in html


def test_other_assumptions_are_shown_beside_the_forecast(city, client_of, hr):
    html = page(client_of(hr), extra_mind="２席", show_up="100％", hires="", leavers="")

    assert "R8末の見込みは、25.0～75.0％から100.0％になります。" in html
    assert "1～3人（25.0～75.0％）" in html
    assert "＋1～＋3人" in html
    assert 'value="２席"' in html


def test_places_typed_stand_for_both_ends(city, client_of, hr):
    html = page(client_of(hr), extra_mind="0", seats_mind="0", show_up="100")

    assert "R8末の見込みは、25.0～75.0％から50.0％になります。" in html
    assert "R16末の見込みは、25.0～100.0％から50.0％になります。" in html
    assert "今の見込み：0～0.1席" in html


def test_other_assumptions_on_a_past_day_stay_on_that_day(city, client_of, hr):
    html = page(client_of(hr), as_of="2026-10-01", hires="3")

    assert '<input type="hidden" name="as_of" value="2026-10-01">' in html
    assert "この条件での見込み" in html


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"extra_mind": "たくさん"}, "数で入力してください。例：30"),
        ({"seats_mind": "-1"}, "0以上の数を入力してください。"),
        ({"seats_mind": "1001"}, "1000席までの数を入力してください。"),
        ({"seats_mind": "1e9"}, "1000席までの数を入力してください。"),
        ({"hires": "NaN"}, "数で入力してください。例：30"),
        ({"show_up": "100.5"}, "100％までの数を入力してください。"),
        ({"leavers": "1.25"}, "小数は1桁までで入力してください。"),
    ],
)
def test_a_bad_number_is_told_and_what_was_typed_stays(city, client_of, hr, typed, sentence):
    whole = {"extra_mind": "", "seats_mind": "12", "show_up": "", "hires": "", "leavers": ""}

    html = page(client_of(hr), **(whole | typed))

    assert sentence in html
    (value,) = typed.values()
    assert f'value="{value}"' in html
    assert "この条件での見込み</h3>" not in html
    if "seats_mind" not in typed:
        assert 'value="12"' in html


def test_only_an_administrator_is_led_to_the_setting(city, client_of, hr, admin):
    link = reverse("admin:reports_forecastsetting_changelist")

    assert link in page(client_of(admin))
    assert link not in page(client_of(hr))


def test_nobody_is_named(city, client_of, hr, section):
    member = placed(section, staff__name="見本　秘密")

    html = page(client_of(hr))

    assert member.name not in html
    assert member.number not in html
