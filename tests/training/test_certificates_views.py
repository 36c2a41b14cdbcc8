"""修了証 on the screen and on paper."""

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from tests.conftest import account
from tests.factories import (
    AttendanceFactory,
    CertificateFactory,
    CompletionFactory,
    OfferingFactory,
    StaffMemberFactory,
)
from training.models import Attendance, Certificate

pytestmark = pytest.mark.django_db

VERIFY = "/training/evidence/certificates/"
PAPER = "次の研修を修了したことを証します"


def issue(place):
    return reverse("training:certificate_issue", args=[place.pk])


def batch(offering):
    return reverse("training:certificate_batch", args=[offering.pk])


def make_void(certificate):
    Attendance.objects.filter(pk=certificate.attendance_id).update(
        status="absent", completed_on=None
    )


def test_a_person_gets_the_paper_of_their_own_completion(client_of, staff):
    place = CompletionFactory(staff=staff.staff)

    page = client_of(staff).post(issue(place), follow=True)

    html = page.content.decode()
    assert PAPER in html
    assert "R8-0001" in html
    assert staff.staff.name in html


def test_ones_own_paper_stands_under_my_training(client_of, staff, hr):
    certificate = CertificateFactory(attendance__staff=staff.staff)
    mine, here = reverse("training:mine"), 'aria-current="page"'

    own = client_of(staff).get(certificate.get_absolute_url()).content.decode()
    clerk = client_of(hr).get(certificate.get_absolute_url()).content.decode()

    assert f'<a class="agano-side__link" href="{mine}" {here}>' in own
    assert f'<a class="agano-side__link" href="{mine}">' in clerk
    assert f'<a href="{mine}">マイ研修</a>' in own, "the way back"


def test_a_second_click_shows_the_first_paper(client_of, staff):
    place = CompletionFactory(staff=staff.staff)
    browser = client_of(staff)

    first, second = browser.post(issue(place)), browser.post(issue(place))

    assert first["Location"] == second["Location"]


def test_without_a_completion_the_refusal_is_told_where_one_came_from(client_of, staff, hr):
    place = AttendanceFactory(staff=staff.staff)

    own = client_of(staff).post(issue(place), follow=True)
    clerk = client_of(hr).post(issue(place), follow=True)

    assert own.request["PATH_INFO"] == reverse("training:mine")
    assert clerk.request["PATH_INFO"] == place.offering.get_absolute_url()
    for page in (own, clerk):
        assert "修了していないため" in page.content.decode()


def test_the_issuer_is_the_one_of_the_settings(client_of, staff, settings):
    settings.CERTIFICATE_ISSUER = "阿賀野市長　見本　太郎"
    certificate = CertificateFactory(attendance__staff=staff.staff)

    html = client_of(staff).get(certificate.get_absolute_url()).content.decode()

    assert "阿賀野市長　見本　太郎" in html


def test_a_void_paper_says_so_and_is_no_paper_any_more(client_of, staff):
    certificate = CertificateFactory(attendance__staff=staff.staff)
    make_void(certificate)

    html = client_of(staff).get(certificate.get_absolute_url()).content.decode()

    assert "この修了証は無効です。" in html
    assert PAPER not in html


def test_looking_at_the_paper_of_another_leaves_a_trace_and_at_ones_own_none(client_of, staff, hr):
    certificate = CertificateFactory(attendance__staff=staff.staff)
    seen = LogEntry.objects.get_for_object(certificate).filter(action=LogEntry.Action.ACCESS)

    client_of(staff).get(certificate.get_absolute_url())
    before = seen.count()
    client_of(hr).get(certificate.get_absolute_url())

    assert (before, seen.count()) == (0, 1)
    assert seen.get().actor == hr


def test_signs_of_html_in_names_stay_signs(client_of, staff):
    certificate = CertificateFactory(
        attendance__staff=staff.staff, staff_name="<b>見本</b>", course_title="<i>研修</i>"
    )

    html = client_of(staff).get(certificate.get_absolute_url()).content.decode()

    assert "<b>見本" not in html
    assert "&lt;i&gt;研修" in html


