"""The nominating desk on the screen: head, deputy and HR in their place."""

from datetime import date, timedelta

import pytest
from auditlog.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from leaders.models import Nomination
from tests.conftest import TODAY, account, placed
from tests.factories import (
    AssignmentFactory,
    CohortFactory,
    CompletionFactory,
    ConcurrentPostFactory,
    DepartmentFactory,
    HeadDeputyFactory,
    LeaderTermFactory,
    NominationEventFactory,
    NominationFactory,
    RankFactory,
)

pytestmark = pytest.mark.django_db

CLOSED = {"nominations_open_on": date(2026, 10, 1), "nominations_close_on": date(2026, 10, 31)}


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture
def person(section):
    """Somebody of section A who may be nominated."""
    return placed(section, staff__name="見本　花子")


@pytest.fixture
def deputy(section):
    """Somebody of section A whom its head has named."""
    member = placed(section, staff__name="見本　代理")
    HeadDeputyFactory(department=section, staff=member)
    return account(member)


def new(cohort, department):
    return reverse("leaders:nomination_new", args=[cohort.number, department.code])


def page(nomination, name="detail"):
    return reverse(f"leaders:nomination_{name}", args=[nomination.pk])


def filled(member, **changes):
    return {
        "staff": member.pk,
        "reason": "表計算に詳しいため。",
        "expected_role": "",
        "has_consent": "on",
    } | changes


def of(section, person, **kwargs):
    return NominationFactory(department=section, staff=person, **kwargs)


# --- what the page shows ------------------------------------------------------------------------


def test_the_page_tells_what_speaks_for_each_and_who_led_before(
    client_of, head, section, person, cohort
):
    CompletionFactory(staff=person, offering__course__category="skill")
    LeaderTermFactory(
        department=section,
        cohort=CohortFactory(number=0),
        staff__name="前の　リーダー",
        ends_on=date(2026, 3, 31),
        completed=True,
    )
    LeaderTermFactory(department=DepartmentFactory(), staff__name="別の　リーダー")

    html = client_of(head).get(new(cohort, section)).content.decode()

    assert "スキル" in html
    leaders = html[html.index("この部署のこれまでのリーダー") :]
    assert "前の　リーダー" in leaders
    assert "修了" in leaders
    assert "別の　リーダー" not in html


def test_the_instruction_and_the_department_s_nominations_stand_on_the_page(
    client_of, head, section, person, cohort
):
    cohort.instruction = "主任からも\n選べます。"
    cohort.save()
    own = of(section, person)

    html = client_of(head).get(new(cohort, section)).content.decode()

    assert "主任からも<br>選べます。" in html
    assert f'href="{page(own)}"' in html
    assert "この部署の推薦（1件）" in html


def test_a_renamed_department_is_found_by_its_old_and_its_new_name(
    client_of, head, section, person, cohort
):
    renamed = DepartmentFactory(code="NEW", name="新しい課", opens_on=TODAY)
    draft = of(section, person)
    section.closes_on, section.successor = TODAY - timedelta(days=1), renamed
    section.save()
    for place in (head.staff.assignments.get(), person.assignments.get()):
        AssignmentFactory(staff=place.staff, department=renamed, rank=place.rank, starts_on=TODAY)
    browser = client_of(head)

    shown = [browser.get(new(cohort, unit)).content.decode() for unit in (section, renamed)]
    browser.post(page(draft, "edit"), filled(person, seen=1))

    draft.refresh_from_db()
    assert all("部署：新しい課" in html for html in shown)
    assert draft.status == "submitted"


def test_a_head_of_two_departments_writes_in_each_and_in_no_third(
    client_of, head, section, person, other_section, cohort
):
    ConcurrentPostFactory(staff=head.staff, department=other_section)
    foreign = DepartmentFactory()
    drafts = [of(section, person), of(other_section, placed(other_section))]
    third = of(foreign, placed(foreign))
    browser = client_of(head)

    answers = [
        browser.post(page(one, "edit"), filled(one.staff, seen=1)).status_code
        for one in (*drafts, third)
    ]

    assert answers == [302, 302, 404]
    assert Nomination.objects.filter(status="submitted").count() == 2


def test_the_page_takes_the_same_queries_for_1_and_11_people(
    client_of,
    head,
    section,
    person,
    cohort,
    django_assert_num_queries,
    django_assert_max_num_queries,
):
    browser = client_of(head)
    browser.get(new(cohort, section))
    with django_assert_max_num_queries(32) as counted:
        browser.get(new(cohort, section))
    for _ in range(10):
        LeaderTermFactory(staff=placed(section), department=section)
        of(section, placed(section))

    with django_assert_num_queries(len(counted)):
        response = browser.get(new(cohort, section))

    assert len(response.context["form"].rows) == 1
    assert len(response.context["others"]) == 21


