"""修了証: numbers without gaps, one for each completion, void when the record says otherwise."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agano_dx.lib.fiscal import FiscalYear
from tests.conftest import TODAY, account
from tests.factories import (
    AttendanceFactory,
    CertificateFactory,
    CompletionFactory,
    OfferingFactory,
    StaffMemberFactory,
)
from tests.together import together
from training.models import AttendanceStatus, Certificate
from training.proofs import certificate_numbered, read_number
from training.services.certificates import (
    NothingToCertifyError,
    issue_certificate,
    issue_certificates,
)
from training.services.marking import Mark, mark


@pytest.fixture
def clerk(db):
    return account(StaffMemberFactory(), "hr")


def issue(place, by, today=TODAY):
    return issue_certificate(place=place, by=by, today=today)


def corrected(place, chosen, by):
    mark(
        offering=place.offering,
        marks=[Mark(place.pk, place.status, chosen)],
        by=by,
        today=TODAY,
    )
    place.refresh_from_db()


def test_the_paper_says_who_completed_what_and_when(clerk):
    place = CompletionFactory(
        staff__name="見本　花子", offering__course__title="見本研修", offering__course__hours=3
    )

    certificate = issue(place, clerk)

    assert certificate.number == "R8-0001"
    assert certificate.issued_on == TODAY
    assert (certificate.staff_name, certificate.course_title) == ("見本　花子", "見本研修")
    assert (certificate.completed_on, certificate.hours) == (date(2026, 6, 1), 3)


def test_issued_twice_it_is_the_same(clerk):
    place = CompletionFactory()

    first, second = issue(place, clerk), issue(place, clerk, date(2027, 4, 1))

    assert first == second
    assert Certificate.objects.count() == 1


@pytest.mark.parametrize(
    ("today", "number"), [(date(2027, 3, 31), "R8-0008"), (date(2027, 4, 1), "R9-0001")]
)
def test_numbers_run_through_the_fiscal_year_of_issue(clerk, today, number):
    CertificateFactory(serial=7)

    certificate = issue(CompletionFactory(), clerk, today)

    assert certificate.number == number


@pytest.mark.parametrize(
    "status", [status for status in AttendanceStatus if status not in ("present", "late")]
)
def test_only_a_completion_is_certified(clerk, status):
    place = AttendanceFactory(status=status)

    with pytest.raises(NothingToCertifyError, match="修了していない"):
        issue(place, clerk)

    assert not Certificate.objects.exists()


def test_a_corrected_mark_makes_the_paper_void_and_the_mark_restored_makes_it_hold_again(clerk):
    place = CompletionFactory()
    certificate = issue(place, clerk)

    corrected(place, "absent", clerk)
    void = Certificate.objects.get(pk=certificate.pk).is_valid
    corrected(place, "present", clerk)
    restored = Certificate.objects.get(pk=certificate.pk).is_valid

    assert (void, restored) == (False, True)
    assert issue(place, clerk) == certificate


def test_a_completion_of_another_day_gets_a_paper_of_its_own_and_the_first_stays_void(clerk):
    place = CompletionFactory(
        offering__starts_on=date(2026, 4, 1), offering__ends_on=date(2027, 3, 31)
    )
    place.completed_on = date(2026, 6, 1)
    place.save()
    first = issue(place, clerk)
    corrected(place, "absent", clerk)
    corrected(place, "present", clerk)

    second = issue(place, clerk)

    assert second.number == "R8-0002"
    assert second.completed_on == TODAY
    assert [one.is_valid for one in Certificate.objects.order_by("serial")] == [False, True]
    assert first.number == "R8-0001"


def test_the_two_ways_to_ask_whether_a_paper_holds_agree(clerk):
    CertificateFactory()
    CertificateFactory(attendance=AttendanceFactory(), completed_on=date(2026, 6, 1))
    CertificateFactory(completed_on=date(2026, 6, 2))

    found = [one.is_valid for one in Certificate.objects.order_by("pk")]

    assert found == [True, False, False]
    assert [one.is_valid for one in Certificate.objects.all().valid()] == [True]


def test_a_whole_offering_gets_its_papers_at_once_in_the_order_of_the_numbers(clerk):
    offering = OfferingFactory()
    places = [CompletionFactory(offering=offering) for _ in range(3)]
    AttendanceFactory(offering=offering, status="absent")
    CompletionFactory()
    kept = issue(places[1], clerk)

    made = issue_certificates(offering=offering, by=clerk, today=TODAY)
    again = issue_certificates(offering=offering, by=clerk, today=TODAY)

    assert [one.number for one in made] == ["R8-0002", "R8-0003"]
    assert {one.attendance_id for one in made} == {places[0].pk, places[2].pk}
    assert again == []
    assert Certificate.objects.get(attendance=places[1]) == kept


def test_a_closed_offering_still_gives_papers(clerk):
    place = CompletionFactory(offering__closed_at="2026-11-01T00:00:00Z")

    assert issue(place, clerk).is_valid


def test_every_paper_leaves_an_entry_without_a_name(clerk):
    place = CompletionFactory(staff__name="見本　花子")

    certificate = issue(place, clerk)

    entry = LogEntry.objects.get_for_object(certificate).get()
    assert (entry.actor, entry.action) == (clerk, LogEntry.Action.CREATE)
    assert entry.changes == {
        "number": [None, "R8-0001"],
        "attendance": [None, place.pk],
    }


def test_an_offering_of_forty_takes_as_many_queries_as_one_of_two(clerk):
    def queries(size):
        offering = OfferingFactory()
        CompletionFactory.create_batch(size, offering=offering)
        with CaptureQueriesContext(
            connection,
        ) as found:
            issue_certificates(offering=offering, by=clerk, today=TODAY)
        return len(found)

    issue(CompletionFactory(), clerk)  # content types are read once

    assert queries(2) == queries(40)


@pytest.mark.django_db(transaction=True)
def test_ten_who_ask_at_once_get_ten_numbers_in_a_row():
    places = CompletionFactory.create_batch(10)
    by = account(StaffMemberFactory())

    answers = together([lambda place=place: issue(place, by).serial for place in places])

    assert sorted(answers) == list(range(1, 11))


@pytest.mark.django_db(transaction=True)
def test_ten_clicks_on_one_completion_make_one_paper():
    place = CompletionFactory()
    by = account(StaffMemberFactory())

    answers = together([lambda: issue(place, by).number] * 10)

    assert set(answers) == {"R8-0001"}
    assert Certificate.objects.count() == 1


@pytest.mark.parametrize(
    "typed",
    [
        "R8-12",
        "r8-0012",
        "Ｒ８－００１２",
        " R8 - 0012 ",
        "R8ー12",
        "R8−12",
        "第 R8-0012 号",
        "令和8-12",
    ],
)
def test_a_number_is_read_however_it_is_typed(typed):
    assert read_number(typed) == (FiscalYear(2026), 12)


@pytest.mark.parametrize("typed", ["", "12", "R8", "R812", "R8-", "-12", "R8-1-2", "X8-12", "R8-x"])
def test_what_is_no_number_is_told_apart(typed):
    assert read_number(typed) is None


def test_a_number_finds_its_paper_alone(clerk):
    certificate = issue(CompletionFactory(), clerk)
    issue(CompletionFactory(), clerk)

    assert certificate_numbered(FiscalYear(2026), 1) == certificate
    assert certificate_numbered(FiscalYear(2025), 1) is None
