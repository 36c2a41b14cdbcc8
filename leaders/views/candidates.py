"""登用の候補: the list, the list as a workbook, one person with all that speaks for them."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agano_dx.lib import audit
from agano_dx.lib.fiscal import era_date
from agano_dx.lib.workbooks.writing import Content, write_list
from leaders.forms.specialists import UNSAID, CandidateFilterForm, ConfidedFilterForm
from leaders.models import SpecialistDesignation, TransferRequest
from leaders.specialists import (
    Candidate,
    candidates,
    designated_places,
    is_asked,
    latest_wishes,
    noted,
    profile,
    wishes_beside,
    wishes_of,
)
from leaders.views.specialists import trail
from staff.exports import CARE_NOTE, ListFile, care_line, export_page
from staff.models import StaffMember
from staff.pages import AskedDay, PageRequest, allow, asked_day, show
from training.models import CountingRule

PAGE = 50
HEADINGS = (
    "職員番号",
    "氏名",
    "フリガナ",
    "所属",
    "職名",
    "職階",
    "経路",
    "推進室に入った日",
    "修了した任期",
    "修了した研修",
    "資格",
    "OJTの時間数",
    "リーダーの活動",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A candidate with what was confided, as far as the asker may read it."""

    person: Candidate
    wish: TransferRequest | None
    has_note: bool


@dataclass(frozen=True, slots=True)
class Question:
    """The candidates as filtered."""

    form: CandidateFilterForm
    day: AskedDay
    found: list[Candidate]
    rows: list[Row]
    query: str
    reads_confided: bool

    @property
    def filters(self) -> dict[str, str]:
        """The filters for the trace of a list that leaves."""
        data = self.form.cleaned_data
        asked = {name: data.get(name) or "" for name in ("route", "band")}
        return asked | {"wish": self.by_wish, "as_of": self.day.on.isoformat()}

    @property
    def by_wish(self) -> str:
        """That it was asked by wish, never by which: the wishes themselves are confided."""
        return "narrowed" if self.form.cleaned_data.get("wish") else ""

    @property
    def narrowed(self) -> list[str]:
        """The filters in words."""
        return [
            str(dict(self.form.fields[name].choices)[chosen])  # type: ignore[attr-defined]
            for name in ("route", "band", "wish")
            if (chosen := self.form.cleaned_data.get(name))
        ]


@require_GET
@allow(lambda access: access.sees_everyone)
def specialist_candidates(request: PageRequest) -> HttpResponse:
    """Who could be designated, by route, band and wish."""
    question = _asked(request)
    page = Paginator(question.rows, PAGE).get_page(request.GET.get("page"))
    others = _others(question) if question.reads_confided else []
    if question.reads_confided:
        _leave_trace(request, question, [*page.object_list], others)
    context = {
        "question": question,
        "form": question.form,
        "day": question.day,
        "page": page,
        "designated": designated_places(question.day.on, None).count(),
        "reads_confided": question.reads_confided,
        "others": others,
    }
    return show(
        request, "leaders/specialist_candidates.html", "専門分野人材の候補", context, trail()
    )


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_everyone)
def specialist_candidate_export(request: PageRequest) -> HttpResponse:
    """The list as filtered, to Excel; for more than a hundred people first what for."""
    question = _asked(request)
    facts = [f"基準日：{era_date(question.day.on)}", *question.narrowed]
    page = f"{reverse('leaders:specialist_candidates')}?{question.query}"
    above = [*trail(), ("専門分野人材の候補", page)]
    return export_page(request, _list_file(question), "候補の書き出し", facts, above)


@require_GET
@allow(lambda access: access.sees_everyone)
def specialist_candidate(request: PageRequest, number: str) -> HttpResponse:
    """One person: what speaks for them, the designations; for HR also wish and note."""
    member = concerned(number)
    today = timezone.localdate()
    person = profile(member.pk, today, CountingRule.objects.in_force(today))
    if person is None:
        raise Http404
    is_own = member.pk == request.access.staff_id
    if not is_own:
        audit.looked_at(member, by=request.user, page="specialist_candidate")
    designations = list(SpecialistDesignation.objects.filter(staff=member).order_by("-starts_on"))
    is_open = all(one.ends_on is not None and one.ends_on < today for one in designations)
    keeps = request.access.keeps_leaders
    context = {
        "member": member,
        "person": person,
        "today": today,
        "designations": designations,
        "is_own": is_own,
        "keeps": keeps,
        "decides": keeps and not is_own,
        "may_designate": keeps and not is_own and is_open and bool(person.routes),
        "wishes": wishes_of(member.pk) if keeps else [],
        "has_note": keeps and not is_own and bool(noted([member.pk])),
    }
    return show(
        request, "leaders/specialist_candidate.html", member.name, context, candidate_trail()
    )


