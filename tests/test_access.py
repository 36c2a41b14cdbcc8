"""Who may do what: one table of every address, and the ways around it that must not work.

The world has two departments. A has a head, somebody without a role, a colleague and a unit A1
under it; B is of no concern to anybody of A. Manager, HR and administrator stand in C.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
import time_machine
from auditlog.models import LogEntry
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.admin import site
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from agano_dx.lib.workbooks.reading import read_workbook
from leaders.models import Cohort, LeaderTerm, Nomination, NominationStatus
from reports.people import FIGURES
from staff.access import HR
from staff.models import StaffMember, User
from staff.pages import XLSX
from tests.access_table import (
    ASKERS,
    LINES,
    MASTERS,
    PUBLIC,
    SHUT,
    Line,
    as_deputy,
    masters,
    written,
)
from tests.access_world import CONFIDED, NAME_OF_B, TOMORROW, access_world
from tests.conftest import JAPAN, TODAY
from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    CohortFactory,
    ConcurrentPostFactory,
    HeadDeputyFactory,
    RankFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[SimpleNamespace]:
    """Made once; each test works on top of it and is taken back."""
    noon = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=JAPAN)
    with django_db_blocker.unblock(), time_machine.travel(noon, tick=True), transaction.atomic():
        made = access_world()
        made.cookies = {name: _signed_in(user) for name, user in made.users.items()}
        made.state = state()
        yield made
        transaction.set_rollback(True)


def _signed_in(user: User) -> str:
    client = Client()
    client.force_login(user, backend=django_settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies[django_settings.SESSION_COOKIE_NAME].value


def client_as(world: SimpleNamespace, asker: str, **kwargs: Any) -> Client:
    client = Client(raise_request_exception=True, **kwargs)
    if asker != "anonymous":
        client.cookies[django_settings.SESSION_COOKIE_NAME] = world.cookies[asker]
    return client


def state() -> dict[str, list[tuple]]:
    """Everything the four apps hold."""
    found = {}
    for app in ("staff", "training", "leaders", "reports"):
        for model in apps.get_app_config(app).get_models():
            columns = [f.attname for f in model._meta.fields if f.attname != "last_login"]
            found[model.__name__] = list(model.objects.order_by("pk").values_list(*columns))
    found["roles"] = list(User.groups.through.objects.order_by("pk").values_list())
    return found


def address(world: SimpleNamespace, line: Line) -> str:
    args = world.args[line.thing]
    if line.name == "admin:app_list":
        return reverse(line.name, kwargs={"app_label": args[0]})
    return reverse(line.name, args=args)


def told(response: HttpResponse, url: str) -> str:
    """The answer as the table writes it."""
    if response.status_code != 302:
        return str(response.status_code)
    target = urlsplit(response["Location"])
    if parse_qs(target.query).get("next") == [url]:
        if target.path == reverse("account_login"):
            return "login"
        if target.path == reverse("admin:login"):
            return "admin"
    return "302"


# --- The table holds ----------------------------------------------------------------------------


REFUSED = ("login", "admin", "403", "404", "405")


@pytest.mark.parametrize("line", LINES, ids=str)
def test_every_address_answers_as_the_table_says(world, line):
    url, data = address(world, line), world.posts.get(line.name, {})
    refused = [asker for asker in ASKERS if line.post[asker] in REFUSED]

    def post(asker: str) -> str:
        return told(client_as(world, asker).post(url, data), url)

    shown = {asker: told(client_as(world, asker).get(url), url) for asker in ASKERS}
    htmx = {"HX-Request": "true"}
    by_htmx = {asker: told(client_as(world, asker).get(url, headers=htmx), url) for asker in ASKERS}
    posted = {asker: post(asker) for asker in refused}

    assert (shown, by_htmx) == (line.get, line.get)
    assert state() == world.state, "a GET or a refused POST changed something"
    for asker in set(ASKERS) - set(refused):
        with transaction.atomic():
            posted[asker] = post(asker)
            transaction.set_rollback(True)
    assert posted == line.post


def test_a_deputy_is_answered_as_staff_are_save_where_heads_nominate(world):
    HeadDeputyFactory(
        department=world.a, staff=world.users["staff"].staff, named_by=world.users["head"]
    )
    before, expected, found = state(), as_deputy(), {}

    for line in LINES:
        url, data = address(world, line), world.posts.get(line.name, {})
        client = client_as(world, "staff")
        found[line.name, line.thing, "GET"] = told(client.get(url), url)
        with transaction.atomic():
            found[line.name, line.thing, "POST"] = told(client.post(url, data), url)
            if found[line.name, line.thing, "POST"] in REFUSED:
                assert state() == before, f"a refused POST changed something: {line}"
            transaction.set_rollback(True)

    assert {key: found[key] for key in found if found[key] != expected[key]} == {}


def test_no_address_is_missing_from_the_table():
    assert set(_names(get_resolver())) == {line.name for line in LINES}


def _names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _names(pattern, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{namespace}{pattern.name}"


def test_only_the_admin_sites_own_redirects_have_no_name():
    unnamed = [
        pattern
        for resolver in get_resolver().url_patterns
        if isinstance(resolver, URLResolver) and resolver.namespace != "admin"
        for pattern in _flat(resolver)
        if not pattern.name
    ]

    assert unnamed == []


def _flat(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _flat(pattern)
        else:
            yield pattern


def test_the_public_addresses_are_these_and_no_others():
    shut = ("login", "admin")

    assert {line.name for line in LINES if line.get["anonymous"] not in shut} == PUBLIC
    assert {line.name for line in LINES if line.post["anonymous"] not in shut} == PUBLIC


def test_an_address_nobody_knows_is_missing_for_everybody_alike(world):
    for asker in ASKERS:
        assert client_as(world, asker).get("/no/such/page").status_code == 404


def test_the_administrators_door_answers_403_to_whoever_is_none(world):
    for asker in ("staff", "head", "manager", "hr"):
        assert client_as(world, asker).get(reverse("admin:index"), follow=True).status_code == 403


def test_the_administrators_door_leads_to_signing_in_and_then_inside(world):
    user = world.users["admin"]
    user.set_password("合言葉はとても長いです。")
    user.save()
    client = Client()

    door = client.get(reverse("admin:index"), follow=True)
    inside = client.post(
        door.redirect_chain[-1][0],
        {"login": user.username, "password": "合言葉はとても長いです。"},
        follow=True,
    )

    assert door.redirect_chain[-1][0].startswith(reverse("account_login"))
    assert inside.request["PATH_INFO"] == reverse("admin:index")
    assert inside.status_code == 200


def test_the_admin_site_offers_exactly_the_masters():
    kept = {f"{model._meta.app_label}_{model._meta.model_name}" for model in site._registry}

    assert kept == set(MASTERS) | set(SHUT)


# --- What one may not see does not exist --------------------------------------------------------


def body(response: HttpResponse) -> str:
    """The page without what differs on every request; of a workbook what stands in its cells."""
    if response.get("Content-Type") == XLSX:
        return str(read_workbook(response.content, "一覧.xlsx"))
    text = response.content.decode()
    text = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1…", text)
    return re.sub(r'("X-CSRFToken": ")[^"]+', r"\1…", text)


@pytest.mark.parametrize(
    ("asker", "name", "hidden", "missing"),
    [
        ("staff", "staff:member_detail", "person_b", "missing"),
        ("staff", "staff:member_detail", "colleague", "missing"),
        ("manager", "staff:member_detail", "colleague", "missing"),
        ("head", "staff:member_detail", "person_b", "missing"),
        ("head", "staff:member_detail", "to_come", "missing"),
        ("head", "leaders:nomination_detail", "sent_b", "missing_pk"),
        ("head", "leaders:nomination_edit", "returned_b", "missing_pk"),
        ("head", "leaders:nomination_edit", "sent_b", "missing_pk"),
        ("staff", "leaders:nomination_detail", "sent_a", "missing_pk"),
        ("head", "leaders:nomination_withdraw", "sent_b", "missing_pk"),
        ("staff", "leaders:term_detail", "term_a", "missing_pk"),
        ("head", "leaders:term_detail", "term_b", "missing_pk"),
        ("manager", "leaders:term_detail", "term_a", "missing_pk"),
        ("staff", "training:report_detail", "report_a", "missing_pk"),
        ("head", "training:report_detail", "report_b", "missing_pk"),
        ("hr", "training:report_detail", "draft_a", "missing_pk"),
        ("staff", "training:report_edit", "own_past", "missing_pk"),
        ("staff", "training:survey_answer", "own_past", "missing_pk"),
        ("staff", "training:mine_offering", "offering", "missing_pk"),
        ("head", "training:evidence_detail", "own_proof", "missing_pk"),
        ("head", "training:evidence_detail", "ojt_b", "missing_pk"),
        ("staff", "training:evidence_file", "proof_b", "missing_pk"),
        ("staff", "training:certificate_detail", "paper_b", "missing_pk"),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_what_is_hidden_looks_like_what_is_missing(world, asker, name, hidden, missing, headers):
    client = client_as(world, asker)

    found, lost = (
        client.get(reverse(name, args=world.args[thing]), headers=headers)
        for thing in (hidden, missing)
    )

    assert found.status_code == lost.status_code
    assert body(found) == body(lost)
    assert found.headers == lost.headers


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_heads_department_looks_like_none_at_all(world, method):
    client = client_as(world, "head")
    data = {"staff": world.person_b.pk, "reason": "業務の見直しに熱心なため。", "has_consent": "on"}

    other, none = (
        getattr(client, method)(reverse("leaders:nomination_new", args=world.args[thing]), data)
        for thing in ("round_b", "no_round")
    )

    assert (other.status_code, none.status_code) == (404, 404)
    assert body(other) == body(none)
    assert state() == world.state


def test_the_people_behind_another_heads_figures_look_like_those_of_no_department(world):
    client, url = client_as(world, "head"), reverse("reports:people_list", args=["capable"])

    other, none = client.get(f"{url}?unit={world.b.pk}"), client.get(f"{url}?unit=nowhere")

    assert (other.status_code, none.status_code) == (404, 404)
    assert body(other) == body(none)


@pytest.mark.parametrize("term", [NAME_OF_B, "オツヤマ", "number"])
@pytest.mark.parametrize("extra", ["", "&as_of=2026-04-01", "&as_of=2026-11-24"])
def test_a_search_tells_a_head_nothing_of_another_department(world, term, extra):
    term = world.person_b.number if term == "number" else term
    client, url = client_as(world, "head"), reverse("staff:member_list")

    hit, miss = (body(client.get(f"{url}?q={word}{extra}")) for word in (term, "ＱＱＱＱ"))

    assert quoted(hit, term) == quoted(miss, "ＱＱＱＱ")


def test_a_department_of_others_is_no_choice_of_a_filter(world):
    client, url = client_as(world, "head"), reverse("staff:member_list")

    other, none = (body(client.get(f"{url}?department={pk}")) for pk in (world.b.pk, 987_654))

    assert quoted(other, str(world.b.pk)) == quoted(none, "987654")


def quoted(page: str, term: str) -> str:
    """The page with what was asked for blotted out where the page repeats it."""
    for said in (f'value="{term}"', f"q={quote(term)}", f"department={term}", f" {term} は"):
        page = page.replace(said, "…")
    return page


def pages_of(world: SimpleNamespace, asker: str) -> list[str]:
    """Every page the asker is shown, and the ways to ask lists for more."""
    shown = [
        address(world, line)
        for line in LINES
        if line.get[asker] == "200" and not line.name.startswith("admin:")
    ]
    days = ["as_of=2026-04-01", "as_of=2026-11-24"]
    questions = {
        reverse("staff:member_list"): [*days, "page=2", "duty=active"],
        reverse("staff:department_list"): days,
        reverse("staff:department_detail", args=[world.b.pk]): days,
        reverse("reports:dashboard"): days,
        reverse("reports:gap"): days,
        reverse("reports:gap_people"): [
            *days,
            f"unit={world.a.pk}&band=staff",
            f"unit={world.b.pk}",
            "missing=3",
        ],
        reverse("reports:department_list"): [*days, "sort=share"],
        reverse("reports:department_detail", args=[world.a.pk]): days,
        reverse("reports:term_list"): days,
        reverse("reports:forecast"): [*days, "hires=3&seats_mind=5"],
        reverse("training:outstanding_list"): [*days, "year=R7", "reason=not_invited"],
        reverse("training:outstanding_export"): days,
        reverse("leaders:nomination_list"): ["cohort=1"],
        reverse("leaders:cohort_detail", args=[1]): days,
        reverse("leaders:specialist_list"): days,
        **{
            reverse("reports:people_list", args=[figure]): [*days, f"unit={world.a.pk}&band=staff"]
            for figure in FIGURES
        },
    }
    return [
        *shown,
        *(f"{url}?{question}" for url, asked in questions.items() for question in asked),
    ]


@pytest.mark.parametrize("asker", ["staff", "head", "manager"])
def test_no_page_names_anybody_the_asker_may_not_see(world, asker):
    own = world.users[asker].staff
    seen = {own.pk}
    if asker == "head":
        seen |= {world.colleague.pk, world.under.pk, world.free.pk, world.returned_a.staff_id}
        seen.add(world.leader_a.pk)
    hidden = StaffMember.objects.exclude(pk__in=seen)
    words = [word for member in hidden for word in (member.number, member.name)]
    words.append("来年の課")
    # A manager reads the figures of every department; the others of none beside their own. Which
    # departments there are is no secret, save those to come.
    others = [] if asker == "manager" else ["別の課", "三の課"]
    tree = reverse("staff:department_list")
    # Leaders of a cohort choose with whom they work: there, and nowhere else, they are named.
    choosing = {
        reverse("leaders:activity_new", args=world.args["own_term"]),
        reverse("leaders:activity_edit", args=world.args["own_activity"]),
    }
    fellows = set(LeaderTerm.objects.values_list("staff__name", flat=True))
    client = client_as(world, asker)

    def secret(url: str) -> list[str]:
        known = fellows if asker == "manager" and url in choosing else set()
        return [word for word in words if word not in known] + (
            [] if url.startswith(tree) else others
        )

    named = {
        url: found
        for url in pages_of(world, asker)
        if (found := named_in(client, url, secret(url)))
    }

    assert named == {}


def named_in(client: Client, url: str, words: list[str]) -> set[str]:
    pattern = re.compile("|".join(rf"{re.escape(word)}(?!\d)" for word in words))
    return set(pattern.findall(body(client.get(url))))


def test_a_crawl_would_notice_a_name(world):
    page = body(client_as(world, "hr").get(reverse("staff:member_list")))

    assert NAME_OF_B in page
    assert "別の課" in page


# --- What is confided to HR stays there ---------------------------------------------------------


@pytest.mark.parametrize("asker", ["staff", "head", "manager", "admin"])
def test_no_page_and_no_file_holds_what_hr_wrote_or_was_told(world, asker):
    client = client_as(world, asker)
    pages = {address(world, line) for line in LINES if line.get[asker] == "200"}
    export = reverse("leaders:specialist_candidate_export")

    found = {url for url in pages if confided(client.get(url))}

    assert found == set()
    if asker == "admin":
        taken = read_workbook(client.post(f"{export}?wish=yes").content, "候補.xlsx")
        assert world.colleague.number in str(taken)
        assert not any(words in str(taken) for words in (*CONFIDED, "希望"))


def confided(response: HttpResponse) -> bool:
    """Whether the page holds the words; files, which hold no text, are looked at elsewhere."""
    text = response.content.decode(errors="replace")
    return any(words in text for words in CONFIDED)


def test_only_hr_is_shown_the_words_and_the_person_their_own(world, client_of):
    args = world.args["candidate_a"]
    note, page = (
        reverse(f"leaders:{name}", args=args)
        for name in ("suitability_edit", "specialist_candidate")
    )
    hr, own = client_as(world, "hr"), client_of(UserFactory(staff=world.colleague))

    assert CONFIDED[0] in body(hr.get(note))
    assert CONFIDED[1] in body(hr.get(page))
    mine = body(own.get(reverse("leaders:transfer_request")))
    assert CONFIDED[1] in mine
    assert CONFIDED[0] not in mine
    assert CONFIDED[0] not in body(own.get(world.colleague.get_absolute_url()))


def test_the_audit_log_holds_nothing_of_what_is_confided(world):
    entries = LogEntry.objects.all()
    told = "".join(f"{one.changes}{one.serialized_data}{one.additional_data}" for one in entries)

    assert "suitabilitynote" in {entry.content_type.model for entry in entries}
    assert not any(words in told for words in CONFIDED)


# --- Appointments to come are secret ------------------------------------------------------------


def test_hr_sees_an_appointment_to_come_on_its_day(world):
    client = client_as(world, "hr")

    page = client.get(reverse("staff:member_list"), {"as_of": TOMORROW, "department": world.a.pk})

    assert world.to_come.number in page.content.decode()


@pytest.mark.parametrize("address", ["staff:member_list", "reports:dashboard", "reports:forecast"])
def test_a_day_to_come_is_refused_to_a_head_in_words(world, address):
    client, url = client_as(world, "head"), reverse(address)

    page = client.get(url, {"as_of": TOMORROW}).content.decode()

    assert "基準日は今日までの日を入力してください。" in page
    assert world.to_come.number not in page


def test_a_head_does_not_find_who_comes_tomorrow_among_those_to_nominate(world):
    url = reverse("leaders:nomination_new", args=world.args["round_a"])
    client = client_as(world, "head")

    page = client.get(url).content.decode()
    refused = client.post(
        url, {"staff": world.to_come.pk, "reason": "明日から来るため。", "has_consent": "on"}
    )

    assert world.to_come.name not in page
    assert "この職員は推薦できません。" in refused.content.decode()
    assert state() == world.state


@pytest.mark.parametrize("asker", ["head", "own"])
def test_an_appointment_to_come_is_not_on_the_page_of_the_person(world, client_of, asker):
    AssignmentFactory(staff=world.free, department=world.b, rank__name="秘密職", starts_on=TOMORROW)
    ConcurrentPostFactory(staff=world.free, department=world.b, starts_on=TOMORROW)
    client = client_as(world, "staff" if asker == "own" else asker)

    page = client.get(world.free.get_absolute_url()).content.decode()

    assert "別の課" not in page
    assert "秘密職" not in page
    assert "別の課" in client_as(world, "hr").get(world.free.get_absolute_url()).content.decode()


@pytest.mark.parametrize("asker", ["head", "staff"])
def test_a_departure_to_come_is_not_on_the_page_of_the_person(world, asker):
    StaffMember.objects.filter(pk=world.free.pk).update(left_on=date(2027, 3, 31))
    url = world.free.get_absolute_url()

    page = client_as(world, asker).get(url).content.decode()

    assert "令和9年3月31日" not in page
    assert "令和9年3月31日" in client_as(world, "hr").get(url).content.decode()


@pytest.mark.parametrize("asker", ["head", "staff"])
def test_the_end_of_a_post_to_come_is_not_on_the_page_of_the_person(world, asker):
    ConcurrentPostFactory(
        staff=world.free, department=world.a, rank__name="見本補佐", ends_on=date(2027, 3, 31)
    )
    url = world.free.get_absolute_url()

    page = client_as(world, asker).get(url).content.decode()

    assert "見本補佐" in page
    assert "令和9年3月31日" not in page
    assert "令和9年3月31日" in client_as(world, "hr").get(url).content.decode()


# --- Forged fields ------------------------------------------------------------------------------


def forged(world: SimpleNamespace) -> dict[str, Any]:
    """What a forger would add to any form."""
    return {
        "id": world.sent_b.pk,
        "pk": world.sent_b.pk,
        "department": world.b.pk,
        "department_id": world.b.pk,
        "cohort": CohortFactory(number=2).pk,
        "status": "approved",
        "submitted_by": world.users["hr"].pk,
        "comment": "承認",
        "replaces": world.term_b.pk,
        "role": "admin",
        "groups": [group.pk for group in Group.objects.all()],
        "is_staff": "on",
        "is_superuser": "on",
        "is_active": "on",
        "username": "999999",
        "closed_at": "2026-11-23",
        "number": 4,
        "seats": 99,
        "first_year": 2030,
        "completed_on": "2020-01-01",
        "category": "skill",
    }


@pytest.mark.parametrize("thing", ["person_b", "to_come", "hr"])
def test_a_head_cannot_nominate_somebody_of_another_department(world, thing):
    member = world.users["hr"].staff if thing == "hr" else getattr(world, thing)
    url = reverse("leaders:nomination_new", args=world.args["round_a"])

    page = client_as(world, "head").post(
        url, {"staff": member.pk, "reason": "優れているため。", "has_consent": "on"}
    )

    assert "この職員は推薦できません。一覧から選び直してください。" in page.content.decode()
    assert member.name not in page.content.decode()
    assert state() == world.state


def test_a_returned_nomination_cannot_be_turned_to_somebody_of_another_department(world):
    url = reverse("leaders:nomination_edit", args=world.args["returned_a"])

    page = client_as(world, "head").post(
        url, {"staff": world.person_b.pk, "reason": "優れているため。", "has_consent": "on"}
    )

    assert "この職員は推薦できません。一覧から選び直してください。" in page.content.decode()
    assert state() == world.state


def test_a_new_nomination_takes_only_its_three_fields(world):
    url = reverse("leaders:nomination_new", args=world.args["round_a"])
    before = list(Nomination.objects.order_by("pk").values())

    client_as(world, "head").post(url, forged(world) | world.posts["leaders:nomination_new"])

    made = Nomination.objects.exclude(pk__in=[row["id"] for row in before]).get()
    assert (made.department, made.cohort, made.staff) == (world.a, world.cohort, world.free)
    assert made.status == NominationStatus.SUBMITTED
    assert made.submitted_by == world.users["head"]
    assert (made.comment, made.replaces) == ("", None)
    assert list(Nomination.objects.exclude(pk=made.pk).order_by("pk").values()) == before
    assert LeaderTerm.objects.count() == len(world.state["LeaderTerm"])


def test_a_corrected_nomination_takes_only_its_three_fields(world):
    url = reverse("leaders:nomination_edit", args=world.args["returned_a"])

    client_as(world, "head").post(url, forged(world) | world.posts["leaders:nomination_edit"])

    changed = Nomination.objects.get(pk=world.returned_a.pk)
    assert (changed.department, changed.cohort) == (world.a, world.cohort)
    assert (changed.status, changed.submitted_by) == ("submitted", world.users["head"])
    assert (changed.comment, changed.replaces) == ("再考", None)
    assert Nomination.objects.get(pk=world.sent_b.pk).status == NominationStatus.SUBMITTED
    assert LeaderTerm.objects.count() == len(world.state["LeaderTerm"])


def test_a_round_takes_only_its_two_days(world):
    url = reverse("leaders:round_edit", args=[1])

    client_as(world, "hr").post(url, forged(world) | world.posts["leaders:round_edit"])

    world.cohort.refresh_from_db()
    assert world.cohort.nominations_close_on == date(2026, 12, 1)
    assert (world.cohort.number, world.cohort.seats) == (1, 23)
    assert str(world.cohort.first_year) == "R7"


def test_the_site_of_masters_neither_opens_a_round_nor_closes_a_cohort(world):
    url = reverse("admin:leaders_cohort_change", args=[world.cohort.pk])
    data = {"number": 1, "first_year": 2025, "last_year": 2026, "seats": 24}
    moment = {"closed_at_0": "2026-11-01", "closed_at_1": "09:00", "nominations_open_on": "R8.1.1"}
    kept = ("closed_at", "nominations_closed_at", "nominations_open_on", "instruction")
    before = Cohort.objects.values(*kept).get(pk=world.cohort.pk)

    client_as(world, "admin").post(url, data | moment | {"closed_at": "2026-11-01 09:00"})

    assert Cohort.objects.values("seats", *kept).get(pk=world.cohort.pk) == before | {"seats": 24}


def test_ending_a_term_takes_only_its_day_and_its_reason(world):
    url = reverse("leaders:term_end", args=[world.term_b.pk])
    data = forged(world) | {"completed": "on", "decided_on": "R8.11.1", "staff": world.free.pk}
    before = LeaderTerm.objects.values().get(pk=world.term_b.pk)

    client_as(world, "hr").post(url, data | world.posts["leaders:term_end"])

    changed = {"ends_on": date(2026, 12, 31), "end_reason": "declined"}
    assert LeaderTerm.objects.values().get(pk=world.term_b.pk) == before | changed


def test_an_offering_is_not_closed_or_moved_to_another_row_by_a_form(world):
    url = reverse("training:offering_edit", args=[world.offering.pk])

    client_as(world, "hr").post(url, forged(world) | world.posts["training:offering_edit"])

    world.offering.refresh_from_db()
    assert (world.offering.mode, world.offering.closed_at) == ("online", None)


def test_enrolling_never_makes_a_completion(world):
    url = reverse("training:offering_enrol", args=[world.offering.pk])
    data = forged(world) | {"department": "", "status": "present"}

    client_as(world, "hr").post(url, data | world.posts["training:offering_enrol"])

    seat = world.offering.attendances.get(staff=world.free)
    assert (seat.status, seat.completed_on, seat.category) == ("booked", None, "mind")


def test_marks_of_another_offering_are_not_taken(world):
    other = AttendanceFactory(staff=world.free)
    url = reverse("training:offering_attendance", args=[world.offering.pk])

    page = client_as(world, "hr").post(
        url, {f"seen-{other.pk}": "booked", f"status-{other.pk}": "present"}
    )

    assert "この開催回にない人" in page.content.decode()
    other.refresh_from_db()
    assert (other.status, other.completed_on) == ("booked", None)


def test_the_day_of_a_completion_is_the_offerings_whatever_is_posted(world):
    url = reverse("training:offering_attendance", args=[world.offering.pk])

    client_as(world, "hr").post(url, forged(world) | world.posts["training:offering_attendance"])

    world.seat.refresh_from_db()
    assert (world.seat.status, world.seat.completed_on) == ("present", date(2026, 6, 1))
    assert world.seat.category == "mind"


# --- Nobody makes themself more than they are ---------------------------------------------------


@pytest.mark.parametrize("asker", ["staff", "head", "manager", "hr"])
def test_nobody_gives_themself_a_role(world, asker):
    user = world.users[asker]
    data = forged(world) | {"username": user.username, "new_password": "とても長い合言葉です。"}
    client = client_as(world, asker)
    roles = set(user.groups.values_list("name", flat=True))

    client.post(reverse("admin:staff_user_change", args=[user.pk]), data)
    client.post(reverse("admin:staff_user_add"), data)
    for line in LINES:
        if not line.name.startswith(("admin:", "account_logout")):
            client.post(address(world, line), data)

    user.refresh_from_db()
    assert set(user.groups.values_list("name", flat=True)) == roles
    assert not user.is_staff
    assert not user.is_superuser
    assert not user.user_permissions.exists()
    assert user.username == user.staff.number


def test_changing_ones_password_changes_nothing_else(world, client_of):
    user = world.users["staff"]
    user.set_password("前の合言葉はとても長いです")
    user.save()
    data = {
        "oldpassword": "前の合言葉はとても長いです",
        "password1": "次の合言葉もとても長いです",
        "password2": "次の合言葉もとても長いです",
    }

    client_of(user).post(reverse("account_change_password"), forged(world) | data)

    user.refresh_from_db()
    assert user.check_password("次の合言葉もとても長いです")
    assert user.username == user.staff.number
    assert not user.groups.exists()
    assert not user.is_staff
    assert not user.is_superuser


def test_an_administrator_gives_roles_but_never_djangos_own_powers(world):
    user = world.users["staff"]
    hr = Group.objects.get(name=HR)
    data = forged(world) | {"username": user.username, "groups": [hr.pk]}

    client_as(world, "admin").post(reverse("admin:staff_user_change", args=[user.pk]), data)

    user.refresh_from_db()
    assert list(user.groups.all()) == [hr]
    assert not user.is_staff
    assert not user.is_superuser


def test_djangos_own_powers_open_nothing_here(world, client_of):
    user = world.users["staff"]
    user.is_staff = user.is_superuser = True
    user.save()
    client = client_of(user)

    assert client.get(reverse("admin:index"), follow=True).status_code == 403
    assert client.get(reverse("staff:member_list")).status_code == 403
    assert client.get(world.person_b.get_absolute_url()).status_code == 404


# --- Forged requests ----------------------------------------------------------------------------


WITHOUT_TOKEN = {
    "plain": {},
    "htmx": {"headers": {"HX-Request": "true"}},
    "made up": {"headers": {"X-CSRFToken": "a" * 64}},
    "json": {"content_type": "application/json"},
    "text": {"content_type": "text/plain"},
}


@pytest.mark.parametrize("way", WITHOUT_TOKEN)
def test_no_post_is_taken_without_its_token(world, way):
    lines = {line.name: line for line in written()}
    if way == "plain":
        lines |= {line.name: line for line in masters()}
    taken = []

    for asker in ("anonymous", "head", "hr", "admin"):
        client = client_as(world, asker, enforce_csrf_checks=True)
        for name, line in lines.items():
            if line.post[asker] in ("200", "302") or asker == "admin":
                data = "{}" if "content_type" in WITHOUT_TOKEN[way] else world.posts.get(name, {})
                answer = client.post(address(world, line), data, **WITHOUT_TOKEN[way])
                if "送信を受け付けられませんでした" not in answer.content.decode():
                    taken.append((asker, name, answer.status_code))

    assert taken == []
    assert state() == world.state


@pytest.mark.parametrize("way", ["field", "header"])
def test_a_post_with_its_token_is_taken(world, way):
    client = client_as(world, "hr", enforce_csrf_checks=True)
    url = reverse("training:course_new")
    page = client.get(url).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)', page)[1]
    data = world.posts["training:course_new"]

    answer = (
        client.post(url, data | {"csrfmiddlewaretoken": token})
        if way == "field"
        else client.post(url, data, headers={"X-CSRFToken": token, "HX-Request": "true"})
    )

    assert answer.status_code == 302


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    " //evil.example",
    "http:evil.example",
    "https:///evil.example",
    "javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,x",
    "//testserver@evil.example",
    "http://testserver.evil.example/",
]


@pytest.fixture
def known(world) -> User:
    """Somebody whose password the test knows."""
    user = world.users["staff"]
    user.set_password("合言葉はとても長いです")
    user.save()
    return user


def sign_in(user: User, url: str, **data: str) -> HttpResponse:
    form = {"login": user.username, "password": "合言葉はとても長いです", **data}
    return Client().post(url, form)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_leads_nowhere_else(known, target):
    url = reverse("account_login")

    answers = [
        sign_in(known, url, next=target),
        sign_in(known, f"{url}?{urlencode({'next': target})}"),
    ]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/")] * 2


def test_signing_in_leads_back_to_the_page_asked_for(known):
    wanted = known.staff.get_absolute_url()

    assert sign_in(known, reverse("account_login"), next=wanted)["Location"] == wanted


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize("name", ["account_login", "account_logout", "admin:logout"])
def test_no_address_of_signing_in_and_out_leads_elsewhere(world, name, target):
    for method in ("get", "post"):
        with transaction.atomic():
            answer = getattr(client_as(world, "admin"), method)(
                f"{reverse(name)}?{urlencode({'next': target})}"
            )
            transaction.set_rollback(True)

        assert "evil" not in answer.get("Location", "")
        assert "script" not in answer.get("Location", "")
        assert "data:" not in answer.get("Location", "")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_the_sign_in_page_does_not_carry_the_address_in_a_link(target):
    page = Client().get(reverse("account_login"), {"next": target}).content.decode()

    assert not re.search(r'(?:href|action)="[^"]*(?:evil|script:|data:)', page)


# --- Rights end when their ground does ----------------------------------------------------------


@pytest.mark.parametrize("asker", ["head", "hr", "admin", "manager", "staff"])
def test_a_session_opens_nothing_after_the_account_is_shut(world, asker):
    User.objects.filter(pk=world.users[asker].pk).update(is_active=False)

    answer = client_as(world, asker).get(reverse("home"))

    assert told(answer, reverse("home")) == "login"


@pytest.mark.parametrize("asker", ["head", "hr", "admin", "manager"])
def test_a_session_opens_nothing_after_the_person_has_left(world, asker):
    StaffMember.objects.filter(pk=world.users[asker].staff_id).update(
        left_on=TODAY - timedelta(days=1)
    )
    urls = [
        reverse("home"),
        reverse("staff:member_list"),
        reverse("reports:dashboard"),
        reverse("training:course_list"),
        reverse("admin:staff_user_changelist"),
        world.colleague.get_absolute_url(),
    ]

    answers = [told(client_as(world, asker).get(url), url) for url in urls]

    assert answers == ["login"] * len(urls)
    assert told(client_as(world, asker).post(urls[0]), urls[0]) == "login"


def test_a_right_that_ended_between_page_and_button_refuses(world):
    client = client_as(world, "head")
    url = reverse("leaders:nomination_new", args=world.args["round_a"])
    assert client.get(url).status_code == 200

    AssignmentFactory(
        staff=world.users["head"].staff,
        department=world.b,
        rank=RankFactory(),
        starts_on=TODAY,
    )
    answer = client.post(url, world.posts["leaders:nomination_new"])

    assert answer.status_code == 403
    assert not Nomination.objects.filter(staff=world.free).exists()
