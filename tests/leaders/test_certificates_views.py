"""修了証 of leaders on the screen and on paper."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from leaders.models import LeaderCertificate, LeaderTerm
from tests.conftest import TODAY, account
from tests.factories import (
    CohortFactory,
    LeaderCertificateFactory,
    LeaderTermFactory,
    StaffMemberFactory,
)

pytestmark = pytest.mark.django_db

VERIFY = "/leaders/certificates/"
PAPER = "デジタル化推進リーダーの任期を修了したことを証します"


def issue(term):
    return reverse("leaders:certificate_issue", args=[term.pk])


def batch(cohort):
    return reverse("leaders:certificate_batch", args=[cohort.number])


def completed(**values):
    whole = {"ends_on": date(2026, 10, 31), "end_reason": "moved", "completed": True}
    return LeaderTermFactory(**(whole | values))


def make_void(paper):
    LeaderTerm.objects.filter(pk=paper.term_id).update(completed=False, decided_on=TODAY)


def test_a_person_gets_the_paper_of_their_own_term(client_of, staff):
    term = completed(staff=staff.staff)

    html = client_of(staff).post(issue(term), follow=True).content.decode()

    assert PAPER in html
    for words in ("L-R8-0001", staff.staff.name, term.department.name, "第1期"):
        assert words in html
    assert "令和7年4月1日から令和8年10月31日まで" in html


def test_a_second_click_shows_the_first_paper(client_of, hr):
    term = completed()
    browser = client_of(hr)

    first, second = browser.post(issue(term)), browser.post(issue(term))

    assert first["Location"] == second["Location"]


def test_without_a_completion_the_refusal_is_told_on_a_page_the_asker_may_see(client_of, staff, hr):
    term = completed(staff=staff.staff, completed=False)

    own = client_of(staff).post(issue(term), follow=True)
    clerk = client_of(hr).post(issue(term), follow=True)

    assert own.request["PATH_INFO"] == staff.staff.get_absolute_url()
    assert clerk.request["PATH_INFO"] == reverse("leaders:cohort_close", args=[1])
    for page in (own, clerk):
        assert "修了と判定されていない" in page.content.decode()


def test_the_head_of_the_department_neither_issues_nor_sees_the_paper(client_of, head, section):
    paper = LeaderCertificateFactory(term__department=section)
    browser = client_of(head)

    assert browser.post(issue(paper.term)).status_code == 403
    assert browser.get(paper.get_absolute_url()).status_code == 404


def test_a_void_paper_says_so_and_is_no_paper_any_more(client_of, staff):
    paper = LeaderCertificateFactory(term__staff=staff.staff)
    make_void(paper)

    html = client_of(staff).get(paper.get_absolute_url()).content.decode()

    assert "この修了証は無効です。" in html
    assert PAPER not in html


def test_looking_at_the_paper_of_another_leaves_a_trace_and_at_ones_own_none(client_of, staff, hr):
    paper = LeaderCertificateFactory(term__staff=staff.staff)
    seen = LogEntry.objects.get_for_object(paper).filter(action=LogEntry.Action.ACCESS)

    client_of(staff).get(paper.get_absolute_url())
    before = seen.count()
    client_of(hr).get(paper.get_absolute_url())

    assert (before, seen.count()) == (0, 1)
    assert seen.get().actor == hr


def test_the_issuer_is_the_one_of_the_settings_and_signs_of_html_stay_signs(
    client_of, staff, settings
):
    settings.CERTIFICATE_ISSUER = "阿賀野市長　見本　太郎"
    paper = LeaderCertificateFactory(
        term__staff=staff.staff, staff_name="<b>見本</b>", department_name="<i>課</i>"
    )

    html = client_of(staff).get(paper.get_absolute_url()).content.decode()

    assert "阿賀野市長　見本　太郎" in html
    assert "<b>見本" not in html
    assert "&lt;i&gt;課" in html


# --- a whole cohort -----------------------------------------------------------------------------


def test_hr_issues_the_papers_of_a_cohort_and_prints_them_all(client_of, hr):
    terms = [completed() for _ in range(3)]
    completed(completed=False)
    browser = client_of(hr)
    before = browser.get(batch(terms[0].cohort)).content.decode()

    after = browser.post(batch(terms[0].cohort), follow=True).content.decode()
    again = browser.post(batch(terms[0].cohort), follow=True).content.decode()

    assert "まだない3人の修了証を発行する" in before
    assert "3人の修了証を発行しました。" in after
    assert after.count(PAPER) == 3
    assert "新しく発行する人はいませんでした。" in again
    assert LeaderCertificate.objects.count() == 3


def test_an_administrator_prints_but_does_not_issue(client_of, admin):
    paper = LeaderCertificateFactory()
    completed()
    browser = client_of(admin)

    html = browser.get(batch(paper.term.cohort)).content.decode()
    posted = browser.post(batch(paper.term.cohort))

    assert html.count(PAPER) == 1
    assert "修了証を発行する" not in html
    assert posted.status_code == 403


def test_void_papers_are_not_printed_with_the_others(client_of, hr):
    void, paper = LeaderCertificateFactory(), LeaderCertificateFactory()
    make_void(void)

    html = client_of(hr).get(batch(paper.term.cohort)).content.decode()

    assert html.count(PAPER) == 1
    assert void.staff_name not in html


def test_a_cohort_without_completions_says_what_to_do(client_of, hr):
    html = client_of(hr).get(batch(CohortFactory())).content.decode()

    assert "修了と判定した人がまだいません。" in html


def test_printing_is_written_down_with_the_number_of_papers(client_of, hr):
    cohort = LeaderCertificateFactory().term.cohort
    LeaderCertificateFactory()

    client_of(hr).get(batch(cohort))

    entry = LogEntry.objects.get_for_object(cohort).filter(action=LogEntry.Action.ACCESS).get()
    assert entry.additional_data == {"print": "certificates", "rows": 2}


def test_the_batch_of_eleven_takes_as_many_queries_as_of_one(
    client_of, hr, django_assert_max_num_queries, django_assert_num_queries
):
    small, large = CohortFactory(number=1), CohortFactory(number=2)
    LeaderCertificateFactory(term__cohort=small)
    LeaderCertificateFactory.create_batch(11, term__cohort=large)
    browser = client_of(hr)
    browser.get(batch(small))

    with django_assert_max_num_queries(15) as counted:
        browser.get(batch(small))
    with django_assert_num_queries(len(counted)):
        browser.get(batch(large))


# --- a number -----------------------------------------------------------------------------------


def test_hr_finds_what_stands_on_a_paper_by_its_number(client_of, hr):
    paper = LeaderCertificateFactory(serial=12, staff_name="見本　花子", department_name="見本課")

    html = client_of(hr).get(VERIFY, {"number": "ｌ－ｒ８－１２"}).content.decode()

    assert "有効な修了証です。" in html
    for words in ("L-R8-0012", "見本　花子", "見本課", "令和8年10月31日"):
        assert words in html
    assert paper.get_absolute_url() in html
    assert LogEntry.objects.get_for_object(paper).filter(actor=hr).count() == 1


def test_hr_learns_that_a_paper_is_void_and_what_the_record_says_now(client_of, hr):
    make_void(LeaderCertificateFactory(serial=12))

    html = client_of(hr).get(VERIFY, {"number": "L-R8-12"}).content.decode()

    assert "無効な修了証です。" in html
    assert "未修了" in html


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("L-R8-13", "この番号の修了証は発行していません。"),
        ("R8-12", "Lの付かない番号は研修の修了証です。"),
        ("見本", "修了証の番号として読めません。"),
        ("", "空欄です。入力するか、選んでください。"),
    ],
)
def test_an_unknown_number_is_told_in_words_and_stays_in_its_field(client_of, hr, number, words):
    LeaderCertificateFactory(serial=12, staff_name="見本　花子")

    html = client_of(hr).get(VERIFY, {"number": number}).content.decode()

    assert words in html
    assert f'value="{number}"' in html or not number
    assert "見本　花子" not in html


def test_somebody_elses_term_gives_no_paper(client_of, section):
    term = completed()

    answer = client_of(account(StaffMemberFactory())).post(issue(term))

    assert answer.status_code == 404
    assert not LeaderCertificate.objects.exists()