def concerned(number: str) -> StaffMember:
    """Somebody in service who led, worked in the office or was designated; else 404."""
    today = timezone.localdate()
    member = get_object_or_404(StaffMember.objects.employed(today), number=number)
    if is_asked(member.pk, today) or SpecialistDesignation.objects.filter(staff=member).exists():
        return member
    raise Http404


def candidate_trail() -> list[tuple[str, str]]:
    """The list of candidates and the page above it."""
    return [*trail(), ("専門分野人材の候補", reverse("leaders:specialist_candidates"))]


def _asked(request: PageRequest) -> Question:
    """Read the question from the address. Only HR's question may be about wishes."""
    access, day = request.access, asked_day(request)
    form_class = ConfidedFilterForm if access.keeps_leaders else CandidateFilterForm
    form = form_class(request.GET)
    form.is_valid()  # what cannot be read is told beside its field and narrows nothing
    asked = {name: form.cleaned_data.get(name, "") for name in ("route", "band", "wish")}
    found = candidates(day.on, CountingRule.objects.in_force(day.on))
    shown = [
        person
        for person in found
        if asked["route"] in ("", *person.routes) and asked["band"] in ("", person.place.rank.band)
    ]
    rows = [
        row
        for row in (_confided(request, shown, day) if access.keeps_leaders else _plain(shown))
        if asked["wish"] in ("", row.wish.preference if row.wish else UNSAID)
    ]
    query = request.GET.copy()
    query.pop("page", None)
    return Question(form, day, found, rows, query.urlencode(), access.keeps_leaders)


def _plain(shown: list[Candidate]) -> list[Row]:
    return [Row(person, None, has_note=False) for person in shown]


def _confided(request: PageRequest, shown: list[Candidate], day: AskedDay) -> list[Row]:
    """With wishes and the sign of a note; of oneself nobody learns whether there is one."""
    people = [person.place.staff_id for person in shown]
    wishes = latest_wishes(people, day.on)
    written = noted(people) - {request.access.staff_id}
    return [
        Row(person, wishes.get(person.place.staff_id), person.place.staff_id in written)
        for person in shown
    ]


def _others(question: Question) -> list[TransferRequest]:
    """The wishes of those in service who are neither candidates nor designated that day."""
    on = question.day.on
    beside = [person.place.staff_id for person in question.found]
    beside += designated_places(on, None).values_list("staff", flat=True)
    return wishes_beside(beside, on)


def _leave_trace(
    request: PageRequest, question: Question, rows: list[Row], others: list[TransferRequest]
) -> None:
    """One entry for each wish shown beside a name, about the wish; one's own needs none."""
    shown = [row.wish for row in rows if row.wish] + others
    audit.record(
        by=request.user,
        action=audit.ACCESS,
        about=[(wish, {}) for wish in shown if wish.staff_id != request.access.staff_id],
        extra={"page": "specialist_candidates", "wish": question.by_wish},
    )


def _list_file(question: Question) -> ListFile:
    return ListFile(
        kind="specialist_candidates",
        filters=question.filters,
        people=len(question.rows),
        file_name=f"専門分野人材の候補_{question.day.on.isoformat()}.xlsx",
        write=lambda: _workbook(question),
    )


def _workbook(question: Question) -> bytes:
    headings = (*HEADINGS, *(("異動希望", "申告日") if question.reads_confided else ()))
    return write_list(
        "専門分野人材の候補",
        headings,
        [_cells(row, question) for row in question.rows],
        notes=[
            CARE_NOTE,
            f"{era_date(question.day.on)}に在職し、推進室に所属したことがあるか、"
            "修了した推進リーダーの任期がある職員です。登用中の職員は含みません。",
        ],
        above=[care_line("専門分野人材の候補", question.day.on, question.narrowed)],
    )


def _cells(row: Row, question: Question) -> list[Content]:
    person, place = row.person, row.person.place
    cells: list[Content] = [
        place.staff.number,
        place.staff.name,
        place.staff.name_kana,
        place.department.name,
        place.rank.name,
        place.rank.get_band_display(),
        person.route_labels,
        person.stay.first_on if person.stay else None,
        len(person.terms),
        person.learned_labels,
        "、".join(person.qualifications),
        person.ojt_hours,
        person.activities,
    ]
    if question.reads_confided:
        cells += [row.wish.get_preference_display() if row.wish else "申告なし"]
        cells += [timezone.localdate(row.wish.stated_at) if row.wish else None]
    return cells
