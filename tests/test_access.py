"""Who may do what: one table of every address, and the ways around it that must not work.

The world has two departments. A has a head, somebody without a role, a colleague and a unit A1
under it; B is of no concern to anybody of A. Manager, HR and administrator stand in C.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.admin import site
from django.contrib.auth.models import Group
from django.db import models, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from leaders.models import LeaderTerm, Nomination, NominationStatus
from staff.access import ADMIN, HR, MANAGER, Access
from staff.models import Assignment, StaffMember, User
from tests.conftest import JAPAN, TODAY, account, placed
from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    CohortFactory,
    ConcurrentPostFactory,
    CountingRuleFactory,
    CourseFactory,
    DepartmentFactory,
    HeadRankFactory,
    LeaderTermFactory,
    NominationFactory,
    OfferingFactory,
    PlanPeriodFactory,
    ProgrammeFactory,
    RankFactory,
    RosterImportFactory,
    SpecialistDesignationFactory,
    StaffMemberFactory,
    TargetFactory,
)

pytestmark = pytest.mark.django_db

NAME_OF_B = "乙山　美帆"
TOMORROW = TODAY + timedelta(days=1)

# What everybody may ask for without signing in.
PUBLIC = {"healthz", "account_login", "account_logout", "account_inactive"}

ASKERS = ("anonymous", "staff", "head", "manager", "hr", "admin")

# Answers: a status; `login` is the way to sign in; `admin` the way to the administrators' door,
# which answers 403 to whoever is signed in and no administrator.
TABLE = """
address                      object      how   anonymous staff head  manager hr    admin

home                         -           GET   login     200   200   200     200   200
home                         -           POST  login     405   405   405     405   405
healthz                      -           GET   200       200   200   200     200   200
healthz                      -           POST  405       405   405   405     405   405

account_login                -           GET   200       302   302   302     302   302
account_login                -           POST  200       302   302   302     302   302
account_logout               -           GET   302       200   200   200     200   200
account_logout               -           POST  302       302   302   302     302   302
account_inactive             -           GET   200       200   200   200     200   200
account_inactive             -           POST  405       405   405   405     405   405
account_change_password      -           GET   login     200   200   200     200   200
account_change_password      -           POST  login     200   200   200     200   200
account_reauthenticate       -           GET   login     200   200   200     200   200
account_reauthenticate       -           POST  login     200   200   200     200   200

staff:member_list            -           GET   login     403   200   403     200   200
staff:member_list            -           POST  login     405   405   405     405   405
staff:member_detail          staff       GET   login     200   200   404     200   200
staff:member_detail          staff       POST  login     405   405   405     405   405
staff:member_detail          colleague   GET   login     404   200   404     200   200
staff:member_detail          colleague   POST  login     405   405   405     405   405
staff:member_detail          under       GET   login     404   200   404     200   200
staff:member_detail          under       POST  login     405   405   405     405   405
staff:member_detail          head        GET   login     404   200   404     200   200
staff:member_detail          head        POST  login     405   405   405     405   405
staff:member_detail          manager     GET   login     404   404   200     200   200
staff:member_detail          manager     POST  login     405   405   405     405   405
staff:member_detail          person_b    GET   login     404   404   404     200   200
staff:member_detail          person_b    POST  login     405   405   405     405   405
staff:member_detail          to_come     GET   login     404   404   404     200   200
staff:member_detail          to_come     POST  login     405   405   405     405   405
staff:member_detail          missing     GET   login     404   404   404     404   404
staff:member_detail          missing     POST  login     405   405   405     405   405
staff:import_list            -           GET   login     403   403   403     403   200
staff:import_list            -           POST  login     405   405   405     405   405
staff:import_new             -           GET   login     403   403   403     403   200
staff:import_new             -           POST  login     403   403   403     403   200
staff:import_detail          roster      GET   login     403   403   403     403   200
staff:import_detail          roster      POST  login     405   405   405     405   405
staff:import_detail          missing_pk  GET   login     403   403   403     403   404
staff:import_detail          missing_pk  POST  login     405   405   405     405   405
staff:import_apply           roster      GET   login     405   405   405     405   405
staff:import_apply           roster      POST  login     403   403   403     403   302
staff:import_discard         roster      GET   login     405   405   405     405   405
staff:import_discard         roster      POST  login     403   403   403     403   302

