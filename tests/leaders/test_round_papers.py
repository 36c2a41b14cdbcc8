"""On paper: letters to silent departments, and 推薦書."""

from datetime import date, datetime

import pytest
from auditlog.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from tests.conftest import JAPAN, TODAY, account, placed
from tests.factories import (
    AssignmentFactory,
    CohortFactory,
    DepartmentFactory,
    HeadDeputyFactory,
    HeadRankFactory,
    LeaderTermFactory,
    NominationFactory,
    RankFactory,
)

pytestmark = pytest.mark.django_db

REMINDER = "/leaders/nominations/round/1/reminder/"
BATCH = "/leaders/nominations/round/1/papers/"


@pytest.fixture
def cohort():
    return CohortFactory(instruction="1部署1名以上です。")


def paper(nomination):
    return reverse("leaders:recommendation", args=[nomination.pk])


def handed_in(department, **kwargs):
    staff = kwargs.pop("staff", None) or placed(department)
    given = {"status": "submitted", "submitted_at": timezone.now()}
    return NominationFactory(department=department, staff=staff, **given | kwargs)


def looks(thing):
    entries = LogEntry.objects.get_for_object(thing).filter(action=LogEntry.Action.ACCESS)
    return [entry.additional_data for entry in entries]


# --- Letters to silent departments --------------------------------------------------------------


def test_each_silent_department_gets_a_letter_to_its_head_with_deadline_and_words(
    client_of, hr, section, other_section, cohort
):
    rank = HeadRankFactory(name="課長")
    placed(section, rank=rank, staff__name="見本　長")
    handed_in(other_section)

    response = client_of(hr).get(REMINDER)

    (letter,) = response.context["letters"]
    html = response.content.decode()
    assert letter.address == "見本課　課長　見本　長 様"
    assert "令和8年11月30日（月）までに" in html
    assert "1部署1名以上です。" in html
    assert other_section.name not in html
    assert looks(cohort) == [{"print": "round_reminders", "rows": 1}]


def test_the_mail_says_the_same_words_with_a_subject(client_of, hr, section, cohort):
    (letter,) = client_of(hr).get(REMINDER).context["letters"]

    lines = letter.mail.split("\n\n")
    assert lines[0] == "件名：第1期デジタル化推進リーダーの推薦について（お願い）"
    assert lines[1] == "見本課　御中"
    assert tuple(lines[3:]) == letter.words


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"status": "draft"}, "下書きのまま提出されていない推薦があります。"),
        ({"status": "returned", "comment": "理由"}, "差し戻した推薦があります。"),
    ],
)
def test_a_letter_says_how_far_the_department_has_come(
    client_of, hr, section, cohort, given, words
):
    handed_in(section, **given)

    assert words in client_of(hr).get(REMINDER).content.decode()


def test_before_the_round_the_letter_says_when_it_begins(client_of, hr, section):
    CohortFactory(nominations_open_on=date(2026, 11, 25))

    html = client_of(hr).get(REMINDER).content.decode()

    assert "推薦を、令和8年11月25日から受け付けます。" in html


def test_one_department_can_be_chosen(client_of, hr, section, other_section, cohort):
    browser = client_of(hr)

    one = browser.get(REMINDER, {"department": "B"}).context["letters"]
    nonsense = browser.get(REMINDER, {"department": "x"}).context["letters"]

    assert [letter.unit for letter in one] == [other_section]
    assert len(nonsense) == 2


@pytest.mark.parametrize(
    "given",
    [
        {"nominations_closed_at": timezone.now()},
        {"nominations_close_on": date(2026, 11, 22)},
        {"nominations_open_on": None, "nominations_close_on": None},
        {"closed_at": timezone.now()},
    ],
)
def test_where_nobody_could_hand_in_nobody_is_asked(client_of, hr, section, given):
    cohort = CohortFactory(**given)

    html = client_of(hr).get(REMINDER).content.decode()

    assert "推薦の受付期間ではありません。" in html
    assert looks(cohort) == []


def test_letters_take_the_same_queries_for_1_and_11(
    client_of, hr, cohort, django_assert_num_queries, django_assert_max_num_queries
):
    DepartmentFactory()
    browser = client_of(hr)
    browser.get(REMINDER)
    with django_assert_max_num_queries(19) as counted:
        browser.get(REMINDER)
    DepartmentFactory.create_batch(10)

    with django_assert_num_queries(len(counted)):
        response = browser.get(REMINDER)

    assert len(response.context["letters"]) == 11


# --- 推薦書 -------------------------------------------------------------------------------------


