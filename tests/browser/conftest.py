"""A real server on a throw-away city, a real Chromium, pages examined as they are used."""

import fcntl
import http.client
import json
import os
import re
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Locator, Response, sync_playwright

ROOT = Path(settings.BASE_DIR)
MANUAL = ROOT / "docs" / "manual" / "img"

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 10_000  # milliseconds
BETWEEN_CLICKS = 20  # milliseconds
HEIGHT = 768
SHEET_OF_PAPER = b"/Type /Page\n"
OF_THE_SCREEN = (".agano-side", ".agano-area", ".agano-breadcrumb", ".agano-buttons")
WIDE, NARROW = 1366, 320

# The staff numbers `demo` prints are found by the words it prints beside them.
ROLES = {
    "admin": "システム管理者",
    "hr": "人事担当",
    "head": "部署長",
    "leader": "推進リーダー",
    "staff": "職員",
}
# Accounts beside these: a second clerk of the personnel office, and a manager who heads nothing.
OTHERS = {"colleague": ("000112", "hr"), "manager": ("000584", "manager")}
# The command `open_account` gives a first password, which would have to be changed first.
OPEN = """
from staff.models import StaffMember
from staff.services.accounts import open_account
member = StaffMember.objects.get(number="{}")
open_account(member=member, groups=("{}",), password="{}")
"""

