"""Every page of every role, on a city PC and on the narrowest screen, and on paper."""

from datetime import date
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.urls import get_resolver, resolve

from agano_dx.lib.fiscal import era_date
from tests.browser.conftest import NARROW, WIDE, serving, taking_seats

# What each role is led to by links, from home on. Together these are all pages there are.
EVERYBODY = {"home", "staff:member_detail", "account_change_password"} | {
    f"training:{page}"
    for page in (
        "mine",
        "mine_offering",
        "evidence_mine",
        "evidence_new",
    )
}
READS = {
    "staff:department_list",
    "staff:department_detail",
    *(
        f"reports:{page}"
        for page in (
            "dashboard",
            "department_list",
            "department_detail",
            "band_detail",
            "gap",
            "forecast",
            "flow",
            "snapshot_list",
            "comparison",
            "rule_list",
            "report",
            "report_print",
        )
    ),
    "training:index",
    "leaders:index",
    "leaders:cohort_list",
    "leaders:cohort_detail",
    "leaders:specialist_list",
    "training:plan",
    "training:calendar",
    "training:calendar_year",
    "training:course_list",
    "training:course_detail",
    "training:survey_list",
    "training:survey_course",
    "training:survey_offering",
}
FINDS = {"staff:member_list"} | {
    f"reports:{page}" for page in ("people_list", "term_list", "gap_people", "flow_people")
}
OVERSEES = {
    "training:outstanding_list",
    "training:report_list",
    "training:evidence_list",
    "training:ojt_list",
}
FOLLOWS = {
    f"leaders:{page}"
    for page in (
        "nomination_list",
        "nomination_detail",
        "deputy_list",
        "term_detail",
        "activity_list",
        "activity_detail",
        "activity_print",
        "curriculum",
    )
}
NOMINATES = {"leaders:nomination_new", "leaders:nomination_withdraw"}
LOOKS_AHEAD = {"leaders:specialist_outlook"}
TAKES_OUT = {"staff:roster_export"}
KEEPS = {
    *OVERSEES,
    "training:course_new",
    "training:period_edit",
    "training:course_edit",
    "training:offering_list",
    "training:offering_new",
    "training:offering_edit",
    "training:offering_detail",
    "training:offering_enrol",
    "training:offering_attendance",
    "training:offering_copy",
    "training:offering_cancel",
    "training:offering_place",
    "training:offering_quick",
    "training:offering_walk_in",
    "training:offering_paste",
    "training:offering_sheet",
    "training:offering_close",
    "training:mark_history",
    "training:outstanding_notice",
    "training:outstanding_book",
    "training:reminder_list",
    "training:upload_list",
    "training:upload_new",
    "training:certificate_verify",
    "leaders:cohort_close",
    "leaders:certificate_batch",
    "leaders:certificate_verify",
    "leaders:appointment",
    "leaders:appointment_batch",
    "leaders:recommendation",
    "leaders:specialist_candidates",
    "leaders:specialist_candidate",
    "leaders:upload_list",
    "leaders:leader_export",
}
DECIDES = {
    f"leaders:{page}"
    for page in (
        "round_edit",
        "round_close",
        "round_reminder",
        "recommendation_batch",
        "term_end",
        "term_decide",
        "activity_edit",
        "curriculum_edit",
        "upload_new",
        "designation_new",
        "suitability_edit",
        "transfer_request_hear",
    )
}
LEADS = {
    f"leaders:{page}"
    for page in (
        "index",
        "mine",
        "activity_new",
        "activity_detail",
        "activity_edit",
        "appointment",
        "transfer_request",
    )
}
AFTER = {"reports:roster_followup"}
ACCOUNTS = {"staff:account_list"}
FREEZES = {"reports:snapshot_new"}
RULES = {"reports:rule_new"}
IMPORTS = {f"staff:import_{page}" for page in ("list", "new", "detail")}
REORGANISES = {
    f"staff:department_{act}" for act in ("new", "order", "rename", "merge", "split", "close")
}
ADMINISTERS = TAKES_OUT | IMPORTS | ACCOUNTS | AFTER | REORGANISES | RULES
PAGES = {
    "admin": EVERYBODY
    | READS
    | FINDS
    | FOLLOWS
    | KEEPS
    | LOOKS_AHEAD
    | ADMINISTERS
    | {"leaders:transfer_request"},  # works in the digital office
    "hr": EVERYBODY
    | READS
    | FINDS
    | FOLLOWS
    | KEEPS
    | LOOKS_AHEAD
    | DECIDES
    | NOMINATES
    | TAKES_OUT
    | AFTER
    | FREEZES,
    "head": EVERYBODY
    | READS
    | FINDS
    | FOLLOWS
    | OVERSEES
    | {"training:team", "training:team_signup", "training:evidence_work_use"}
    | NOMINATES
    | {"leaders:nomination_edit"},
    "manager": EVERYBODY | READS | LOOKS_AHEAD,
    "leader": EVERYBODY | LEADS,
    "staff": EVERYBODY,
}
# Whether a link leads here depends on how far somebody's year or a round is;
# `test_training_year.py`, `test_outstanding.py`, `test_leader_round.py` and
# `test_plan_reports.py` come to each of them.
BY_STATE = (
    {
        f"training:{page}"
        for page in (
            "mine_notice",
            "report_edit",
            "survey_answer",
            "survey_comments",
            "ojt_new",
            "certificate_batch",
            "reminder_sheet",
            "offering_correct",
        )
    }
    | {f"reports:{page}" for page in ("gap_offerings", "rule_withdraw", "snapshot_detail")}
    | {
        f"leaders:{page}"
        for page in (
            "round_reopen",
            "certificate_detail",
            "designation_end",
            "designation_cancel",
            "term_cancel",
            "term_continue",
            "term_undecide",
            "upload_detail",
        )
    }
)
# Nothing leads here: signing in and out, the machine's page, files, and what only a button does.
WITHOUT_LINK = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reauthenticate",
    "healthz",
    "staff:account_open",
    "staff:account_close",
    "staff:account_renew",
    "staff:import_apply",
    "staff:import_discard",
    # Of a preview: `test_import_reading.py`, `test_import_decisions.py`.
    "staff:import_reading",
    "staff:import_masters",
    "staff:import_change",
    "staff:import_decide",
    "staff:import_same_person",
    "staff:import_undo",
    "staff:import_progress",
    "staff:import_marked",
    "staff:roster_template",
    "reports:report_workbook",
    # Buttons above lists, which ask what for where the list is long: `test_plan_reports.py`.
    *(
        f"{listed}_export"
        for listed in (
            "staff:member",
            "staff:department",
            "staff:account",
            "reports:people",
            "reports:snapshot",
            "reports:comparison",
            "reports:department_table",
            "reports:gap",
            "reports:flow",
            "reports:term",
            "training:plan",
            "training:calendar_year",
            "training:course",
            "training:offering",
            "training:participant",
            "training:team",
            "training:evidence",
            "training:ojt",
            "training:outstanding",
            "training:reminder",
            "training:report",
            "training:survey",
            "leaders:cohort",
            "leaders:nomination",
            "leaders:deputy",
            "leaders:specialist",
            "leaders:specialist_candidate",
            "leaders:activity",
            "leaders:curriculum",
        )
    ),
    *(
        f"leaders:{act}"
        for act in (
            "nomination_approve",
            "nomination_approve_chosen",
            "nomination_return",
            "deputy_end",
            "term_departure",
            "term_resume",
            "cohort_reopen",
            "certificate_issue",
            "activity_comment",
            "upload_apply",
            "upload_discard",
        )
    ),
    # What only a button does, and pages the sample city has nothing for: they are visited in
    # `test_training_year.py`, `test_attendance.py`, `test_outstanding.py`.
    *(
        f"training:{act}"
        for act in (
            "offering_mark",
            "offering_reopen",
            "offering_notice",
            "team_withdraw",
            "mine_sign_up",
            "mine_withdraw",
            "report_read",
            "report_detail",
            "evidence_detail",
            "evidence_edit",
            "evidence_file",
            "evidence_confirm",
            "evidence_return",
            "evidence_withdraw",
            "ojt_edit",
            "certificate_issue",
            "certificate_detail",
            "upload_detail",
            "upload_decide",
            "upload_apply",
            "upload_discard",
        )
    ),
}
# What is asked of a list or a day: the same page with other rows (`o`, `p`: Django's admin).
FILTERS = {
    "_changelist_filters",
    "as_of",
    "band",
    "cohort",
    "course",
    "department",
    "first",
    "missing",
    "month",
    "o",
    "order",
    "p",
    "page",
    "programme",
    "seat",
    "second",
    "show",
    "sort",
    "state",
    "status",
    "unit",
    "year",
}
SCRIPT = "<script>alert(1)</script>"
NEW_HIRE = (
    f"職員番号,氏名,所属名,職名,発令日,異動区分\n990009,{SCRIPT}　花子,社会福祉課,主任,{{}},採用\n"
)


