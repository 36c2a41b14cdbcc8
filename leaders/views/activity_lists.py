"""Activities of a cohort: the list with its totals, the workbook, the paper for the meeting."""

from collections.abc import Iterable

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agano_dx.lib import audit
from agano_dx.lib.filters import amount
from agano_dx.lib.workbooks.writing import Content, write_list
from leaders.activities import ActivityRow, rows_of
from leaders.views.activity_question import Question, asked
from staff.exports import CARE_NOTE, ListFile, care_line, export_page
from staff.pages import PageRequest, Trail, allow, show

PAGE = 50
LAYOUTS = {"list": "一覧にまとめる", "sheets": "1件を1枚にする"}
HEADINGS = (
    "期",
    "部署",
    "職員番号",
    "推進リーダー",
    "テーマ",
    "状態",
    "課題",
    "計画",
    "使うツール",
    "取組前の作業時間（年間）",
    "取組後の作業時間（年間）",
    "減る時間（年間）",
    "効果（時間のほか）",
    "一緒に取り組む人",
    "協力する部署・人",
    "手順の数",
    "済んだ手順",
    "次の手順",
    "次の手順の予定日",
)


@require_GET
@allow(lambda access: access.sees_lists)
def activity_list(request: PageRequest) -> HttpResponse:
    """The activities of a cohort: all for HR, of their departments for heads."""
    question, today = asked(request), timezone.localdate()
    page = Paginator(question.activities, PAGE).get_page(request.GET.get("page"))
    context = {
        "question": question,
        "form": question.form,
        "totals": question.totals(),
        "page": page,
        "rows": rows_of(page.object_list, request.access, today),
        "is_whole": request.access.sees_everyone,
    }
    return show(request, "leaders/activity_list.html", "活動", context)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_lists)
def activity_export(request: PageRequest) -> HttpResponse:
    """The list as filtered, to Excel; for more than a hundred rows first what for."""
    question = asked(request)
    rows = rows_of(question.activities, request.access, timezone.localdate())
    if question.cohort is None:
        return redirect("leaders:activity_list")
    facts = [str(question.cohort), *question.narrowed]
    file = _list_file(question, rows)
    return export_page(request, file, "活動の書き出し", facts, _trail(question))


@require_GET
@allow(lambda access: access.sees_lists)
def activity_print(request: PageRequest) -> HttpResponse:
    """For the report meeting: a cover with the totals, then a list or one activity a sheet."""
    question = asked(request)
    rows = rows_of(question.activities, request.access, timezone.localdate())
    asked_layout = request.GET.get("layout", "")
    layout = asked_layout if asked_layout in LAYOUTS else "list"
    if question.cohort is not None:
        audit.looked_at(question.cohort, by=request.user, print="activities", rows=len(rows))
    context = {
        "question": question,
        "totals": question.totals(),
        "rows": rows,
        "layouts": list(LAYOUTS.items()),
        "layout": layout,
        "today": timezone.localdate(),
        "is_whole": request.access.sees_everyone,
    }
    return show(request, "leaders/activity_print.html", "活動の印刷", context, _trail(question))


def _trail(question: Question) -> Trail:
    """The page above: the list as it was filtered."""
    return [("活動", f"{reverse('leaders:activity_list')}?{question.query}")]


def _list_file(question: Question, rows: list[ActivityRow]) -> ListFile:
    data = question.form.cleaned_data
    cohort = str(question.cohort.number) if question.cohort else ""
    return ListFile(
        kind="activities",
        filters={
            "cohort": cohort,
            "department": data.get("department", ""),
            "status": data.get("status", ""),
            # Words typed may be a name: the log tells only that there were some.
            "words": "1" if data.get("q") else "",
        },
        people=len(rows),
        file_name=f"活動_第{cohort}期_{timezone.localdate().isoformat()}.xlsx",
        write=lambda: _workbook(question, rows),
        unit="件",
    )


def _workbook(question: Question, rows: list[ActivityRow]) -> bytes:
    figures = question.totals().figures
    notes = [
        CARE_NOTE,
        "作業時間は、部署全体の1年間の時間数です。減る時間＝取組前－取組後です。",
        f"{question.cohort}の活動は{figures.going}件（中止{figures.stopped}件を除く）、そのうち"
        f"作業時間が両方入力された{figures.measured}件の減る時間の合計は年間{amount(figures.saved)}時間です。",
    ]
    return write_list(
        "活動",
        HEADINGS,
        _lines(rows),
        notes=notes,
        above=[
            care_line(
                f"{question.cohort}の推進リーダーの活動", timezone.localdate(), question.narrowed
            )
        ],
    )


def _lines(rows: Iterable[ActivityRow]) -> list[tuple[Content, ...]]:
    return [
        (
            str(row.activity.term.cohort),
            row.department.name,
            row.activity.term.staff.number,
            row.activity.term.staff.name,
            row.activity.theme,
            row.activity.get_status_display(),
            row.activity.problem,
            row.activity.plan,
            row.activity.tools,
            row.activity.hours_before,
            row.activity.hours_after,
            row.activity.saved_hours,
            row.activity.effect,
            "、".join(row.fellows),
            row.activity.partners,
            len(row.activity.steps.all()),
            row.done,
            row.next_step.text if row.next_step else "",
            row.next_step.due_on if row.next_step else None,
        )
        for row in rows
    ]