training:course_list         -           GET   login     403   403   403     200   200
training:course_list         -           POST  login     405   405   405     405   405
training:course_new          -           GET   login     403   403   403     200   200
training:course_new          -           POST  login     403   403   403     302   302
training:course_edit         course      GET   login     403   403   403     200   200
training:course_edit         course      POST  login     403   403   403     302   302
training:course_edit         missing_pk  GET   login     403   403   403     404   404
training:course_edit         missing_pk  POST  login     403   403   403     404   404
training:offering_list       -           GET   login     403   403   403     200   200
training:offering_list       -           POST  login     405   405   405     405   405
training:offering_new        -           GET   login     403   403   403     200   200
training:offering_new        -           POST  login     403   403   403     302   302
training:offering_detail     offering    GET   login     403   403   403     200   200
training:offering_detail     offering    POST  login     405   405   405     405   405
training:offering_edit       offering    GET   login     403   403   403     200   200
training:offering_edit       offering    POST  login     403   403   403     302   302
training:offering_enrol      offering    GET   login     403   403   403     200   200
training:offering_enrol      offering    POST  login     403   403   403     302   302
training:offering_attendance offering    GET   login     403   403   403     200   200
training:offering_attendance offering    POST  login     403   403   403     302   302

leaders:cohort_detail        cohort      GET   login     403   403   403     200   200
leaders:cohort_detail        cohort      POST  login     403   403   403     302   302
leaders:cohort_detail        missing_pk  GET   login     403   403   403     404   404
leaders:cohort_detail        missing_pk  POST  login     403   403   403     404   404
leaders:nomination_list      -           GET   login     403   200   403     200   200
leaders:nomination_list      -           POST  login     405   405   405     405   405
leaders:nomination_new       round_a     GET   login     403   200   403     403   403
leaders:nomination_new       round_a     POST  login     403   302   403     403   403
leaders:nomination_new       round_b     GET   login     403   404   403     403   403
leaders:nomination_new       round_b     POST  login     403   404   403     403   403
leaders:nomination_new       no_round    GET   login     403   404   403     403   403
leaders:nomination_new       no_round    POST  login     403   404   403     403   403
leaders:nomination_detail    sent_a      GET   login     403   200   403     200   200
leaders:nomination_detail    sent_a      POST  login     405   405   405     405   405
leaders:nomination_detail    sent_b      GET   login     403   404   403     200   200
leaders:nomination_detail    sent_b      POST  login     405   405   405     405   405
leaders:nomination_edit      returned_a  GET   login     403   200   403     403   403
leaders:nomination_edit      returned_a  POST  login     403   302   403     403   403
leaders:nomination_edit      returned_b  GET   login     403   404   403     403   403
leaders:nomination_edit      returned_b  POST  login     403   404   403     403   403
leaders:nomination_approve   sent_a      GET   login     405   405   405     405   405
leaders:nomination_approve   sent_a      POST  login     403   403   403     302   403
leaders:nomination_approve   sent_b      GET   login     405   405   405     405   405
leaders:nomination_approve   sent_b      POST  login     403   403   403     302   403
leaders:nomination_return    sent_a      GET   login     405   405   405     405   405
leaders:nomination_return    sent_a      POST  login     403   403   403     302   403
leaders:nomination_return    sent_b      GET   login     405   405   405     405   405
leaders:nomination_return    sent_b      POST  login     403   403   403     302   403

reports:dashboard            -           GET   login     403   200   200     200   200
reports:dashboard            -           POST  login     405   405   405     405   405
reports:people_list          figure      GET   login     403   200   403     200   200
reports:people_list          figure      POST  login     405   405   405     405   405
reports:people_list          no_figure   GET   login     403   404   403     404   404
reports:people_list          no_figure   POST  login     405   405   405     405   405