# --- drafts -------------------------------------------------------------------------------------


def test_a_draft_needs_neither_reason_nor_consent(client_of, head, section, person, cohort):
    data = {"staff": person.pk, "act": "draft"}

    response = client_of(head).post(new(cohort, section), data, follow=True)

    draft = Nomination.objects.get()
    assert "下書きを保存しました。まだ提出していません。" in response.content.decode()
    assert "続きを書く・提出する" in response.content.decode()
    assert (draft.status, draft.staff, draft.reason) == ("draft", person, "")


def test_a_draft_without_a_person_is_refused_and_the_words_stay(client_of, head, section, cohort):
    response = client_of(head).post(
        new(cohort, section), {"reason": "書きかけの理由", "act": "draft"}
    )

    html = response.content.decode()
    assert "推薦する職員を選んでください。" in html
    assert "書きかけの理由" in html


def test_the_same_draft_clicked_twice_is_one(client_of, head, section, person, cohort):
    browser, data = client_of(head), filled(person, act="draft", reason="一行目\r\n二行目")

    answers = [browser.post(new(cohort, section), data)["Location"] for _ in range(2)]

    assert answers == [Nomination.objects.get().get_absolute_url()] * 2


def test_handing_in_needs_the_person_s_consent(client_of, head, section, person, cohort):
    data = filled(person)
    del data["has_consent"]

    response = client_of(head).post(new(cohort, section), data)

    assert "本人の承諾を得てから、印を付けてください。" in response.content.decode()
    assert not Nomination.objects.exists()


def test_the_draft_is_in_the_form_again(client_of, head, section, person):
    draft = of(section, person, reason="書きかけの理由", expected_role="窓口", has_consent=False)

    response = client_of(head).get(page(draft, "edit"))

    html = response.content.decode()
    assert "書きかけの理由" in html
    assert response.context["form"].rows == [(response.context["form"].people[1], True)]
    assert 'name="seen" value="1"' in html


def test_a_draft_whose_person_may_no_longer_be_nominated_says_so(
    client_of, head, section, person, other_section
):
    draft = of(section, person)
    browser = client_of(head)

    before = browser.get(page(draft, "edit")).content.decode()
    AssignmentFactory(staff=person, department=other_section, starts_on=TODAY)
    after = browser.get(page(draft, "edit")).content.decode()

    told = "選んでいた職員は、今は推薦できません。"
    assert told not in before
    assert told in after
    assert draft.reason in after


# --- too late -----------------------------------------------------------------------------------


def test_a_round_that_closes_while_the_head_types_loses_nothing(
    client_of, head, hr, section, person, cohort
):
    LeaderTermFactory(department=section)
    browser = client_of(head)
    browser.get(new(cohort, section))
    cohort.nominations_closed_at = timezone.now()
    cohort.save()

    answer = browser.post(new(cohort, section), filled(person), follow=True)
    repeated = browser.post(new(cohort, section), filled(person))
    draft = Nomination.objects.get()
    client_of(hr).post(page(draft, "edit"), filled(person, seen=1))

    html = answer.content.decode()
    assert "第1期の推薦は受付期間外です。" in html
    assert "入力した内容は下書きに残しました。" in html
    assert "表計算に詳しいため。" in html
    assert repeated["Location"] == page(draft, "edit")
    draft.refresh_from_db()
    assert (draft.status, draft.submitted_by, draft.entered_as) == ("submitted", hr, "hr")


def test_what_came_back_too_late_keeps_the_new_words(client_of, head, section, person):
    CohortFactory(**CLOSED)
    LeaderTermFactory(department=section)
    returned = of(section, person, status="returned", comment="詳しく。")

    client_of(head).post(page(returned, "edit"), filled(person, reason="詳しい理由", seen=1))

    returned.refresh_from_db()
    assert (returned.status, returned.reason) == ("returned", "詳しい理由")


def test_after_the_round_a_department_without_a_leader_names_a_successor(
    client_of, head, section, person
):
    cohort = CohortFactory(**CLOSED)
    left = LeaderTermFactory(department=section, ends_on=date(2026, 10, 31))
    browser = client_of(head)

    shown = browser.get(new(cohort, section)).content.decode()
    browser.post(new(cohort, section), filled(person))

    nomination = Nomination.objects.get()
    assert "後任の推薦です。" in shown
    assert (nomination.status, nomination.replaces) == ("submitted", left)
    assert left.staff.name in browser.get(page(nomination)).content.decode()


def test_a_cohort_that_is_over_takes_not_even_a_draft(client_of, hr, section, person):
    cohort = CohortFactory(closed_at=timezone.now())
    browser = client_of(hr)

    shown = browser.get(new(cohort, section)).content.decode()
    sent = browser.post(new(cohort, section), filled(person, act="draft")).content.decode()

    assert "この期は終わっているため、推薦できません。" in shown
    assert "下書きを保存する" not in shown
    assert "終わっています。" in sent
    assert "表計算に詳しいため。" in sent
    assert not Nomination.objects.exists()


