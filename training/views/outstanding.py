"""未受講者: the list, and the list as a workbook."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from agano_dx.lib.fiscal import era_date
from agano_dx.lib.workbooks.writing import write_list
from staff.exports import CARE_NOTE, ListFile, care_line, export_page
from staff.pages import PageRequest, allow, show
from training.models import Programme
from training.outstanding import Roll
from training.views.outstanding_question import Question, asked

PAGE = 50
HEADINGS = (
    "職員番号",
    "氏名",
    "フリガナ",
    "所属",
    "職名",
    "職階",
    "理由",
    "状況",
    "案内日",
)


@require_GET
@allow(lambda access: access.sees_lists)
def outstanding_list(request: PageRequest) -> HttpResponse:
    """Who still has to attend a row of the plan on a day, why, and who stands apart."""
    question = asked(request)
    page = Paginator(question.people, PAGE).get_page(request.GET.get("page"))
    context = {
        "question": question,
        "form": question.form,
        "day": question.day,
        "roll": question.roll,
        "page": page,
        "names_are_links": question.day.is_today or request.access.sees_everyone,
        "may_act": question.day.is_today and request.access.keeps_training,
    }
    return show(request, "training/outstanding_list.html", "未受講者", context)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_lists)
def outstanding_export(request: PageRequest) -> HttpResponse:
    """The list as filtered, to Excel; for more than a hundred people first what for."""
    question = asked(request)
    if question.programme is None:
        return redirect("training:outstanding_list")
    facts = [
        question.programme.name,
        f"基準日：{era_date(question.day.on)}",
        *question.narrowed,
    ]
    file = _list_file(question, question.programme)
    return export_page(request, file, "未受講者の書き出し", facts, trail(question))


def trail(question: Question) -> list[tuple[str, str]]:
    """The page above: the list as it was filtered."""
    return [("未受講者", f"{reverse('training:outstanding_list')}?{question.full_query}")]


def _list_file(question: Question, programme: Programme) -> ListFile:
    on = question.day.on
    data = question.form.cleaned_data
    return ListFile(
        kind="outstanding",
        filters={
            "programme": programme.code,
            "as_of": on.isoformat(),
            "department": str(data.get("department") or ""),
            "band": question.scope.band,
            "because": question.reason,
        },
        people=len(question.people),
        file_name=f"未受講者_{programme.code}_{on.isoformat()}.xlsx",
        write=lambda: _workbook(question, programme),
    )


def _workbook(question: Question, programme: Programme) -> bytes:
    rows = [
        (
            one.place.staff.number,
            one.place.staff.name,
            one.place.staff.name_kana,
            one.place.department.name,
            one.place.rank.name,
            one.place.rank.get_band_display(),
            one.label,
            one.detail,
            one.invited_on,
        )
        for one in question.people
    ]
    return write_list(
        "未受講者",
        HEADINGS,
        rows,
        notes=_notes(question.roll),
        above=[care_line(f"{programme.name}の未受講者", question.day.on, question.narrowed)],
    )


def _notes(roll: Roll) -> list[str]:
    return [
        CARE_NOTE,
        f"対象者{roll.asked}人のうち、修了{roll.completed}人、免除{len(roll.excused)}人、"
        f"未受講{len(roll.owing)}人です。",
        f"免除の{len(roll.excused)}人と、育休・休職・派遣の{len(roll.on_leave)}人は一覧に含みません。",
    ]