# Preloading would make axe itself write style sheets into the page.
AXE_OPTIONS = {"resultTypes": ["violations"], "preload": False}
TELL_OF_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP ${event.violatedDirective} ${event.blockedURI || event.sourceFile}`));
"""


@dataclass(frozen=True)
class Account:
    """How one person signs in."""

    number: str
    password: str


@dataclass(frozen=True)
class City:
    """The sample city in a database file of its own, and the accounts in it."""

    database: Path
    secret_key: str
    accounts: dict[str, Account] = field(default_factory=dict)

    def copy(self, folder: Path) -> "City":
        """The same city in another file."""
        copied = folder / "city.sqlite3"
        shutil.copy(self.database, copied)
        return City(copied, self.secret_key, self.accounts)

    @property
    def environment(self) -> dict[str, str]:
        """The settings a server or command of this city runs with."""
        return os.environ | {
            "DATABASE_URL": f"sqlite:///{self.database}",
            "SECRET_KEY": self.secret_key,
            "HTTPS": "off",
            "DEBUG": "off",
            "ALLOWED_HOSTS": "127.0.0.1",
        }

    def manage(self, *arguments: str) -> str:
        """Run a management command; what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def count(self, query: str, *values: str) -> int:
        """What a counting query answers on the database file itself."""
        [(number,)] = self.rows(query, *values)
        return number

    def rows(self, query: str, *values: str) -> list[tuple]:
        """What a query answers on the database file itself."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            return connection.execute(query, values).fetchall()


def _collect_static_files_once(city: City, folder: Path) -> None:
    """All workers of a run share the folder of static files: the first of them fills it."""
    done = folder / f"static-{os.environ.get('PYTEST_XDIST_TESTRUNUID', secrets.token_hex())}"
    with (folder / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            city.manage("collectstatic", "--noinput", "--verbosity=0")
            done.touch()


@pytest.fixture(scope="session")
def sample_city(tmp_path_factory) -> City:
    """The sample city with an account for each role, made once."""
    folder = tmp_path_factory.mktemp("city")
    made = City(folder / "city.sqlite3", secrets.token_urlsafe(60))
    password = secrets.token_urlsafe(12)
    made.manage("migrate", "--verbosity=0")
    made.manage("createcachetable")
    _collect_static_files_once(made, tmp_path_factory.getbasetemp().parent)
    told = made.manage("demo", f"--password={password}")
    for role, words in ROLES.items():
        found = re.search(rf"職員番号 (\d+)  {words}[ （]", told)
        assert found, told
        made.accounts[role] = Account(found[1], password)
    for role, (number, group) in OTHERS.items():
        made.manage("shell", "--command", OPEN.format(number, group, password))
        made.accounts[role] = Account(number, password)
    return made


@dataclass(frozen=True)
class Server:
    """A city that answers at an address, and the process that answers."""

    city: City
    address: str
    process: subprocess.Popen


@contextmanager
def serving(city: City, folder: Path, now: datetime | None = None):
    """The application under gunicorn, as `make serve` runs it; its log must hold no fault.

    `now`: the moment its clock shows at the beginning; the machine's own without it.
    """
    clock = ["--config=python:tests.browser.clock"] if now else []
    moment = {"AGANO_TEST_NOW": now.isoformat()} if now else {}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / "server.log"
    with log.open("w") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "agano_dx.wsgi", f"--bind=127.0.0.1:{port}"]
            + ["--workers=2", "--timeout=60", *clock],
            cwd=ROOT,
            env=city.environment | moment,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_healthy(port, process, log)
            yield Server(city, f"http://127.0.0.1:{port}", process)
        finally:
            process.terminate()
            process.wait(timeout=30)
    assert not re.search(r"Internal Server Error|WORKER TIMEOUT", log.read_text()), log.read_text()


def _wait_until_healthy(port: int, process: subprocess.Popen, log: Path) -> None:
    for _ in range(300):
        assert process.poll() is None, log.read_text()
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            try:
                connection.request("GET", "/healthz")
                if connection.getresponse().status == http.HTTPStatus.OK:
                    return
            except OSError:
                time.sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="module")
def server(sample_city, tmp_path_factory):
    """A server with a fresh city for each test file."""
    folder = tmp_path_factory.mktemp("server")
    with serving(sample_city.copy(folder), folder) as running:
        yield running


def pytest_collection_modifyitems(items):
    """On two workers the tests of a file, which share a city, stay together; pages may part."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            apart = item.path.stem == "test_pages"
            item.add_marker(pytest.mark.xdist_group(item.name if apart else item.path.stem))


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, without a window."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


class Seat:
    """Somebody at a browser. Every page they come to is examined before they go on.

    Examined: axe finds nothing, nothing is refused by the content security policy, the console
    holds no error, no dialog opens by itself, and nothing scrolls sideways at 320 px.
    """

    def __init__(
        self, browser: Browser, server: Server, pictures: Path, *, width: int, script: bool
    ) -> None:
        self.city, self.pictures = server.city, pictures
        self.width, self.script = width, script
        self.complaints: list[str] = []
        self.context = browser.new_context(
            base_url=server.address,
            viewport={"width": width, "height": HEIGHT},
            locale="ja-JP",
            java_script_enabled=script,
        )
        self.context.add_init_script(TELL_OF_VIOLATIONS)
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", self._refuse)

    def _hear(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.text} {message.location}")

    def _refuse(self, dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    # --- going about --------------------------------------------------------------------------

    def sign_in(self, role: str) -> "Seat":
        """Sign in with the account of the role."""
        account = self.city.accounts[role]
        self.open("/accounts/login/")
        self.page.fill("input[name=login]", account.number)
        self.page.fill("input[name=password]", account.password)
        self.press("ログイン")
        return self

    def open(self, path: str, status: int = 200) -> Response:
        """Go to an address."""
        response = self.page.goto(path)
        assert response.status == status, f"{path}: {response.status}"
        self.examine(status)
        return response

    def press(self, name: str, inside: str = "main") -> None:
        """Press the button; it brings the next page."""
        with self.page.expect_navigation():
            self.page.locator(inside).get_by_role("button", name=name, exact=True).click()
        self.examine()

    def answer(self, button: str, confirm: str) -> None:
        """Press a button that asks again, and say yes."""
        self.page.locator("main").get_by_role("button", name=button, exact=True).click()
        self.press(confirm, inside="dialog")

    def press_twice(self, name: str) -> int:
        """Press as people do who double-click everything; how many requests that sent.

        The second click comes while the first request is on its way.
        """
        sent: list[str] = []
        self.page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
        button = self.page.get_by_role("button", name=name, exact=True)
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        place = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.evaluate("document.documentElement.dataset.before = ''")
        self.page.mouse.click(*place)
        self.page.wait_for_timeout(BETWEEN_CLICKS)
        self.page.mouse.click(*place)
        self.page.wait_for_selector("html:not([data-before])")
        self.page.wait_for_load_state("networkidle")
        self.examine()
        return len(sent)

    def follow(self, name: str, inside: str = "main") -> None:
        """Follow the link; it brings the next page."""
        with self.page.expect_navigation():
            self.page.locator(inside).get_by_role("link", name=name, exact=True).click()
        self.examine()

    def wait_until_saved(self) -> None:
        """Wait until the server has confirmed every mark of the attendance grid."""
        self.page.wait_for_function(
            "() => !document.querySelector('tr[data-changed]')", timeout=3 * PATIENCE
        )

    def forgive(self, *words: str) -> None:
        """What the browser notes about failures a test brought about is no fault of the page."""
        left = [one for one in self.complaints if not any(word in one for word in words)]
        assert left == []
        self.complaints.clear()

    def row(self, *words: str) -> Locator:
        """The one table row that holds all these words."""
        rows = self.page.locator("main tbody tr")
        for word in words:
            rows = rows.filter(has_text=word)
        return rows

    @property
    def text(self) -> str:
        """What the page says."""
        return self.page.locator("main").inner_text()

    @property
    def banners(self) -> str:
        """What the banners say."""
        return "\n".join(self.page.locator(".agano-banner").all_inner_texts())

    # --- examining ----------------------------------------------------------------------------

    def examine(self, status: int = 200) -> None:
        """Fail unless the page is as every page must be."""
        where = self.page.url
        if status != http.HTTPStatus.OK:  # the browser notes the page's own status as an error
            self.complaints = [
                words
                for words in self.complaints
                if not words.startswith("Failed to load resource") or where not in words
            ]
        if self.script:
            found = Axe().run(self.page, options=AXE_OPTIONS).response["violations"]
            assert not found, f"{where}: {_violations(found)}"
        self.page.set_viewport_size({"width": NARROW, "height": HEIGHT})
        too_wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        self.page.set_viewport_size({"width": self.width, "height": HEIGHT})
        assert too_wide <= 0, f"{where}: {too_wide} px too wide at {NARROW} px"
        assert not self.complaints, f"{where}: {self.complaints}"

    def on_paper(self) -> int:
        """Print the page; how many sheets that takes. Nothing of the screen may be on them."""
        paper = self.page.pdf(prefer_css_page_size=True)
        self.page.emulate_media(media="print")
        for part in OF_THE_SCREEN:
            for one in self.page.locator(part).all():
                assert not one.is_visible(), f"{self.page.url}: {part}"
        self.page.emulate_media(media="null")
        return paper.count(SHEET_OF_PAPER)

    def picture(self, name: str, until: Locator | None = None) -> None:
        """Keep the page from its top down to the end of an element, for the manual."""
        self.page.evaluate("scrollTo(0, 0)")
        self.page.mouse.move(0, 0)
        height = HEIGHT
        if until is not None:
            box = until.bounding_box()
            height = round(box["y"] + box["height"]) + 24
        self.page.set_viewport_size({"width": self.width, "height": height})
        self.page.screenshot(path=self.pictures / f"{name}.png")
        self.page.set_viewport_size({"width": self.width, "height": HEIGHT})


def _violations(found: list[dict]) -> str:
    return json.dumps(
        [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found],
        ensure_ascii=False,
    )


@pytest.fixture(scope="session")
def pictures(tmp_path_factory) -> Path:
    """Where pictures go: into the manual under `make manual`, else into a throw-away folder."""
    if os.environ.get("AGANO_MANUAL"):
        MANUAL.mkdir(parents=True, exist_ok=True)
        return MANUAL
    return tmp_path_factory.mktemp("pictures")


@contextmanager
def taking_seats(browser: Browser, server: Server, pictures: Path):
    """A function that seats somebody at a browser session of their own."""
    taken: list[Seat] = []

    def take(role: str | None, *, width: int = WIDE, script: bool = True) -> Seat:
        taken.append(Seat(browser, server, pictures, width=width, script=script))
        return taken[-1].sign_in(role) if role else taken[-1]

    yield take
    for one in taken:
        one.context.close()


@pytest.fixture
def seat(browser, server, pictures):
    """`seat("hr")`, `seat("head", script=False)`; `seat(None)` signs nobody in."""
    with taking_seats(browser, server, pictures) as take:
        yield take
