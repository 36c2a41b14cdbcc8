"""The shortest way made into offerings, in one step."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agano_dx.lib.errors import DomainError
from reports.forms.drafts import DraftForm, SeenForm, first_days, seats_as_text
from reports.gap_figure import goal_in_words, training_name, way_in_words
from reports.services.drafts import Drafted, Seats, draft_offerings, seats_of
from reports.shortest_way import ROOM, Way, current_way
from reports.views.links import Links
from reports.views.trail import under_dashboard
from staff.models import StaffMember
from staff.pages import AskedDay, PageRequest, allow, show

MOST_NAMED = 10


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def gap_offerings(request: PageRequest) -> HttpResponse:
    """Ask per category for course, size, day and mode; then make all of it or nothing."""
    way = current_way(timezone.localdate())
    error = ""
    if request.method == "POST" and way is not None:
        seen_form = SeenForm(request.POST)
        seen = seen_form.cleaned_data["seats"] if seen_form.is_valid() else {}
        posted = _forms(request, way, seen)
        if all(form.is_valid() for _, _, form in posted):
            try:
                done = _drafted(request, seen, posted)
            except DomainError as refusal:
                error = str(refusal)
                way = current_way(timezone.localdate())
            else:
                messages.success(request, _told(done))
                return redirect(_next_page(done))
    seats = seats_of(way)
    context = {
        "way": way,
        "words": way_in_words(way) if way else "これから期日の来る目標がありません。",
        "goal": goal_in_words(way.target) if way else "",
        "parts": _parts(request, way, seats) if way else [],
        "seats": seats_as_text(seats),
        "error": error,
        "back": reverse("reports:gap"),
    }
    trail = under_dashboard(("不足と道筋", reverse("reports:gap")))
    return show(request, "reports/gap_offerings.html", "提案の席の開催回をつくる", context, trail)


Asked = list[tuple[str, int, DraftForm]]


def _forms(request: PageRequest, way: Way, seats: Seats) -> Asked:
    """A form for each category, with what it is called and its seats."""
    today, due = timezone.localdate(), way.target.due
    days = first_days([-(-len(people) // ROOM) for people in seats.values()], today, due)
    return [
        (
            training_name(category),
            len(people),
            DraftForm(
                request.POST if f"{category}-course" in request.POST else None,
                category=category,
                people=len(people),
                today=today,
                due=due,
                first_day=day,
            ),
        )
        for (category, people), day in zip(seats.items(), days, strict=True)
    ]


def _parts(request: PageRequest, way: Way, seats: Seats) -> list[dict[str, object]]:
    """A part of the page for each category, with the way to the people who get its seats."""
    today = timezone.localdate()
    links = Links(request, AskedDay(today, today))
    return [
        {
            "name": name,
            "people": people,
            "href": links.page("reports:gap_people", seat=str(form.prefix))
            if links.opens_whole
            else "",
            "form": form,
        }
        for name, people, form in _forms(request, way, seats)
    ]


def _drafted(request: PageRequest, seen: Seats, posted: Asked) -> Drafted:
    return draft_offerings(
        seen=seen,
        wishes={str(form.prefix): form.wish for _, _, form in posted},
        by=request.user,
        today=timezone.localdate(),
    )


def _told(done: Drafted) -> str:
    if done.was_there:
        words = f"この提案の開催回{len(done.offerings)}回は、すでにつくられています。"
    else:
        words = f"開催回を{len(done.offerings)}回つくり、{done.enrolled}席に登録しました。"
    if done.clashing:
        words += f"どの日もほかの研修と重なる{_named(done.clashing)}は登録していません。"
    if done.without_room:
        words += (
            f"来られる日が満席の{_named(done.without_room)}は登録していません。"
            "別の開催回に登録してください。"
        )
    return f"{words}時刻と会場はまだ決まっていません。開催回の画面で入力してください。"


def _named(members: Sequence[StaffMember]) -> str:
    """How many they are, and the names of the first of them."""
    names = "、".join(member.name for member in members[:MOST_NAMED])
    return f"{len(members)}人（{names}{'ほか' if len(members) > MOST_NAMED else ''}）"


def _next_page(done: Drafted) -> str:
    """Where day, time and place are set; unfiltered, for a full one is no longer 開催予定."""
    if len(done.offerings) == 1:
        return done.offerings[0].get_absolute_url()
    return reverse("training:offering_list")
