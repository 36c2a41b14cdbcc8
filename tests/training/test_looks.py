"""Every look at a record and every print of names leaves one access entry, without a name."""

import json
from datetime import date

import pytest
from auditlog.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    OfferingFactory,
    ProgrammeFactory,
    TrainingReportFactory,
)
from training.services.offerings import cancel_offering

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(section):
    """Somebody whose name must not stand in the log."""
    return AssignmentFactory(staff__name="秘密　花子", department=section).staff


def looked(client, name, *args, **query):
    """Open the page; the one entry this left: by whom, of what, and what else it tells."""
    page = client.get(reverse(f"training:{name}", args=args), query)
    entry = LogEntry.objects.get(action=LogEntry.Action.ACCESS)
    told = [entry.object_repr, entry.changes, entry.additional_data]
    assert "秘密" in page.content.decode()
    assert "秘密" not in json.dumps(told, ensure_ascii=False)
    return entry.actor, entry.object_repr, entry.additional_data


@pytest.mark.parametrize("page", ["offering_place", "mark_history"])
def test_looking_at_one_persons_place(client_of, hr, member, page):
    place = AttendanceFactory(staff=member)

    entry = looked(client_of(hr), page, place.offering_id, place.pk)

    assert entry == (hr, f"training.attendance:{place.pk}", None)


def test_printing_the_notice_of_what_was_called_off(client_of, hr, member):
    place = AttendanceFactory(staff=member, offering__starts_on=date(2026, 12, 1))
    cancel_offering(offering=place.offering, reason="講師の都合", by=hr, at=timezone.now())

    entry = looked(client_of(hr), "offering_notice", place.offering_id)

    told = {"print": "cancellation_notice", "rows": 1}
    assert entry == (hr, f"training.offering:{place.offering_id}", told)


def test_printing_the_notices_to_heads_tells_row_filters_and_how_many(
    client_of, hr, member, section
):
    row = ProgrammeFactory()
    typed = {"reply_by": "R8.12.7", "addition": "秘密　花子さんを先に"}

    entry = looked(client_of(hr), "outstanding_notice", department=section.pk, **typed)

    told = {
        "print": "heads_notices",
        "rows": 1,
        "department": section.pk,
        "band": "",
        "because": "",
    }
    assert entry == (hr, f"training.programme:{row.pk}", told)


def test_printing_the_letters(client_of, hr, member):
    AttendanceFactory(staff=member, offering=OfferingFactory(starts_on=date(2026, 11, 25)))

    entry = looked(client_of(hr), "reminder_sheet")

    assert entry == (hr, f"staff.user:{hr.pk}", {"print": "reminders", "rows": 1})


def test_reading_anothers_report_and_not_one_s_own(client_of, hr, staff, member):
    own = TrainingReportFactory(attendance__staff=staff.staff, submitted_at=timezone.now())
    report = TrainingReportFactory(attendance__staff=member, submitted_at=timezone.now())
    client_of(staff).get(own.get_absolute_url())

    entry = looked(client_of(hr), "report_detail", report.pk)

    assert entry == (hr, f"training.trainingreport:{report.pk}", None)
