"""部下の研修: a head sees what their people have booked, signs them up and withdraws them."""

import re
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agano_dx.lib.errors import DomainError
from staff.listings import Listing, take_people
from staff.models import StaffMember
from staff.pages import PageRequest, allow, show
from training.agenda import Entry, entries
from training.clashes import Clash, clashes
from training.forms.enrolment import ClashAnswer
from training.meetings import when_held
from training.models import Attendance, CountingRule, Offering
from training.services.enrolment import SignedUp, sign_up, step_back
from training.team import Candidate, booked_by, candidates, people_of, taking_signups
from training.views.enrolment import newcomers

PAGE = 50
HEADINGS = ("開催日", "研修", "職員番号", "氏名", "所属", "状態")
NOBODY_CHOSEN = "申し込む人を選んでください。"


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A candidate in the table of sign-ups, and whether the head has ticked them."""

    person: Candidate
    is_chosen: bool


@require_GET
@allow(lambda access: access.is_head)
def team(request: PageRequest) -> HttpResponse:
    """The head's people: what they have booked, and what they could be signed up for."""
    today = timezone.localdate()
    people = people_of(request.access.headed, today)
    departments = {place.staff_id: place.department.name for place in people}
    # Two lists, each with pages of its own: the one stays where it is when the other is turned.
    booked = Paginator(booked_by(departments, today), PAGE).get_page(request.GET.get("page"))
    offered = Paginator(taking_signups(today), PAGE).get_page(request.GET.get("offered"))
    context = {
        "today": today,
        "people_count": len(people),
        "offered": offered,
        "offerings": entries(offered, today),
        "offered_query": f"page={booked.number}",
        "booked_query": f"offered={offered.number}",
        "booked": booked,
        "bookings": [(place, departments[place.staff_id]) for place in booked],
    }
    return show(request, "training/team.html", "部下の研修", context)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.is_head)
def team_export(request: PageRequest) -> HttpResponse:
    """What the head's people have booked, to Excel; for more than a hundred first what for."""
    today = timezone.localdate()
    people = people_of(request.access.headed, today)
    departments = {place.staff_id: place.department.name for place in people}
    listing = Listing(
        kind="team",
        what="部下のこれから受ける研修",
        on=today,
        headings=HEADINGS,
        rows=[
            (
                place.offering.starts_on,
                place.offering.course.title,
                place.staff.number,
                place.staff.name,
                departments[place.staff_id],
                place.get_status_display(),
            )
            for place in booked_by(departments, today)
        ],
        unit="件",
    )
    return take_people(request, listing, [("部下の研修", reverse("training:team"))])


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.is_head)
def team_signup(request: PageRequest, pk: int) -> HttpResponse:
    """Sign people of the own units up; whoever finds no seat waits in the line."""
    today = timezone.localdate()
    offerings = Offering.objects.filter(takes_signups=True, cancelled_at__isnull=True)
    offering = get_object_or_404(
        offerings.select_related("course").with_seats().prefetch_related("days"), pk=pk
    )
    people = people_of(request.access.headed, today)
    chosen = _chosen(request, {place.staff_id for place in people})
    rule = CountingRule.objects.in_force(today)
    beside = candidates(offering, people, request.access.headed, today, rule)
    error, found = "", list[Clash]()
    if request.method == "POST":
        # Seats go in the order of the table: first to those who owe the course.
        members = [one.staff for one in beside if one.staff.pk in chosen]
        error, found = _sign_up(request, offering, members, today)
        if not error and not found:
            return redirect("training:team_signup", pk=pk)
    context = {
        "row": Entry(offering, today),
        "offering": offering,
        "rows": [CandidateRow(person, person.staff.pk in chosen) for person in beside],
        "clashes": found,
        "error": error,
        "is_bookable": offering.is_bookable(today),
        "when": when_held(offering),
    }
    above = [("部下の研修", reverse("training:team"))]
    return show(request, "training/team_signup.html", offering.course.title, context, above)


@require_POST
@allow(lambda access: access.is_head)
def team_withdraw(request: PageRequest, pk: int) -> HttpResponse:
    """Take one of the own people off an offering that has not begun."""
    today = timezone.localdate()
    own = {place.staff_id for place in people_of(request.access.headed, today)}
    places = Attendance.objects.filter(staff__in=own).select_related("offering", "staff")
    place = get_object_or_404(places, pk=pk)
    try:
        moved = step_back(place=place, by=request.user, today=today)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        # Who moved up may be somebody of another department: no name here.
        words = f"空いた席に空き待ちの{len(moved)}人が繰り上がりました。" if moved else ""
        messages.success(request, f"{place.staff.name}さんの申込みを取り消しました。{words}")
    return redirect("training:team")


def _sign_up(
    request: PageRequest, offering: Offering, members: list[StaffMember], today: date
) -> tuple[str, list[Clash]]:
    """Sign the people up; else why not, or the clashes the head has to answer first."""
    if not members:
        return NOBODY_CHOSEN, []
    answer = ClashAnswer(request.POST)
    found = clashes(offering, newcomers(offering, members))
    if answer.is_needed(found):
        return "", found
    try:
        done = sign_up(
            offering=offering,
            members=answer.chosen(members, found),
            by=request.user,
            today=today,
            at=timezone.now(),
        )
    except DomainError as refusal:
        return str(refusal), []
    messages.success(request, _told(offering, done))
    return "", []


def _chosen(request: PageRequest, own: set[int]) -> set[int]:
    """The people ticked; whoever is not of the own units does not exist."""
    posted = request.POST.getlist("members")
    if not all(re.fullmatch(r"[0-9]{1,18}", one) for one in posted):
        raise Http404
    chosen = {int(one) for one in posted}
    if not chosen <= own:
        raise Http404
    return chosen


def _told(offering: Offering, done: SignedUp) -> str:
    """What became of the sign-up, with each place in the line."""
    words = f"{len(done.booked)}人を申し込みました。" if done.booked else ""
    if done.waiting:
        line = list(offering.attendances.in_line().values_list("pk", flat=True))
        first, last = (line.index(done.waiting[end].pk) + 1 for end in (0, -1))
        places = f"{first}番目" if first == last else f"{first}番目から{last}番目"
        words += (
            f"席が空いていないため、{len(done.waiting)}人は空き待ちです（{places}）。"
            "席が空くと、順番に受講予定になります。"
        )
    if done.already:
        words += f"{len(done.already)}人は申込済みでした。"
    return words or "申し込む人はいませんでした。"
