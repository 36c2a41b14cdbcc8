"""アンケート: answering, totals, comments for the personnel office."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agano_dx.lib.errors import DomainError
from staff.listings import Listing, take_things
from staff.pages import PageRequest, allow, show
from training import surveys
from training.forms.results import SurveyForm
from training.models import Attendance, Course, Offering
from training.services.results import AlreadyAnsweredError, answer_survey
from training.views.mine import own_trail

PAGE = 50
QUESTIONS = [label for label, _ in surveys.QUESTIONS.values()]
ALREADY = "このアンケートは回答済みです。ありがとうございました。"


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.staff_id is not None)
def survey_answer(request: PageRequest, pk: int) -> HttpResponse:
    """Answer the survey of an offering one attended, once."""
    today = timezone.localdate()
    place = get_object_or_404(
        Attendance.objects.select_related("offering__course", "survey_answer"),
        pk=pk,
        staff=request.access.staff_id,
    )
    if getattr(place, "survey_answer", None) is not None:
        messages.info(request, ALREADY)
        return redirect("training:mine")
    if not surveys.may_answer(place, today):
        raise Http404
    form = SurveyForm(request.POST or None)
    if form.is_valid():
        try:
            answer_survey(place=place, **form.cleaned_data, by=request.user, today=today)
        except AlreadyAnsweredError:
            messages.info(request, ALREADY)
            return redirect("training:mine")
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "アンケートに回答しました。ありがとうございました。")
            return redirect("training:mine")
    context = {"place": place, "form": form, "closes_on": surveys.closes_on(place)}
    return show(request, "training/survey_answer.html", "受講後アンケート", context, own_trail())


@require_GET
@allow(lambda access: access.sees_figures)
def survey_list(request: PageRequest) -> HttpResponse:
    """The courses with answers, each with its means where they may be shown."""
    page = Paginator(_answered(), PAGE).get_page(request.GET.get("page"))
    rows = surveys.of_courses(list(page), timezone.localdate())
    return show(request, "training/survey_list.html", "アンケート", {"page": page, "rows": rows})


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_figures)
def survey_export(request: PageRequest) -> HttpResponse:
    """The same totals, to Excel. Means stay empty where the page does not show them."""
    today = timezone.localdate()
    listing = Listing(
        kind="surveys",
        what="アンケート",
        on=today,
        headings=("研修", "区分", "回答", "対象", "回答率（％）", *QUESTIONS),
        rows=[
            (
                row.course.title,
                row.course.get_category_display(),
                row.totals.answers,
                row.totals.attended,
                row.totals.rate,
                *(question.mean for question in row.totals.questions),
            )
            for row in surveys.of_courses(list(_answered()), today)
        ],
        unit="件",
        notes=("平均は5段階です。回答が5件未満のものは、平均を空欄にしています。",),
    )
    return take_things(request, listing, _trail())


def _answered() -> QuerySet[Course]:
    """The courses with answers."""
    courses = Course.objects.filter(offerings__attendances__survey_answer__isnull=False)
    return courses.distinct().order_by("category", "title")


@require_GET
@allow(lambda access: access.sees_figures)
def survey_course(request: PageRequest, pk: int) -> HttpResponse:
    """The answers about a course as a whole, and offering by offering."""
    course = get_object_or_404(Course, pk=pk)
    [found] = surveys.of_courses([course], timezone.localdate())
    page = Paginator(found.offerings, PAGE).get_page(request.GET.get("page"))
    context = {
        "course": course,
        "totals": found.totals,
        "page": page,
        "reads_comments": request.access.is_hr,
    }
    title = f"アンケート：{course.title}"
    return show(request, "training/survey_course.html", title, context, _trail())


@require_GET
@allow(lambda access: access.is_hr)
def survey_comments(request: PageRequest, pk: int) -> HttpResponse:
    """What was written about a course, without names."""
    course = get_object_or_404(Course, pk=pk)
    [found] = surveys.of_courses([course], timezone.localdate())
    written = surveys.comments(surveys.commented(found))
    page = Paginator(written, PAGE).get_page(request.GET.get("page"))
    context = {"course": course, "page": page}
    title = f"自由記述：{course.title}"
    return show(request, "training/survey_comments.html", title, context, _trail(course))


@require_GET
@allow(lambda access: access.sees_figures)
def survey_offering(request: PageRequest, pk: int) -> HttpResponse:
    """The answers about one offering; to the personnel office also what was written."""
    offering = get_object_or_404(
        Offering.objects.select_related("course").prefetch_related("days"), pk=pk
    )
    totals = surveys.of_offering(offering)
    reads_comments = request.access.is_hr and bool(totals.questions)
    written = surveys.comments([offering.pk]) if reads_comments else []
    context = {
        "offering": offering,
        "totals": totals,
        "reads_comments": reads_comments,
        "page": Paginator(written, PAGE).get_page(request.GET.get("page")),
    }
    return show(
        request,
        "training/survey_offering.html",
        "開催回のアンケート",
        context,
        _trail(offering.course),
    )


def _trail(course: Course | None = None) -> list[tuple[str, str]]:
    above = [("アンケート", reverse("training:survey_list"))]
    if course is not None:
        above.append((course.title, reverse("training:survey_course", args=[course.pk])))
    return above