def test_the_letter_says_who_recommends_whom_and_why(client_of, hr, head, section, cohort):
    member = AssignmentFactory(
        department=section, rank=RankFactory(name="係長"), staff__name="見本　花子"
    ).staff
    LeaderTermFactory(
        staff=member,
        department=section,
        cohort=CohortFactory(number=0),
        starts_on=date(2024, 4, 1),
        ends_on=date(2025, 3, 31),
    )
    nomination = handed_in(
        section, staff=member, submitted_by=head, expected_role="窓口の改善", cohort=cohort
    )
    nomination.events.create(act="submitted", by=head, at=timezone.now())

    response = client_of(hr).get(paper(nomination))

    html = response.content.decode()
    for words in (
        "第1期デジタル化推進リーダー推薦書",
        member.number,
        "見本　花子",
        "係長",
        "第0期（見本課）",
        "業務の見直しに熱心なため。",
        "窓口の改善",
        "得ています",
        head.staff.name,
        "提出（",
    ):
        assert words in html
    assert looks(nomination) == [{"print": "recommendation"}]


def test_the_letter_stays_as_of_the_day_it_was_handed_in(client_of, hr, head, section, cohort):
    then = datetime(2026, 11, 5, 10, tzinfo=JAPAN)
    member = AssignmentFactory(department=section, rank=RankFactory(name="主任")).staff
    nomination = handed_in(
        section, staff=member, submitted_by=head, submitted_at=then, cohort=cohort
    )
    AssignmentFactory(staff=member, rank=RankFactory(name="新しい職"), starts_on=date(2026, 11, 6))
    AssignmentFactory(staff=head.staff, starts_on=date(2026, 11, 6))
    placed(section, rank=HeadRankFactory(), staff__name="後の　課長", starts_on=date(2026, 11, 6))

    (letter,) = client_of(hr).get(paper(nomination)).context["letters"]

    assert (letter.on, letter.rank) == (date(2026, 11, 5), "主任")
    assert letter.head.name == head.staff.name


@pytest.mark.parametrize("entered_as", ["deputy", "hr"])
def test_what_was_typed_in_the_heads_place_is_the_heads_letter_and_says_who_typed(
    client_of, hr, head, section, cohort, entered_as
):
    typist = account(placed(section, staff__name="代わりの　人"))
    nomination = handed_in(section, submitted_by=typist, entered_as=entered_as, cohort=cohort)

    (letter,) = client_of(hr).get(paper(nomination)).context["letters"]

    assert letter.head.name == head.staff.name
    assert letter.entered_by.endswith("代わりの　人")


def test_whoever_nominates_prints_the_letters_of_their_own_department(
    client_of, admin, head, section, other_section, cohort
):
    deputy = account(placed(section))
    HeadDeputyFactory(department=section, staff=deputy.staff)
    own, foreign = handed_in(section), handed_in(other_section)

    answers = {
        name: [client_of(user).get(paper(one)).status_code for one in (own, foreign)]
        for name, user in (("admin", admin), ("head", head), ("deputy", deputy))
    }

    assert answers == {"admin": [200, 200], "head": [200, 404], "deputy": [200, 404]}


@pytest.mark.parametrize("status", ["draft", "returned", "withdrawn"])
def test_what_is_not_handed_in_is_no_letter(client_of, hr, section, cohort, status):
    nomination = handed_in(section, status=status, comment="理由")

    response = client_of(hr).get(paper(nomination), follow=True)

    assert "推薦を提出すると印刷できます。" in response.content.decode()
    assert not any(looks(nomination)), "the page was looked at, no letter"


def test_all_letters_of_the_round_are_printed_together(client_of, hr, cohort):
    submitted, approved = (
        handed_in(DepartmentFactory()),
        handed_in(DepartmentFactory(), status="approved"),
    )
    handed_in(DepartmentFactory(), status="draft")
    handed_in(DepartmentFactory(), cohort=CohortFactory(number=2))

    response = client_of(hr).get(BATCH)

    shown = [letter.nomination for letter in response.context["letters"]]
    assert shown == [submitted, approved]
    assert response.content.decode().count("agano-page-break") == 1
    assert looks(cohort) == [{"print": "recommendations", "rows": 2}]


def test_letters_take_the_same_queries_for_1_and_11_nominations(
    client_of, hr, head, cohort, django_assert_num_queries, django_assert_max_num_queries
):
    handed_in(DepartmentFactory(), submitted_by=head)
    browser = client_of(hr)
    browser.get(BATCH)
    with django_assert_max_num_queries(20) as counted:
        browser.get(BATCH)
    for _ in range(10):
        handed_in(DepartmentFactory(), submitted_by=head)

    with django_assert_num_queries(len(counted)):
        response = browser.get(BATCH)

    assert len(response.context["letters"]) == 11


def test_only_hr_prints_all_of_them(client_of, admin, head, manager, staff, cohort):
    users = (admin, head, manager, staff)

    assert {client_of(user).get(BATCH).status_code for user in users} == {403}


def test_html_in_names_and_reasons_is_shown_as_it_is(client_of, hr, section, cohort):
    member = placed(section, staff__name="<b>見本</b>")
    nomination = handed_in(section, staff=member, reason="<b>理由</b>")

    html = client_of(hr).get(paper(nomination)).content.decode()

    assert "<b>" not in html
    assert "&lt;b&gt;理由&lt;/b&gt;" in html


def test_today_stands_on_the_letter_to_a_silent_department(client_of, hr, section, cohort):
    assert client_of(hr).get(REMINDER).context["today"] == TODAY
