"""Our own roster, damaged and disguised: read like the original, or refused whole."""

import html
import re
import resource
import tempfile
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agano_dx.lib.workbooks.reading import read_workbook
from agano_dx.lib.workbooks.refusals import SENTENCES
from staff.models import Decision, ImportStatus, RosterImport, RosterKind
from staff.roster.files import roster_workbook
from tests import roster_worlds
from tests import workbook_makers as make
from tests.conftest import TODAY
from tests.roster_makers import everything, planned

pytestmark = pytest.mark.django_db

NEW = reverse("staff:import_new")
REFERENCE = re.compile(r"([^。]*。)（照会番号 [0-9A-F]{8}）")
ENTITY = '<!DOCTYPE worksheet [<!ENTITY name "x">]>'
FAR_CELL = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
QUICK = 15.0  # seconds, on a busy machine; the reader's own limit is 30
ROOM = 200 * 1024  # KiB by which the worker may grow for one file


@pytest.fixture
def crowd(admin):
    """Everybody in service: hard names in hard places, and the administrator without a place."""
    return [admin.staff, *roster_worlds.crowd(roster_worlds.make_town())]


@pytest.fixture
def own(crowd):
    """The city's roster as we write it, with the dimension that other programs add."""
    return make.with_dimension(roster_workbook(TODAY), f"A1:L{2 + len(crowd)}")


@pytest.fixture
def browser(client_of, admin):
    return client_of(admin)


def upload(browser, data):
    """Step 1 with a full roster whose day stands in its title."""
    file = SimpleUploadedFile("職員名簿.xlsx", data)
    sent = {"file": file, "kind": RosterKind.FULL, "effective_on": ""}
    return browser.post(NEW, sent)


def preview_of(browser, data):
    """What the upload's preview says."""
    before = set(RosterImport.objects.values_list("pk", flat=True))
    upload(browser, data)
    [preview] = RosterImport.objects.exclude(pk__in=before)
    facts = ("status", "kind", "effective_on", "rows", "unchanged", "skipped", "question")
    told = {name: getattr(preview, name) for name in (*facts, "warnings", "errors", "unknown")}
    changes = preview.changes.exclude(decision=Decision.LEFT_OUT)
    return told | {"changes": list(changes.values_list("number", "kind"))}


def refusal_on(page):
    """The one sentence at the file's field, without its reference number, which must be there."""
    [told] = page.context["form"].errors["file"]
    assert told in html.unescape(page.content.decode())
    return REFERENCE.fullmatch(told)[1]


# --- The same ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", make.SAME)
def test_it_imports_exactly_like_the_original(browser, crowd, own, kind):
    disguised = make.SAME[kind](own)

    original, answer = preview_of(browser, own), preview_of(browser, disguised)

    assert disguised != own
    assert answer == original
    assert (answer["status"], answer["errors"]) == (ImportStatus.PREVIEW, [])
    assert (answer["rows"], answer["unchanged"]) == (len(crowd), len(crowd))
    assert (answer["changes"], answer["effective_on"]) == ([], TODAY)


@pytest.mark.parametrize("kind", make.SAME)
def test_its_cells_and_its_plan_are_the_originals(own, kind):
    books = [read_workbook(data, "名簿.xlsx") for data in (own, make.SAME[kind](own))]

    plans = [planned(book, kind=RosterKind.FULL, effective_on=None) for book in books]

    assert books[0].sheets == books[1].sheets
    assert plans[0].diff == plans[1].diff
    assert plans[0].diff.expected == plans[0].errors == []


# --- Refused -------------------------------------------------------------------------------------

REFUSED = {
    "half a file": ("damaged", lambda own: own[: len(own) // 2]),
    "empty file": ("empty", lambda own: b""),
    "cut sheet": ("damaged", lambda own: make.with_sheet(own, lambda xml: xml[: len(xml) // 2])),
    "doctype": ("doctype", lambda own: make.with_sheet(own, lambda xml: ENTITY + xml)),
    "far cell": ("far_cell", lambda own: make.with_rows(own, FAR_CELL)),
    "a member of 1 GiB": ("too_large", lambda own: make.with_zeros(own, 2**30)),
    "10,001 members": (
        "too_many_members",
        lambda own: make.zipped(
            make.members(own) | {f"xl/odd/{n}.xml": b"" for n in range(10_001)}
        ),
    ),
    "bad checksum": ("crc", make.with_bad_checksum),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_it_is_refused_whole_and_the_worker_goes_on(browser, own, kind, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    code, damage = REFUSED[kind]
    damaged, before = damage(own), everything()
    grown, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()

    page = upload(browser, damaged)

    took = time.perf_counter() - begun
    assert took < QUICK
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - grown < ROOM
    assert (page.status_code, refusal_on(page)) == (200, SENTENCES[code])
    assert everything() == before
    assert list(tmp_path.iterdir()) == []
    assert preview_of(browser, own)["changes"] == []


def test_a_file_too_large_for_memory_leaves_no_temporary_file(
    browser, own, tmp_path, monkeypatch, settings
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    seen = set()
    close = tempfile._TemporaryFileCloser.close

    def look_and_close(closer, *args):
        seen.update(tmp_path.iterdir())
        close(closer, *args)

    monkeypatch.setattr(tempfile._TemporaryFileCloser, "close", look_and_close)

    changes, refused = preview_of(browser, own)["changes"], upload(browser, own[:2000])

    assert (changes, refusal_on(refused)) == ([], SENTENCES["damaged"])
    assert len(seen) == 2
    assert list(tmp_path.iterdir()) == []