# --- a whole offering ---------------------------------------------------------------------------


def test_hr_issues_the_papers_of_an_offering_and_prints_them_all(client_of, hr):
    offering = OfferingFactory()
    CompletionFactory.create_batch(3, offering=offering)
    AttendanceFactory(offering=offering)
    browser = client_of(hr)
    before = browser.get(batch(offering)).content.decode()

    after = browser.post(batch(offering), follow=True).content.decode()
    again = browser.post(batch(offering), follow=True).content.decode()

    assert "まだない3人の修了証を発行する" in before
    assert "3人の修了証を発行しました。" in after
    assert after.count(PAPER) == 3
    assert "新しく発行する人はいませんでした。" in again
    assert Certificate.objects.count() == 3


def test_void_papers_are_not_printed_with_the_others(client_of, hr):
    offering = OfferingFactory()
    void = CertificateFactory(attendance__offering=offering)
    CertificateFactory(attendance__offering=offering)
    make_void(void)

    html = client_of(hr).get(batch(offering)).content.decode()

    assert html.count(PAPER) == 1
    assert void.staff_name not in html


def test_an_offering_without_completions_says_what_to_do(client_of, hr):
    html = client_of(hr).get(batch(OfferingFactory())).content.decode()

    assert "修了した人がまだいません。" in html


def test_printing_is_written_down_with_the_number_of_papers(client_of, hr):
    offering = OfferingFactory()
    CertificateFactory.create_batch(2, attendance__offering=offering)

    client_of(hr).get(batch(offering))

    entry = LogEntry.objects.get_for_object(offering).filter(action=LogEntry.Action.ACCESS).get()
    assert entry.additional_data == {"print": "certificates", "rows": 2}


def test_the_batch_of_eleven_takes_as_many_queries_as_of_one(
    client_of, hr, django_assert_num_queries
):
    small, large = OfferingFactory(), OfferingFactory()
    CertificateFactory(attendance__offering=small)
    CertificateFactory.create_batch(11, attendance__offering=large)
    browser = client_of(hr)
    browser.get(batch(small))

    with django_assert_num_queries(12):
        browser.get(batch(small))
    with django_assert_num_queries(12):
        browser.get(batch(large))


# --- a number -----------------------------------------------------------------------------------


def test_hr_finds_what_stands_on_a_paper_by_its_number(client_of, hr):
    certificate = CertificateFactory(serial=12, staff_name="見本　花子", course_title="見本研修")

    html = client_of(hr).get(VERIFY, {"number": "ｒ８－１２"}).content.decode()

    assert "有効な修了証です。" in html
    for words in ("R8-0012", "見本　花子", "見本研修", "令和8年6月1日"):
        assert words in html
    assert certificate.get_absolute_url() in html


def test_hr_learns_that_a_paper_is_void_and_what_the_record_says_now(client_of, hr):
    make_void(CertificateFactory(serial=12))

    html = client_of(hr).get(VERIFY, {"number": "R8-12"}).content.decode()

    assert "無効な修了証です。" in html
    assert "欠席" in html


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("R8-13", "この番号の修了証は発行していません。"),
        ("見本", "修了証の番号として読めません。"),
        ("", "空欄です。入力するか、選んでください。"),
    ],
)
def test_an_unknown_number_is_told_in_words_and_stays_in_its_field(client_of, hr, number, words):
    CertificateFactory(serial=12)

    html = client_of(hr).get(VERIFY, {"number": number}).content.decode()

    assert words in html
    assert f'value="{number}"' in html or not number


def test_somebody_elses_completion_gives_no_paper(client_of, section):
    place = CompletionFactory()

    answer = client_of(account(StaffMemberFactory())).post(issue(place))

    assert answer.status_code == 404
    assert not Certificate.objects.exists()