def test_a_person_promoted_while_the_head_types_is_refused_with_the_reason(
    client_of, head, section, person, cohort
):
    rank = RankFactory(name="見本課長", is_leader_eligible=False)
    AssignmentFactory(staff=person, department=section, rank=rank, starts_on=TODAY)

    html = client_of(head).post(new(cohort, section), filled(person)).content.decode()

    assert "この職員は推薦できません。職名（見本課長）が" in html
    assert "表計算に詳しいため。" in html
    assert not Nomination.objects.exists()


# --- two at once --------------------------------------------------------------------------------


def test_the_second_sees_the_first_one_s_words_beside_and_can_save_over_them(
    client_of, head, deputy, section, person
):
    draft = of(section, person, reason="初めの言葉")
    client_of(deputy).post(page(draft, "edit"), filled(person, reason="代理の言葉", seen=1))
    Nomination.objects.update(status="draft")
    browser = client_of(head)

    refused = browser.post(page(draft, "edit"), filled(person, reason="部署長の言葉", seen=1))
    html = refused.content.decode()
    seen = refused.context["form"]["seen"].value()
    browser.post(page(draft, "edit"), filled(person, reason="部署長の言葉", seen=seen))

    draft.refresh_from_db()
    assert "ほかの人がこの推薦を書き直しました。" in html
    assert "代理の言葉" in html[html.index("今の内容") :]
    assert "部署長の言葉" in html
    assert (draft.status, draft.reason) == ("submitted", "部署長の言葉")


def test_words_typed_into_what_was_handed_in_meanwhile_stay_on_the_page(
    client_of, head, section, person
):
    nomination = of(section, person, status="submitted")

    html = (
        client_of(head)
        .post(page(nomination, "edit"), filled(person, reason="遅れた言葉", seen=1))
        .content.decode()
    )

    assert "この推薦は提出済みです。" in html
    assert "遅れた言葉" in html


# --- a deputy -----------------------------------------------------------------------------------


def test_a_deputy_hands_in_and_is_named_as_such(client_of, deputy, section, person, cohort):
    browser = client_of(deputy)

    shown = browser.get(new(cohort, section)).content.decode()
    told = browser.post(new(cohort, section), filled(person), follow=True).content.decode()

    assert "部署長の代理として入力します。" in shown
    assert Nomination.objects.get().entered_as == "deputy"
    assert "部署長の代理" in told


def test_a_deputy_sees_nothing_beyond_the_nominations_of_the_department(
    client_of, deputy, section, person, other_section, cohort
):
    own, foreign = of(section, person), of(other_section, placed(other_section))
    browser = client_of(deputy)

    answers = {
        "own": browser.get(page(own)).status_code,
        "foreign": browser.get(page(foreign)).status_code,
        "foreign edit": browser.post(page(foreign, "edit"), filled(person)).status_code,
        "foreign withdrawal": browser.post(page(foreign, "withdraw")).status_code,
        "foreign department": browser.get(new(cohort, other_section)).status_code,
        "approval": browser.post(page(own, "approve")).status_code,
        "list of staff": browser.get(reverse("staff:member_list")).status_code,
        "person": browser.get(person.get_absolute_url()).status_code,
        "deputies": browser.get(reverse("leaders:deputy_list")).status_code,
    }

    assert answers == {
        "own": 200,
        "foreign": 404,
        "foreign edit": 404,
        "foreign withdrawal": 404,
        "foreign department": 404,
        "approval": 403,
        "list of staff": 403,
        "person": 404,
        "deputies": 403,
    }


def test_a_deputy_who_moved_away_gets_in_no_more(
    client_of, deputy, section, person, other_section, cohort
):
    draft = of(section, person)
    AssignmentFactory(staff=deputy.staff, department=other_section, starts_on=TODAY)
    browser = client_of(deputy)

    answers = {
        browser.get(new(cohort, section)).status_code,
        browser.post(page(draft, "edit"), filled(person, seen=1)).status_code,
        browser.get(page(draft)).status_code,
    }

    assert answers == {403}


def test_a_deputy_does_not_name_themself(client_of, deputy, section, cohort):
    browser = client_of(deputy)

    html = browser.post(new(cohort, section), filled(deputy.staff)).content.decode()

    assert "自分を推薦することはできません。" in html
    assert not Nomination.objects.exists()


# --- HR in their place --------------------------------------------------------------------------


