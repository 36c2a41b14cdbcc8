"""The template and the roster as downloads: who gets them, and what is written down about it."""

import hashlib
import html
from datetime import timedelta
from urllib.parse import unquote

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from agano_dx.lib.workbooks.reading import read_workbook
from staff.forms.files import MOST_WITHOUT_REASON
from staff.models import StaffMember, User
from staff.views.files import XLSX
from tests.conftest import TODAY
from tests.factories import LONG_AGO
from tests.roster_makers import everything, person, says_what_to_do, small_town

pytestmark = pytest.mark.django_db

TEMPLATE = reverse("staff:roster_template")
EXCEL, CSV = (reverse("staff:roster_export", args=[kind]) for kind in ("xlsx", "csv"))


@pytest.fixture
def town(db):
    return small_town()


@pytest.fixture
def clerk(client_of, hr, town):
    return client_of(hr)


@pytest.fixture
def crowd(town):
    """More people than may be taken out without a word."""
    StaffMember.objects.bulk_create(
        StaffMember(
            number=f"8{index:05d}", name="見本　多数", name_key="見本多数", hired_on=LONG_AGO
        )
        for index in range(MOST_WITHOUT_REASON)
    )


def text(response):
    return html.unescape(response.content.decode())


def numbers(response):
    """The staff numbers in a downloaded roster."""
    sheet = read_workbook(response.content, "").sheets[0]
    return [row.cells[0].text for row in sheet.rows[2:]]


def taken_out():
    """What the audit log says of exports."""
    entries = LogEntry.objects.filter(
        action=LogEntry.Action.ACCESS, additional_data__export="roster"
    )
    return list(entries.order_by("pk"))


def file_name(response):
    return unquote(response["Content-Disposition"].rpartition("''")[2])


# --- The template -------------------------------------------------------------------------------


def test_the_template_comes_as_a_workbook_with_a_japanese_name(client_of, admin, town):
    response = client_of(admin).get(TEMPLATE)

    assert (response["Content-Type"], file_name(response)) == (XLSX, "職員名簿_ひな形.xlsx")
    assert [sheet.name for sheet in read_workbook(response.content, "").sheets][0] == "職員名簿"


@pytest.mark.parametrize("page", ["import_list", "import_new"])
def test_the_import_pages_lead_to_the_files(client_of, admin, page):
    shown = text(client_of(admin).get(reverse(f"staff:{page}")))

    assert all(f'href="{url}"' in shown for url in (TEMPLATE, EXCEL, CSV))


# --- A small roster -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "media_type", "ending"),
    [(EXCEL, XLSX, "xlsx"), (CSV, "text/csv; charset=utf-8", "csv")],
)
def test_a_small_roster_comes_at_once(clerk, town, url, media_type, ending):
    person(town, "000101")

    response = clerk.get(url)

    assert (response["Content-Type"], file_name(response)) == (
        media_type,
        f"取扱注意_職員名簿_2026-11-23.{ending}",
    )
    assert "000101" in numbers(response)
    assert response["Cache-Control"] == "no-store"


def test_the_roster_is_that_of_the_day_asked_for(clerk, town):
    person(town, "000101", left_on=TODAY - timedelta(days=1))

    now, before = clerk.get(EXCEL), clerk.get(EXCEL, {"as_of": "R8.11.22"})

    assert "000101" not in numbers(now)
    assert "000101" in numbers(before)
    assert file_name(before) == "取扱注意_職員名簿_2026-11-22.xlsx"


def test_a_roster_taken_out_leaves_who_which_day_how_many_and_which_bytes(clerk, hr, town):
    person(town, "000101")

    response = clerk.get(EXCEL, {"as_of": "R8.11.22"})

    [entry] = taken_out()
    assert entry.actor == hr
    assert entry.additional_data == {
        "export": "roster",
        "format": "xlsx",
        "as_of": "2026-11-22",
        "rows": StaffMember.objects.employed(TODAY).count(),
        "sha256": hashlib.sha256(response.content).hexdigest(),
        "reason": "",
    }