@pytest.fixture(scope="module")
def server(sample_city, tmp_path_factory, browser, pictures):
    """A city with a name that looks like a script, one nomination handed in, one returned."""
    folder = tmp_path_factory.mktemp("pages")
    city = sample_city.copy(folder)
    roster = folder / f"{SCRIPT.replace('/', '')}.csv"
    roster.write_text(NEW_HIRE.format(era_date(date(2026, 10, 2))))
    city.manage("import_roster", str(roster), "--partial")
    with serving(city, folder) as running:
        with taking_seats(browser, running, pictures) as take:
            _nominate_two(take("head"), take("hr"))
        yield running


def _nominate_two(head, hr) -> None:
    for name in (SCRIPT, "丸山　和也"):
        head.open("/leaders/nominations/")
        head.follow("推薦する （社会福祉課）")
        head.page.get_by_label(name).check()
        head.page.get_by_label("推薦理由").fill(f"{SCRIPT}に強いため。")
        head.page.get_by_label("本人の承諾を得た").check()
        head.press("人事担当に提出する")
    hr.open(urlsplit(head.page.url).path)
    hr.page.get_by_label("差し戻す理由").fill(f"{SCRIPT}とは何ですか。")
    hr.press("差し戻す")


def shape(address: str) -> str:
    """The kind of page an address leads to: which numbers, codes and filters does not matter."""
    parts = urlsplit(address)
    asked = set(parse_qs(parts.query, keep_blank_values=True)) - FILTERS
    return f"{resolve(parts.path).route}?{'&'.join(sorted(asked))}"


