"""Putting a record of a frozen year right: by the right person, one at a time, for a reason."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from tests.conftest import TODAY, account, placed
from tests.factories import (
    CertificateFactory,
    CompletionFactory,
    FrozenYearFactory,
    OfferingFactory,
    StaffMemberFactory,
)
from tests.together import together
from training.models import Attendance, AttendanceChange, Certificate
from training.services.closing import NoReasonError
from training.services.correcting import (
    ChangedMeanwhileError,
    MayNotCorrectError,
    NotFrozenError,
    correct,
)
from training.services.locking import OfferingClosedError
from training.services.marking import OwnMarkError, UnknownMarkError
from training.services.walk_in import NotInServiceError

pytestmark = pytest.mark.django_db

HELD_ON = date(2026, 3, 2)
WHY = "出席簿と違っていたため。"


@pytest.fixture
def offering():
    FrozenYearFactory()
    return OfferingFactory(starts_on=HELD_ON, course__title="見本研修")


def put_right(offering, member, by, **values):
    said = {"seen": "", "status": "present", "reason": WHY} | values
    return correct(offering=offering, staff=member, by=by, today=TODAY, **said)


def test_a_mark_is_corrected_with_its_trail_and_its_certificate_becomes_void(offering, hr):
    place = CompletionFactory(offering=offering)
    CertificateFactory(attendance=place)

    put_right(offering, place.staff, hr, seen="present", status="absent")

    place.refresh_from_db()
    change = AttendanceChange.objects.get()
    assert (place.status, place.completed_on) == ("absent", None)
    assert (change.old, change.new, change.by, change.reason) == ("present", "absent", hr, WHY)
    assert not Certificate.objects.valid().exists()
    assert LogEntry.objects.get_for_object(place).filter(actor=hr).count() == 1


def test_somebody_forgotten_is_added_as_of_the_offerings_day(offering, hr, section):
    member = placed(section)

    put_right(offering, member, hr)
    put_right(offering, member, hr)

    place = Attendance.objects.get()
    assert (place.status, place.completed_on) == ("present", HELD_ON)
    assert AttendanceChange.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"reason": " "}, NoReasonError),
        ({"status": "booked"}, UnknownMarkError),
        ({"seen": "absent"}, ChangedMeanwhileError),
    ],
)
def test_what_is_missing_or_overtaken_changes_nothing(offering, hr, section, values, error):
    with pytest.raises(error):
        put_right(offering, placed(section), hr, **values)

    assert not Attendance.objects.exists()


def test_nobody_corrects_their_own_mark_nor_without_the_right(offering, hr, head, staff):
    with pytest.raises(OwnMarkError):
        put_right(offering, hr.staff, hr)
    with pytest.raises(MayNotCorrectError):
        put_right(offering, staff.staff, head)

    assert not Attendance.objects.exists()


def test_a_year_still_open_is_marked_as_ever(hr, section):
    with pytest.raises(NotFrozenError):
        put_right(OfferingFactory(starts_on=HELD_ON), placed(section), hr)


def test_who_did_not_serve_that_day_was_not_there(offering, hr):
    with pytest.raises(NotInServiceError):
        put_right(offering, StaffMemberFactory(hired_on=date(2026, 4, 1)), hr)


def test_an_offering_called_off_stays_without_marks(offering, hr, section):
    offering.cancelled_at = "2026-03-01T00:00Z"
    offering.save()

    with pytest.raises(OfferingClosedError):
        put_right(offering, placed(section), hr)


@pytest.mark.django_db(transaction=True)
def test_two_who_correct_one_mark_at_once_overwrite_nothing(offering, hr, admin):
    place = CompletionFactory(offering=offering)

    answers = together(
        [
            lambda: put_right(offering, place.staff, hr, seen="present", status="absent"),
            lambda: put_right(offering, place.staff, admin, seen="present", status="left_early"),
        ]
    )

    assert [type(one) for one in answers].count(ChangedMeanwhileError) == 1
    assert AttendanceChange.objects.count() == 1


# --- the page -----------------------------------------------------------------------------------


def address(offering, member=None):
    page = reverse("training:offering_correct", args=[offering.pk])
    return f"{page}?number={member.number}" if member else page


def test_the_page_names_the_person_and_corrects_their_mark(offering, hr, client_of):
    place = CompletionFactory(offering=offering, staff__name="見本　花子")
    browser = client_of(hr)

    page = browser.get(address(offering, place.staff)).content.decode()
    answer = browser.post(
        address(offering, place.staff), {"seen": "present", "status": "absent", "reason": WHY}
    )

    assert "見本　花子" in page
    assert "確定値は変わりません" in page
    assert answer.status_code == 302
    assert AttendanceChange.objects.get().reason == WHY


def test_a_refusal_keeps_what_was_typed(offering, hr, client_of):
    place = CompletionFactory(offering=offering)

    page = client_of(hr).post(
        address(offering, place.staff), {"seen": "absent", "status": "late", "reason": WHY}
    )

    assert "ほかの人が先に出欠を変えました" in page.content.decode()
    assert WHY in page.content.decode()


def test_an_unknown_number_is_told_in_words(offering, hr, client_of):
    page = client_of(hr).get(f"{address(offering)}?number=999999").content.decode()

    assert "この職員番号の職員はいません" in page


def test_the_attendance_page_of_a_frozen_year_leads_there(offering, hr, client_of):
    browser = client_of(hr)
    grid = reverse("training:offering_attendance", args=[offering.pk])
    open_year = OfferingFactory(starts_on=date(2026, 11, 2))

    assert address(offering) in browser.get(grid).content.decode()
    its_page = browser.get(offering.get_absolute_url()).content.decode()
    assert address(offering) in its_page
    assert "出欠を入力する" not in its_page
    other = reverse("training:offering_attendance", args=[open_year.pk])
    assert address(open_year) not in browser.get(other).content.decode()


def test_a_completion_of_a_frozen_year_on_an_offering_that_runs_on_is_put_right(hr, client_of):
    FrozenYearFactory()
    place = CompletionFactory(
        offering__starts_on=HELD_ON, offering__ends_on=date(2026, 9, 30), completed_on=HELD_ON
    )
    door = reverse("training:offering_correct", args=[place.offering_id])
    pages = ["training:offering_attendance", "training:offering_detail"]

    seen = [client_of(hr).get(reverse(one, args=[place.offering_id])) for one in pages]
    chosen = client_of(hr).get(door).content.decode()

    assert all(door in page.content.decode() for page in seen)
    assert reverse("training:offering_close", args=[place.offering_id]) in seen[0].content.decode()
    assert "訂正しても、確定値は変わりません。" in chosen
    assert f"?number={place.staff.number}" in chosen


def test_ones_own_record_has_no_form(offering, section, client_of):
    clerk = account(placed(section), "hr")

    page = client_of(clerk).get(address(offering, clerk.staff)).content.decode()

    assert "自分の出欠は自分では訂正できません" in page
    assert 'name="status"' not in page