def test_the_entry_is_about_the_account_and_names_nobody(clerk, hr, town):
    person(town, "000101", name="見本　秘密")

    clerk.get(CSV)

    [entry] = taken_out()
    assert (entry.content_type.model_class(), entry.object_id) == (User, hr.pk)
    assert "秘密" not in str(entry.additional_data) + entry.object_repr


def test_taking_out_changes_nothing_else(clerk, town):
    person(town)
    before = everything(without=("auditlog.LogEntry",))

    clerk.get(EXCEL)
    clerk.post(EXCEL, {"as_of": "R8.11.23", "reason": "確認"})

    assert everything(without=("auditlog.LogEntry",)) == before


# --- A long one ---------------------------------------------------------------------------------


def test_a_hundred_people_need_no_reason_and_one_more_does(clerk, crowd):
    alone = StaffMember.objects.filter(number__startswith="8").first()
    alone.left_on = TODAY - timedelta(days=1)
    alone.save()

    # With the clerk these are a hundred.
    few = clerk.get(CSV)
    many = clerk.get(CSV, {"as_of": (TODAY - timedelta(days=1)).isoformat()})

    assert few["Content-Type"].startswith("text/csv")
    assert many["Content-Type"].startswith("text/html")
    assert "101人" in text(many)
    assert len(taken_out()) == 1


def test_the_question_comes_without_a_reproach(clerk, crowd):
    page = text(clerk.get(EXCEL))

    assert "使いみち" in page
    assert "人を超える名簿です。" not in page
    assert taken_out() == []


@pytest.mark.parametrize("reason", ["", "　 "])
def test_without_a_reason_nothing_leaves_and_nothing_typed_is_lost(clerk, crowd, reason):
    response = clerk.post(EXCEL, {"as_of": "R8.11.20", "reason": reason})

    message = "100人を超える名簿です。使いみちを入力してください。"
    assert says_what_to_do(message)
    assert message in text(response)
    assert 'value="R8.11.20"' in text(response)
    assert taken_out() == []


def test_with_a_reason_it_leaves_and_the_reason_is_kept(clerk, crowd):
    response = clerk.post(EXCEL, {"as_of": "R8.11.23", "reason": "4月の異動の確認"})

    [entry] = taken_out()
    assert len(numbers(response)) == entry.additional_data["rows"] == MOST_WITHOUT_REASON + 1
    assert entry.additional_data["reason"] == "4月の異動の確認"


def test_pressing_twice_gives_the_file_twice_and_says_so(clerk, crowd):
    answers = [clerk.post(CSV, {"as_of": "R8.11.23", "reason": "確認"}) for _ in range(2)]

    assert answers[0].content == answers[1].content
    assert len(taken_out()) == 2


def test_a_reason_that_is_too_long_is_refused(clerk, crowd):
    response = clerk.post(EXCEL, {"as_of": "R8.11.23", "reason": "あ" * 201})

    assert response["Content-Type"].startswith("text/html")
    assert taken_out() == []


@pytest.mark.parametrize("day", ["R8.2.30", "きのう", "25/4/1"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_day_that_is_none_is_said_and_nothing_leaves(clerk, method, day):
    response = getattr(clerk, method)(EXCEL, {"as_of": day})

    assert response["Content-Type"].startswith("text/html")
    assert day in text(response)
    assert 'aria-invalid="true"' in text(response)
    assert taken_out() == []


# --- Ways there ---------------------------------------------------------------------------------


def test_the_staff_list_leads_to_the_roster_of_its_day(clerk):
    page = text(clerk.get(reverse("staff:member_list"), {"as_of": "R8.4.1"}))

    assert f'href="{EXCEL}?as_of=2026-04-01"' in page
    assert f'href="{CSV}?as_of=2026-04-01"' in page


def test_a_head_is_not_led_to_the_roster(client_of, head):
    page = text(client_of(head).get(reverse("staff:member_list")))

    assert EXCEL not in page
    assert client_of(head).get(EXCEL).status_code == 403
    assert taken_out() == []