def test_hr_enters_for_any_department_and_cannot_approve_it(client_of, hr, section, person, cohort):
    browser = client_of(hr)

    shown = browser.get(new(cohort, section)).content.decode()
    browser.post(new(cohort, section), filled(person))
    nomination = Nomination.objects.get()
    detail = browser.get(page(nomination)).content.decode()
    approval = browser.post(page(nomination, "approve"), follow=True).content.decode()

    assert "人事担当（代行）として入力します。" in shown
    assert "人事担当（代行）" in detail
    assert "部署長に代わって推薦を提出しました。別の人事担当が承認します。" in detail
    assert "部署長に代わって取り下げる" in detail
    assert "別の担当者に頼んでください。" in approval
    nomination.refresh_from_db()
    assert (nomination.status, nomination.submitted_by) == ("submitted", hr)


def test_a_head_sees_that_hr_entered_it(client_of, head, section, person):
    nomination = of(section, person, status="submitted", entered_as="hr")

    assert "人事担当（代行）" in client_of(head).get(page(nomination)).content.decode()


# --- forged fields ------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["head", "deputy", "hr"])
@pytest.mark.parametrize("act", ["submit", "draft"])
def test_what_is_not_in_the_form_changes_nothing(
    request, client_of, section, person, other_section, cohort, who, act
):
    term = LeaderTermFactory(department=other_section)
    forged = {
        "status": "approved",
        "department": other_section.pk,
        "cohort": CohortFactory(number=2).pk,
        "entered_as": "head" if who == "hr" else "hr",
        "submitted_by": 1,
        "version": 40,
        "replaces": term.pk,
        "comment": "承認",
    }

    client_of(request.getfixturevalue(who)).post(
        new(cohort, section), filled(person, act=act) | forged
    )

    made = Nomination.objects.get()
    assert (made.department, made.cohort, made.entered_as) == (section, cohort, who)
    assert made.status == {"submit": "submitted", "draft": "draft"}[act]
    assert (made.version, made.replaces, made.comment) == (1, None, "")


def test_a_look_at_somebody_s_nomination_is_written_down(client_of, head, section, person):
    nomination = of(section, person)

    client_of(head).get(page(nomination))

    entry = LogEntry.objects.get_for_object(nomination).get(action=LogEntry.Action.ACCESS)
    assert entry.actor == head


# --- the way ------------------------------------------------------------------------------------


def test_the_page_tells_each_step_with_who_when_and_why(client_of, head, hr, section, person):
    nomination = of(section, person, status="returned", comment="理由を詳しく。")
    NominationEventFactory(nomination=nomination, by=head, entered_as="head")
    NominationEventFactory(nomination=nomination, act="returned", by=hr, comment="理由を詳しく。")

    html = client_of(hr).get(page(nomination)).content.decode()

    way = html[html.index("経過") :]
    for words in (
        head.staff.name,
        "部署長",
        hr.staff.name,
        "人事担当",
        "差戻し",
        "理由を詳しく。",
        "令和8年11月1日",
    ):
        assert words in way


@pytest.mark.parametrize(
    ("who", "status", "offers"),
    [
        ("head", "draft", {"続きを書く", "取り下げる"}),
        ("deputy", "returned", {"直して提出し直す", "取り下げる"}),
        ("head", "submitted", {"取り下げる"}),
        ("head", "approved", set()),
        ("head", "withdrawn", set()),
        ("hr", "returned", {"直して提出し直す", "取り下げる"}),
        ("admin", "draft", set()),
    ],
)
def test_the_page_offers_what_the_asker_may_do(
    request, client_of, section, person, who, status, offers
):
    nomination = of(section, person, status=status, comment="理由")

    html = client_of(request.getfixturevalue(who)).get(page(nomination)).content.decode()

    everything = {"続きを書く", "直して提出し直す", "取り下げる"}
    assert {words for words in everything if words in html} == offers


def test_it_is_taken_back_with_a_reason_and_twice_is_told(client_of, head, section, person):
    nomination = of(section, person, status="submitted")
    browser, url = client_of(head), page(nomination, "withdraw")

    empty = browser.post(url, {"comment": " "}).content.decode()
    done = browser.post(url, {"comment": "本人の事情のため。"}, follow=True).content.decode()
    twice = browser.post(url, {"comment": "本人の事情のため。"}, follow=True).content.decode()

    assert "取り下げる理由を入力してください。" in empty
    assert "推薦を取り下げました。" in done
    assert "本人の事情のため。" in done
    assert "この推薦は取下げです。" in twice
    assert nomination.events.count() == 1


def test_nothing_is_taken_back_by_looking(client_of, head, section, person):
    nomination = of(section, person, status="submitted")

    html = client_of(head).get(page(nomination, "withdraw")).content.decode()

    nomination.refresh_from_db()
    assert "見本　花子さんの推薦を取り下げます。" in html
    assert nomination.status == "submitted"