admin:index                  -           GET   login     admin admin admin   admin 200
admin:index                  -           POST  login     admin admin admin   admin 200
admin:login                  -           GET   login     403   403   403     403   302
admin:login                  -           POST  login     403   403   403     403   302
admin:logout                 -           GET   login     302   302   302     302   405
admin:logout                 -           POST  login     302   302   302     302   200
admin:password_change        -           GET   login     admin admin admin   admin 200
admin:password_change        -           POST  login     admin admin admin   admin 200
admin:password_change_done   -           GET   login     admin admin admin   admin 200
admin:password_change_done   -           POST  login     admin admin admin   admin 405
admin:autocomplete           -           GET   login     admin admin admin   admin 403
admin:autocomplete           -           POST  login     admin admin admin   admin 405
admin:jsi18n                 -           GET   login     admin admin admin   admin 200
admin:jsi18n                 -           POST  login     admin admin admin   admin 405
admin:view_on_site           on_site     GET   login     admin admin admin   admin 404
admin:view_on_site           on_site     POST  login     admin admin admin   admin 404
admin:app_list               app         GET   login     admin admin admin   admin 200
admin:app_list               app         POST  login     admin admin admin   admin 200
admin:app_list               no_app      GET   login     admin admin admin   admin 404
admin:app_list               no_app      POST  login     admin admin admin   admin 404
"""

# The masters administrators keep. Those of Django, allauth and the audit log answer nobody.
MASTERS = (
    "staff_department",
    "staff_rank",
    "staff_concurrentpost",
    "staff_staffmember",
    "staff_user",
    "training_programme",
    "training_planperiod",
    "training_countingrule",
    "leaders_cohort",
    "leaders_leaderterm",
    "leaders_specialistdesignation",
    "reports_target",
)
SHUT = ("auth_group", "account_emailaddress", "auditlog_logentry")


# --- The table ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """What each asker is answered at one address about one thing."""

    name: str
    thing: str
    get: dict[str, str] = field(compare=False)
    post: dict[str, str] = field(compare=False)

    def __str__(self) -> str:
        return self.name if self.thing == "-" else f"{self.name}-{self.thing}"


def written() -> Iterator[Line]:
    rows = [row.split() for row in TABLE.strip().splitlines()[1:] if row.strip()]
    for get, post in zip(rows[::2], rows[1::2], strict=True):
        assert (get[:2], get[2], post[2]) == (post[:2], "GET", "POST"), get
        yield Line(
            get[0],
            get[1],
            dict(zip(ASKERS, get[3:], strict=True)),
            dict(zip(ASKERS, post[3:], strict=True)),
        )


def masters() -> Iterator[Line]:
    """Every page of every model the admin site knows: nothing is deleted, people not added."""
    for model in (*MASTERS, *SHUT):
        for page in ("changelist", "add", "change", "history", "delete"):
            refused = model in SHUT or page == "delete" or (model, page) == (
                "staff_staffmember",
                "add",
            )
            answers = dict.fromkeys(ASKERS, "admin") | {
                "anonymous": "login",
                "admin": "403" if refused else "200",
            }
            thing = "-" if page in ("changelist", "add") else model
            yield Line(f"admin:{model}_{page}", thing, answers, answers)


LINES = [*written(), *masters()]


# --- The world ----------------------------------------------------------------------------------


def _world() -> SimpleNamespace:
    a = DepartmentFactory(code="A", name="見本課")
    a1 = DepartmentFactory(code="A1", name="見本係", parent=a, gives_leader=False)
    b, c = DepartmentFactory(code="B", name="別の課"), DepartmentFactory(code="C", name="三の課")
    rank, head_rank = RankFactory(), HeadRankFactory()
    users = {
        "staff": account(placed(a, rank=rank)),
        "head": account(placed(a, rank=head_rank)),
        "manager": account(placed(c, rank=rank), MANAGER),
        "hr": account(placed(c, rank=rank), HR),
        "admin": account(placed(c, rank=rank), ADMIN),
        "head_b": account(placed(b, rank=head_rank)),
    }
    colleague, under, third = placed(a, rank=rank), placed(a1, rank=rank), placed(a, rank=rank)
    person_b = placed(b, rank=rank, staff__name=NAME_OF_B, staff__name_kana="オツヤマ ミホ")
    returned_b = placed(b, rank=rank)
    # 内示: this person of B comes to A tomorrow.
    to_come = placed(b, rank=rank, staff__name="内山　示子")
    AssignmentFactory(staff=to_come, department=a, rank=rank, starts_on=TOMORROW)
    cohort = CohortFactory(number=1)
    sent = {"cohort": cohort, "status": NominationStatus.SUBMITTED}
    returned = {"cohort": cohort, "status": NominationStatus.RETURNED, "comment": "再考"}
    sent_a = NominationFactory(
        department=a, staff=colleague, submitted_by=users["head"], **sent
    )
    sent_b = NominationFactory(
        department=b, staff=person_b, submitted_by=users["head_b"], **sent
    )
    returned_a = NominationFactory(department=a, staff=third, **returned)
    back_b = NominationFactory(department=b, staff=returned_b, **returned)
    course = CourseFactory(title="見本研修")
    offering = OfferingFactory(course=course)
    seat = AttendanceFactory(offering=offering, staff=colleague)
    AttendanceFactory(offering=offering, staff=person_b)
    roster = RosterImportFactory()
    stored = {
        "staff_department": a,
        "staff_rank": rank,
        "staff_concurrentpost": ConcurrentPostFactory(
            staff=users["hr"].staff, department=c, rank=rank
        ),
        "staff_staffmember": person_b,
        "staff_user": users["staff"],
        "training_programme": ProgrammeFactory(),
        "training_planperiod": PlanPeriodFactory(),
        "training_countingrule": CountingRuleFactory(
            excluded_duties=["leave"], required_categories=["mind", "knowledge", "skill"]
        ),
        "leaders_cohort": cohort,
        "leaders_leaderterm": LeaderTermFactory(
            cohort=cohort, department=b, staff=StaffMemberFactory(name="乙川　先輩")
        ),
        "leaders_specialistdesignation": SpecialistDesignationFactory(staff=person_b),
        "reports_target": TargetFactory(),
        "auth_group": Group.objects.get(name=ADMIN),
    }
    return SimpleNamespace(
        a=a,
        a1=a1,
        b=b,
        users=users,
        colleague=colleague,
        under=under,
        person_b=person_b,
        to_come=to_come,
        free=users["staff"].staff,
        cohort=cohort,
        sent_a=sent_a,
        sent_b=sent_b,
        returned_a=returned_a,
        returned_b=back_b,
        course=course,
        offering=offering,
        seat=seat,
        roster=roster,
        args={
            "-": (),
            "staff": (users["staff"].username,),
            "head": (users["head"].username,),
            "manager": (users["manager"].username,),
            "colleague": (colleague.number,),
            "under": (under.number,),
            "person_b": (person_b.number,),
            "to_come": (to_come.number,),
            "missing": ("nobody",),
            "missing_pk": (987_654 % 10_000,),
            "roster": (roster.pk,),
            "course": (course.pk,),
            "offering": (offering.pk,),
            "cohort": (1,),
            "round_a": (1, "A"),
            "round_b": (1, "B"),
            "no_round": (1, "nowhere"),
            "sent_a": (sent_a.pk,),
            "sent_b": (sent_b.pk,),
            "returned_a": (returned_a.pk,),
            "returned_b": (back_b.pk,),
            "figure": ("capable",),
            "no_figure": ("nothing",),
            "on_site": (1, 1),
            "app": ("staff",),
            "no_app": ("auth",),
            **{model: (stored[model].pk if model in stored else 1,) for model in MASTERS + SHUT},
        },
        posts={
            "training:course_new": {"title": "新しい研修", "category": "mind"},
            "training:course_edit": {"title": "直した研修", "category": "mind"},
            "training:offering_new": {
                "course": course.pk,
                "starts_on": "R8.12.1",
                "mode": "classroom",
            },
            "training:offering_edit": {
                "course": course.pk,
                "starts_on": "R8.12.1",
                "mode": "online",
                "version": offering.version,
            },
            "training:offering_enrol": {"numbers": users["staff"].username},
            "training:offering_attendance": {
                f"seen-{seat.pk}": "booked",
                f"status-{seat.pk}": "present",
            },
            "leaders:cohort_detail": {
                "nominations_open_on": "R8.11.1",
                "nominations_close_on": "R8.12.1",
            },
            "leaders:nomination_new": {
                "staff": users["staff"].staff.pk,
                "reason": "業務の見直しに熱心なため。",
            },
            "leaders:nomination_edit": {"staff": third.pk, "reason": "よく調べたため。"},
            "leaders:nomination_return": {"comment": "理由を詳しく。"},
        },
    )


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[SimpleNamespace]:
    """Made once; each test works on top of it and is taken back."""
    noon = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=JAPAN)
    with django_db_blocker.unblock(), time_machine.travel(noon, tick=True), transaction.atomic():
        made = _world()
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


@pytest.mark.parametrize("line", LINES, ids=str)
def test_every_address_answers_as_the_table_says(world, line):
    url, data = address(world, line), world.posts.get(line.name, {})
    answers: dict[str, dict[str, str]] = {"get": {}, "htmx": {}, "post": {}}

    for asker in ASKERS:
        with transaction.atomic():
            client = client_as(world, asker)
            answers["get"][asker] = told(client.get(url), url)
            answers["htmx"][asker] = told(client.get(url, headers={"HX-Request": "true"}), url)
            transaction.set_rollback(True)
        with transaction.atomic():
            answers["post"][asker] = told(client_as(world, asker).post(url, data), url)
            if line.post[asker] in ("login", "admin", "403", "404", "405"):
                assert state() == world.state, f"{asker} was refused and yet something changed"
            transaction.set_rollback(True)

    assert answers == {"get": line.get, "htmx": line.get, "post": line.post}


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
    assert {line.name for line in LINES if line.get["anonymous"] != "login"} == PUBLIC
    assert {line.name for line in LINES if line.post["anonymous"] != "login"} == PUBLIC


def test_an_address_nobody_knows_is_missing_for_everybody_alike(world):
    for asker in ASKERS:
        assert client_as(world, asker).get("/no/such/page").status_code == 404


def test_the_administrators_door_answers_403_to_whoever_is_none(world):
    for asker in ("staff", "head", "manager", "hr"):
        assert client_as(world, asker).get(reverse("admin:index"), follow=True).status_code == 403


def test_the_admin_site_offers_exactly_the_masters():
    kept = {f"{model._meta.app_label}_{model._meta.model_name}" for model in site._registry}

    assert kept == set(MASTERS) | set(SHUT)
"""
