"""リーダーのカリキュラム: who has learned what, and which courses belong to it."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import era_date
from agano_dx.lib.workbooks.writing import Content, write_list
from leaders.curriculum import Curriculum, Row, curriculum_of, day_of, strands_of
from leaders.forms.curriculum import CurriculumCourseForm, CurriculumFilterForm
from leaders.models import Cohort, LeaderTerm, Strand
from leaders.services import curriculum as services
from staff.exports import CARE_NOTE, ListFile, care_line, export_page
from staff.models import Department
from staff.organisation import DepartmentTree
from staff.pages import AskedDay, PageRequest, allow, asked_day, show


@dataclass(frozen=True, slots=True)
class Question:
    """What the page is asked for: a cohort on a day; nothing without any cohort."""

    cohorts: list[Cohort]
    cohort: Cohort | None
    asked: AskedDay
    on: date

    @property
    def query(self) -> str:
        """By which another page asks the same."""
        number = self.cohort.number if self.cohort else ""
        return urlencode({"cohort": number, "as_of": self.on.isoformat()})


@require_GET
@allow(lambda access: access.sees_lists)
def curriculum(request: PageRequest) -> HttpResponse:
    """The leaders of a cohort who sit on the day, and how far each is with every strand."""
    question = _question(request)
    found, people = _found(request, question)
    initial = {"cohort": question.cohort.number if question.cohort else ""}
    form = CurriculumFilterForm(
        initial | {"as_of": request.GET.get("as_of", "")}, cohorts=question.cohorts
    )
    context = {
        "question": question,
        "form": form,
        "people": people,
        "totals": found.totals,
        "has_courses": any(total.courses for total in found.totals),
        "decides": request.access.keeps_leaders,
        "names_are_links": question.asked.is_today or request.access.sees_everyone,
    }
    return show(request, "leaders/curriculum.html", "カリキュラム", context)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_lists)
def curriculum_export(request: PageRequest) -> HttpResponse:
    """The list as shown, to Excel; for more than a hundred people first what for."""
    question = _question(request)
    _, people = _found(request, question)
    facts = [str(question.cohort or ""), f"基準日：{era_date(question.on)}"]
    above = [("カリキュラム", f"{reverse('leaders:curriculum')}?{question.query}")]
    file = _list_file(question, people)
    return export_page(request, file, "カリキュラムの書き出し", facts, above)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_leaders)
def curriculum_edit(request: PageRequest) -> HttpResponse:
    """Which courses belong to which strand: one is added, or taken out."""
    removing = request.POST.get("remove", "")
    if removing.isdecimal():
        _remove(request, int(removing[:12]))
        return redirect("leaders:curriculum_edit")
    form = CurriculumCourseForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _add(request, form):
        return redirect("leaders:curriculum_edit")
    context = {"form": form, "strands": strands_of()}
    return show(
        request, "leaders/curriculum_edit.html", "カリキュラムの研修を決める", context, _trail()
    )


def _add(request: PageRequest, form: CurriculumCourseForm) -> bool:
    """Whether the course now belongs to the strand; else the form says why not."""
    strand = Strand(form.cleaned_data["strand"])
    try:
        is_new = services.add_course(
            course=form.cleaned_data["course"], strand=strand, by=request.user
        )
    except DomainError as error:
        form.add_error("course", str(error))
        return False
    told = "研修をカリキュラムに加えました。" if is_new else "この研修はすでに入っています。"
    messages.success(request, told)
    return True


def _remove(request: PageRequest, pk: int) -> None:
    if services.remove_course(pk=pk, by=request.user):
        messages.success(request, "研修をカリキュラムから外しました。受講の記録は変わりません。")
    else:
        messages.info(request, "この研修はすでに外してあります。")


def _question(request: PageRequest) -> Question:
    """The cohort asked for, else the one that runs on the day, else the first."""
    asked = asked_day(request)
    cohorts = list(Cohort.objects.all())
    choices = (
        *(one for one in cohorts if str(one.number) == request.GET.get("cohort", "")),
        *(one for one in cohorts if one.runs_on(asked.on)),
        *cohorts,
    )
    cohort = next(iter(choices), None)
    return Question(cohorts, cohort, asked, day_of(cohort, asked.on) if cohort else asked.on)


Person = tuple[Row, Department]


def _found(request: PageRequest, question: Question) -> tuple[Curriculum, list[Person]]:
    """How far those are whom the asker may see, with their department of the day, in its order."""
    visible = LeaderTerm.objects.visible_to(request.access).filter(cohort=question.cohort)
    terms = visible.sitting(question.on).select_related("cohort", "staff", "department")
    found = curriculum_of(list(terms), question.on)
    tree = DepartmentTree.load(question.on)
    order = {unit.pk: place for place, unit in enumerate(tree.in_order)}
    people = [(row, tree.current(row.term.department_id)) for row in found.rows]
    people.sort(key=lambda one: (order.get(one[1].pk, len(order)), one[0].term.staff.number))
    return found, people


def _list_file(question: Question, people: list[Person]) -> ListFile:
    number = question.cohort.number if question.cohort else ""
    return ListFile(
        kind="curriculum",
        filters={"cohort": str(number), "as_of": question.on.isoformat()},
        people=len(people),
        file_name=f"カリキュラム_{question.cohort or ''}_{question.on.isoformat()}.xlsx",
        write=lambda: _workbook(question, people),
    )


def _workbook(question: Question, people: list[Person]) -> bytes:
    headings = ["部署", "職員番号", "氏名"]
    for strand in Strand:
        headings += [str(strand.label), f"{strand.label}の日"]
    rows: list[list[Content]] = []
    for row, unit in people:
        staff = row.term.staff
        cells: list[Content] = [unit.name, staff.number, staff.name]
        for standing in row.strands:
            cells += [standing.state, standing.day]
        rows.append(cells)
    above = [care_line(f"{question.cohort}のカリキュラム", question.on)]
    notes = [CARE_NOTE, "日は、修了した日か、受講予定の開催日です。"]
    return write_list("カリキュラム", headings, rows, notes, above)


def _trail() -> list[tuple[str, str]]:
    return [("カリキュラム", reverse("leaders:curriculum"))]
