"""Nominating one's own people."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from leaders.models import Cohort, Nomination
from staff.models import Duty, StaffMember
from tests.conftest import TODAY, account, placed
from tests.factories import (
    AssignmentFactory,
    CohortFactory,
    ConcurrentPostFactory,
    DepartmentFactory,
    HeadDeputyFactory,
    HeadRankFactory,
    LeaderTermFactory,
    NominationEventFactory,
    NominationFactory,
    RankFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture
def person(section):
    """Somebody of section A who may be nominated."""
    return placed(section, staff__name="見本　花子")


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


def handed_in(department, status="submitted", **kwargs):
    """A nomination of somebody who may be nominated."""
    staff = kwargs.pop("staff", None) or placed(department)
    return NominationFactory(
        department=department,
        staff=staff,
        status=status,
        submitted_at=timezone.now(),
        **kwargs,
    )


# --- handing in ---------------------------------------------------------------------------------


def test_a_head_hands_in_one_of_their_people(client_of, head, section, person, cohort):
    response = client_of(head).post(new(cohort, section), filled(person), follow=True)

    nomination = Nomination.objects.get()
    assert "推薦を人事担当に提出しました。" in response.content.decode()
    assert (nomination.staff, nomination.department) == (person, section)
    assert (nomination.status, nomination.submitted_by) == ("submitted", head)


def test_the_form_offers_those_who_may_be_nominated_and_lists_the_others_with_reasons(
    client_of, head, section, person, cohort
):
    placed(section, staff__name="見本　主事", rank=RankFactory(is_leader_eligible=False))
    placed(section, staff__name="見本　育休", duty=Duty.CHILDCARE)
    LeaderTermFactory(staff=person, cohort=CohortFactory(number=0))

    response = client_of(head).get(new(cohort, section))

    html = response.content.decode()
    radios = html[html.index('name="staff"') : html.index("推薦の一覧に出ていない職員")]
    others = html[html.index("推薦の一覧に出ていない職員") :]
    assert "見本　花子" in radios
    assert "第0期（活動中）" in radios
    assert "見本　主事" not in radios
    assert "課長補佐から主任までに当たりません。" in others
    assert "育休中のため、対象になりません。" in others


def test_a_head_of_two_sections_nominates_in_both(client_of, head, other_section, cohort):
    ConcurrentPostFactory(staff=head.staff, department=other_section)
    person = placed(other_section)

    client_of(head).post(new(cohort, other_section), filled(person))

    assert Nomination.objects.get().department == other_section


def test_another_head_s_department_does_not_exist(client_of, head, other_section, cohort):
    person = placed(other_section)
    browser = client_of(head)

    answers = [
        browser.get(new(cohort, other_section)).status_code,
        browser.post(new(cohort, other_section), filled(person)).status_code,
        browser.get(new(cohort, DepartmentFactory.build(code="NONE"))).status_code,
    ]

    assert answers == [404, 404, 404]
    assert not Nomination.objects.exists()


def test_another_department_s_person_cannot_be_posted(
    client_of, head, section, person, other_section, cohort
):
    stranger = placed(other_section, staff__name="別の　職員")

    response = client_of(head).post(new(cohort, section), filled(stranger))

    html = response.content.decode()
    assert "この職員は推薦できません。一覧から選び直してください。" in html
    assert "別の　職員" not in html
    assert not Nomination.objects.exists()


def test_extra_posted_fields_change_nothing(
    client_of, head, section, person, other_section, cohort
):
    client_of(head).post(
        new(cohort, section),
        filled(person, status="approved", department=other_section.pk, submitted_by=1, comment="x"),
    )

    nomination = Nomination.objects.get()
    assert (nomination.status, nomination.department) == ("submitted", section)
    assert (nomination.submitted_by, nomination.comment) == (head, "")


def test_the_same_click_twice_stands_once_and_shows_the_first_result(
    client_of, head, section, person, cohort
):
    browser = client_of(head)
    browser.post(new(cohort, section), filled(person))

    response = browser.post(new(cohort, section), filled(person), follow=True)

    nomination = Nomination.objects.get()
    assert response.redirect_chain[-1][0] == nomination.get_absolute_url()
    assert nomination.events.count() == 1


def test_the_same_person_in_other_words_is_refused_with_the_reason_and_the_words_stay(
    client_of, head, section, person, cohort
):
    browser = client_of(head)
    browser.post(new(cohort, section), filled(person))

    response = browser.post(new(cohort, section), filled(person, reason="窓口に詳しいため。"))

    html = response.content.decode()
    assert "この職員は推薦できません。この期に推薦済みです。" in html
    assert "窓口に詳しいため。" in html
    assert Nomination.objects.count() == 1


def test_a_reason_is_needed_and_nothing_else_is_lost(client_of, head, section, person, cohort):
    response = client_of(head).post(
        new(cohort, section), filled(person, reason="", expected_role="窓口の改善")
    )

    assert "窓口の改善" in response.content.decode()
    assert response.context["form"].errors["reason"]
    assert not Nomination.objects.exists()


@pytest.mark.parametrize(
    "round_days",
    [
        (date(2026, 11, 24), date(2026, 11, 30)),
        (date(2026, 11, 1), date(2026, 11, 22)),
        (None, None),
    ],
)
def test_outside_the_round_nothing_is_handed_in_while_a_leader_stays(
    client_of, head, section, person, round_days
):
    opens, closes = round_days
    cohort = CohortFactory(nominations_open_on=opens, nominations_close_on=closes)
    LeaderTermFactory(cohort=cohort, department=section)
    browser = client_of(head)

    shown = browser.get(new(cohort, section)).content.decode()
    sent = browser.post(new(cohort, section), filled(person), follow=True).content.decode()

    assert "推薦の受付期間ではありません。" in shown
    assert "人事担当に提出する" not in shown
    assert "推薦は受付期間外です。" in sent
    assert not Nomination.objects.exclude(status="draft").exists()


def test_only_heads_and_hr_in_their_place_nominate(
    client_of, section, person, cohort, admin, manager, staff
):
    answers = {
        client_of(user).post(new(cohort, section), filled(person)).status_code
        for user in (admin, manager, staff)
    }

    assert answers == {403}


def test_a_department_that_gives_no_leader_takes_no_nomination(client_of, head, section, cohort):
    office = DepartmentFactory(parent=section, gives_leader=False)

    assert client_of(head).get(new(cohort, office)).status_code == 404


def test_a_head_who_moved_away_nominates_no_longer(client_of, head, section, person, cohort):
    AssignmentFactory(staff=head.staff, starts_on=TODAY)

    answer = client_of(head).post(new(cohort, section), filled(person))

    assert answer.status_code == 403
    assert not Nomination.objects.exists()


# --- coming back --------------------------------------------------------------------------------


def test_what_is_handed_in_cannot_be_corrected_any_more(client_of, head, section, person, cohort):
    nomination = handed_in(section, staff=person)

    response = client_of(head).post(
        page(nomination, "edit"), filled(person, reason="書き換え"), follow=True
    )

    nomination.refresh_from_db()
    assert "この推薦は提出済みです。" in response.content.decode()
    assert nomination.reason != "書き換え"


def test_another_head_s_nomination_does_not_exist(client_of, head, other_section):
    nomination = handed_in(other_section, status="returned", comment="理由")
    browser = client_of(head)

    answers = [
        browser.get(page(nomination)).status_code,
        browser.get(page(nomination, "edit")).status_code,
        browser.post(page(nomination, "edit"), filled(nomination.staff)).status_code,
    ]

    assert answers == [404, 404, 404]


def test_names_and_reasons_with_signs_of_html_are_shown_as_they_are(client_of, hr, section, cohort):
    nomination = handed_in(section, reason="<b>理由</b>")
    StaffMember.objects.filter(pk=nomination.staff_id).update(name="<b>見本</b>")

    detail = client_of(hr).get(page(nomination)).content.decode()

    assert "&lt;b&gt;理由&lt;/b&gt;" in detail
    assert "<b>" not in detail
    assert "&lt;b&gt;見本&lt;/b&gt;" in detail


def test_the_form_escapes_the_names_it_offers(client_of, head, section, cohort):
    placed(section, staff__name="<b>見本</b>", rank=RankFactory(name="<b>職</b>"))
    placed(section, staff__name="<b>課長</b>", rank=HeadRankFactory())

    html = client_of(head).get(new(cohort, section)).content.decode()

    assert "<b>" not in html
    assert "&lt;b&gt;見本&lt;/b&gt;" in html


# --- 内示: an end to come that heads and deputies may not know ----------------------------------


def moving(department, **kwargs):
    """A leader of whom HR knows already that they move away at the end of the year."""
    ahead = {"ends_on": date(2026, 12, 31), "end_reason": "moved"} | kwargs
    return LeaderTermFactory(department=department, **ahead)


@pytest.fixture
def deputy(section):
    """Somebody whom the head of section A has named."""
    member = placed(section)
    HeadDeputyFactory(department=section, staff=member)
    return UserFactory(staff=member)


@pytest.mark.parametrize("asker", ["head", "deputy"])
def test_the_desk_shows_no_secret_end_and_asks_for_no_successor(
    client_of, request, section, person, cohort, asker
):
    Cohort.objects.update(nominations_closed_at=timezone.now())
    moving(section)
    client = client_of(request.getfixturevalue(asker))

    html = client.get(new(cohort, section)).content.decode()
    board = client.get(reverse("leaders:nomination_list")).content.decode()
    client.post(new(cohort, section), filled(person))

    assert "令和8年12月31日" not in html
    assert "後任の推薦です。" not in html
    assert f'href="{new(cohort, section)}"' not in board
    assert Nomination.objects.get().status == "draft"


def test_hr_sees_the_end_to_come_and_enters_the_successor(client_of, hr, section, person, cohort):
    Cohort.objects.update(nominations_closed_at=timezone.now())
    term = moving(section)
    client = client_of(hr)

    html = client.get(new(cohort, section)).content.decode()
    client.post(new(cohort, section), filled(person))

    assert "令和8年12月31日" in html
    assert Nomination.objects.get().replaces == term


@pytest.mark.parametrize(("reason", "told"), [("moved", False), ("declined", True)])
def test_whom_a_nomination_succeeds_is_told_to_the_head_when_the_end_is_no_secret(
    client_of, head, hr, section, person, cohort, reason, told
):
    term = moving(section, staff__name="前の　リーダー", end_reason=reason)
    given = NominationFactory(department=section, staff=person, status="submitted", replaces=term)

    to_head = client_of(head).get(page(given)).content.decode()
    to_hr = client_of(hr).get(page(given)).content.decode()

    assert ("前の　リーダー" in to_head) is told
    assert "前の　リーダー" in to_hr


# --- what a deputy and a head do not read -------------------------------------------------------


def test_a_deputy_does_not_read_the_nomination_that_names_them(client_of, deputy, section, head):
    own = NominationFactory(
        department=section, staff=deputy.staff, status="returned", comment="向いていません。"
    )
    client = client_of(deputy)

    board = client.get(reverse("leaders:nomination_list")).content.decode()
    desk = client.get(new(own.cohort, section)).content.decode()

    for name in ("detail", "edit", "withdraw"):
        assert client.get(page(own, name)).status_code == 404
    assert page(own) not in board
    assert page(own) not in desk
    assert client_of(head).get(page(own)).status_code == 200


def test_a_head_reads_in_what_capacity_somebody_acted_and_hr_reads_who(
    client_of, head, hr, section, person
):
    clerk = account(placed(section, staff__name="人事　係員"), "hr")
    given = NominationFactory(
        department=section, staff=person, status="returned", comment="理由を詳しく。"
    )
    NominationEventFactory(nomination=given, act="returned", by=clerk)

    to_head = client_of(head).get(page(given)).content.decode()
    to_hr = client_of(hr).get(page(given)).content.decode()

    assert "人事　係員" not in to_head
    assert "人事担当" in to_head[to_head.index("経過</h2>") :]
    assert "人事　係員" in to_hr