class Links(HTMLParser):
    """The addresses a page leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "a" and told.get("href") and "download" not in told:
            self.found.append(told["href"])


def drawn(somebody, path: str) -> list[str]:
    """The addresses a page leads to, once it has been examined."""
    somebody.open(path)
    return somebody.page.locator("a[href]:not([download])").evaluate_all(
        "links => links.map((link) => link.getAttribute('href'))"
    )


def passed(somebody, path: str) -> list[str]:
    """The addresses a page leads to, as the server sends it."""
    answer = somebody.page.request.get(path)
    assert answer.ok, path
    links = Links()
    links.feed(answer.text())
    return links.found


def walk(somebody, sound: frozenset[str] = frozenset()) -> set[str]:
    """Follow every kind of link there is from home; the kinds of pages come to.

    `sound`: pages another walk examines at this width; they are only passed through, without
    drawing them.
    """
    seen, waiting, names = {shape("/")}, ["/"], set()
    while waiting:
        path = waiting.pop(0)
        name = resolve(urlsplit(path).path).view_name
        names.add(name)
        for href in passed(somebody, path) if name in sound else drawn(somebody, path):
            address = urljoin(path, href)
            if address.startswith("/") and "#" not in address and shape(address) not in seen:
                seen.add(shape(address))
                waiting.append(address)
    return names


@pytest.mark.browser
@pytest.mark.parametrize(
    ("role", "width"),
    [*((role, WIDE) for role in PAGES), *((role, NARROW) for role in PAGES if role != "manager")],
)
def test_every_page_a_role_is_led_to_is_sound(seat, role, width):
    somebody = seat(role, width=width)

    # An administrator's pages are those of HR without the buttons, and on a phone a head's are
    # those of HR with fewer rows: what HR's walk examines is passed through here.
    like_hr = role == "admin" or (role == "head" and width == NARROW)
    names = walk(somebody, frozenset(PAGES["hr"]) if like_hr else frozenset())

    ours = {name for name in names if not name.startswith("admin:")}
    came, missed = sorted(ours - PAGES[role] - BY_STATE), sorted(PAGES[role] - ours)
    assert not came + missed, f"not expected: {came}, not come to: {missed}"


def test_a_manager_comes_to_no_page_that_nobody_else_walks_on_a_phone():
    assert PAGES["manager"] <= PAGES["hr"] | PAGES["head"]


def test_together_the_roles_come_to_every_page_there_is():
    resolver = get_resolver()
    ours = {str(name) for name in resolver.reverse_dict if isinstance(name, str)}
    for namespace, (_, inner) in resolver.namespace_dict.items():
        if namespace != "admin":
            ours |= {f"{namespace}:{n}" for n in inner.reverse_dict if isinstance(n, str)}

    assert ours - WITHOUT_LINK == BY_STATE.union(*PAGES.values())


@pytest.mark.browser
def test_what_only_a_number_leads_to_is_sound_too(seat):
    nobody = seat(None, width=NARROW)
    for path, status in (("/accounts/login/", 200), ("/accounts/inactive/", 200)):
        nobody.open(path, status)
    somebody = seat("staff", width=NARROW)
    for path, status in (("/accounts/logout/", 200), ("/nowhere/", 404), ("/staff/", 403)):
        somebody.open(path, status)


@pytest.mark.browser
def test_the_dashboard_goes_on_paper_without_menus_and_says_who_printed_it(seat):
    hr = seat("hr")
    hr.open("/reports/")

    paper = hr.page.pdf(prefer_css_page_size=True)

    assert paper.startswith(b"%PDF-")
    assert paper.count(b"/Type /Page\n") >= 3
    hr.page.emulate_media(media="print")
    assert not hr.page.locator("nav.agano-side").is_visible()
    assert not hr.page.locator("form.agano-filter").is_visible()
    assert "佐藤　浩" in hr.page.locator("footer .agano-print-only").inner_text()
