"""お知らせ: what is due, what was sent, and the same letters on paper."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from staff.listings import Listing, moment, take_people
from staff.models import Department
from staff.pages import PageRequest, allow, show
from training.models import Reminder, ReminderQuerySet, ReminderState
from training.reminders import (
    Letter,
    by_department,
    due,
    goes_by_mail,
    pace_here,
    unclear_letters,
)
from training.services.reminders import hand_over

PAGE = 50
HEADINGS = ("職員番号", "氏名", "種別", "研修", "開催日", "状態", "日時")
DUE, UNCLEAR, MADE = "due", "unclear", "made"


@dataclass(frozen=True, slots=True)
class Line:
    """One reminder of the list: due, or made."""

    number: str
    name: str
    kind: str
    course: str
    held_on: date
    state: str
    chip: str
    at: datetime | None


@require_GET
@allow(lambda access: access.keeps_training)
def reminder_list(request: PageRequest) -> HttpResponse:
    """What is due today, what has to be looked into, what was sent or handed over."""
    letters = due(timezone.localdate(), pace_here())
    lists = _lists(letters)
    state = _state(request)
    page: Page[Any] = Paginator(lists[state][2], PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [_line(one) for one in page],
        "state": state,
        "states": [(name, words, count) for name, (words, count, _) in lists.items()],
        "by_mail": sum(goes_by_mail(letter) for letter in letters),
        "on_paper": sum(not goes_by_mail(letter) for letter in letters),
        "unclear": lists[UNCLEAR][1],
        "sends_email": settings.SENDS_EMAIL,
        "pace": pace_here(),
    }
    return show(request, "training/reminder_list.html", "お知らせ", context)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def reminder_export(request: PageRequest) -> HttpResponse:
    """The list of the state asked for, to Excel; for more than a hundred lines first what for."""
    today, state = timezone.localdate(), _state(request)
    words, _, found = _lists(due(today, pace_here()))[state]
    listing = Listing(
        kind="reminders",
        what="お知らせ",
        on=today,
        headings=HEADINGS,
        rows=[
            (
                line.number,
                line.name,
                line.kind,
                line.course,
                line.held_on,
                line.state,
                moment(line.at),
            )
            for line in map(_line, found)
        ],
        filters={"state": state},
        narrowed=[words],
        unit="件",
    )
    above = [("お知らせ", f"{reverse('training:reminder_list')}?state={state}")]
    return take_people(request, listing, above)


def _state(request: PageRequest) -> str:
    """The list asked for; what is due where there is none such."""
    asked = request.GET.get("state", DUE)
    return asked if asked in (UNCLEAR, MADE) else DUE


def _lists(letters: list[Letter]) -> dict[str, tuple[str, int, Any]]:
    """Each list by its state: its name, how long it is, and what stands on it."""
    unclear, made = Reminder.objects.unclear(), Reminder.objects.settled()
    return {
        DUE: ("これから", len(letters), letters),
        UNCLEAR: ("要確認", unclear.count(), _with_people(unclear)),
        MADE: ("送信・手渡し済", made.count(), _with_people(made)),
    }


@dataclass(frozen=True, slots=True)
class Sheet:
    """The letters of one department."""

    department: Department | None
    letters: list[Letter]


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def reminder_sheet(request: PageRequest) -> HttpResponse:
    """The letters that go on paper, department by department; the button says they were given."""
    today = timezone.localdate()
    unclear = unclear_letters(today)
    letters = [one for one in due(today, pace_here()) if not goes_by_mail(one)]
    if request.method == "POST":
        given = set(request.POST.getlist("letter"))
        return _hand_over(
            request,
            [letter for letter in letters if letter.key in given],
            [row for row, letter in unclear if letter.key in given],
        )
    printed = sorted([*letters, *(letter for _, letter in unclear)], key=by_department)
    audit.looked_at(request.user, by=request.user, print="reminders", rows=len(printed))
    context = {"sheets": _sheets(printed), "letters": printed, "unclear": len(unclear)}
    trail = [("お知らせ", reverse("training:reminder_list"))]
    return show(request, "training/reminder_sheet.html", "お知らせの印刷", context, trail)


def _hand_over(
    request: PageRequest, letters: list[Letter], unclear: list[Reminder]
) -> HttpResponse:
    try:
        count = hand_over(letters=letters, unclear=unclear, by=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("training:reminder_sheet")
    if count:
        messages.success(request, f"{count}人分を、紙で渡したと記録しました。")
    else:
        messages.info(request, "すでに記録済みのため、新しく記録したものはありません。")
    return redirect("training:reminder_list")


def _sheets(letters: list[Letter]) -> list[Sheet]:
    found: dict[int | None, Sheet] = {}
    for letter in letters:
        department = letter.place.department if letter.place else None
        key = department.pk if department else None
        found.setdefault(key, Sheet(department, [])).letters.append(letter)
    return list(found.values())


def _with_people(reminders: ReminderQuerySet) -> ReminderQuerySet:
    return reminders.select_related("attendance__staff", "attendance__offering__course")


def _line(one: Letter | Reminder) -> Line:
    member = one.attendance.staff
    if isinstance(one, Letter):
        state, chip, at = ("メール待ち" if goes_by_mail(one) else "紙で渡す"), "information", None
    else:
        state, at = one.state.label, one.sent_at or one.made_at
        chip = "error" if one.state == ReminderState.UNCLEAR else "success"
    return Line(
        number=member.number,
        name=member.name,
        kind=one.kind.label if isinstance(one, Letter) else one.get_kind_display(),
        course=one.attendance.offering.course.title,
        held_on=one.held_on,
        state=state,
        chip=chip,
        at=at,
    )
