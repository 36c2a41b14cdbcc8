"""Courses: list, take the list out, look at, make, edit."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Count, QuerySet, Value, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agano_dx.lib.errors import DomainError
from staff.listings import Listing, take_things
from staff.pages import PageRequest, allow, show
from training.agenda import entries, shown
from training.forms.courses import CourseForm
from training.models import Category, Course
from training.plan_board import to_come, took_place
from training.services.courses import CourseChangedMeanwhileError, save_course

PAGE = 50
HEADINGS = ("区分", "研修名", "実施機関・講師", "時間数", "開催", "予定")


@require_GET
@allow(lambda access: access.sees_figures)
def course_list(request: PageRequest) -> HttpResponse:
    """All courses by category, with how often they were held and are planned."""
    page = Paginator(_courses(timezone.localdate()), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "keeps": request.access.keeps_training}
    return show(request, "training/course_list.html", "研修一覧", context)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_figures)
def course_export(request: PageRequest) -> HttpResponse:
    """The same list, to Excel."""
    today = timezone.localdate()
    listing = Listing(
        kind="courses",
        what="研修",
        on=today,
        headings=HEADINGS,
        rows=[
            (
                course.get_category_display(),
                course.title,
                course.provider,
                course.hours,
                course.held,
                course.planned,
            )
            for course in _courses(today)
        ],
        unit="件",
    )
    return take_things(request, listing, _trail())


def _courses(on: date) -> QuerySet[Course, Any]:
    """All courses by category, with how often they were `held` and are `planned`."""
    categories = [When(category=value, then=Value(n)) for n, value in enumerate(Category.values)]
    return Course.objects.annotate(
        place=Case(*categories),
        held=Count("offerings", filter=took_place(on, "offerings__")),
        planned=Count("offerings", filter=to_come(on, "offerings__")),
    ).order_by("place", "title", "pk")


@require_GET
@allow(lambda access: access.sees_figures)
def course_detail(request: PageRequest, pk: int) -> HttpResponse:
    """A course with its offerings, those to come and those held, the newest first."""
    today = timezone.localdate()
    course = get_object_or_404(Course, pk=pk)
    offerings = course.offerings.all()
    found = shown(offerings).order_by("-starts_on", "-pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "course": course,
        "entries": entries(page.object_list, today),
        "page": page,
        "held": offerings.filter(took_place(today)).count(),
        "planned": offerings.filter(to_come(today)).count(),
        "keeps": request.access.keeps_training,
    }
    return show(request, "training/course_detail.html", course.title, context, _trail())


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def course_new(request: PageRequest) -> HttpResponse:
    """Make a course; `?category=` chooses its category beforehand."""
    form = CourseForm(request.POST or None, initial={"category": request.GET.get("category")})
    if form.is_valid():
        course = form.save()
        messages.success(request, "研修を登録しました。続けて開催回を作れます。")
        return redirect(course)
    context = {"form": form, "back": reverse("training:course_list")}
    return show(request, "edit.html", "研修の登録", context, _trail())


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def course_edit(request: PageRequest, pk: int) -> HttpResponse:
    """Change a course; what somebody else saved meanwhile is shown beside."""
    course = get_object_or_404(Course, pk=pk)
    title, back = course.title, course.get_absolute_url()
    form = CourseForm(request.POST or None, instance=course)
    others: Course | None = None
    if form.is_valid():
        try:
            changed = save_course(
                course=form.save(commit=False), seen=form.cleaned_data["seen"], by=request.user
            )
        except CourseChangedMeanwhileError as refusal:
            form.add_error(None, str(refusal))
            form.let_save_over(refusal.now)
            others = refusal.now
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            told = "研修を直しました。" if changed else "変更はありませんでした。"
            messages.success(request, told)
            return redirect(back)
    context = {"form": form, "back": back, "others": _facts(others) if others else ()}
    above = [*_trail(), (title, back)]
    return show(request, "training/edit_beside.html", "研修の変更", context, above)


def _facts(course: Course) -> list[tuple[str, str]]:
    """What stands there now, under the labels of the form."""
    return [
        ("研修名", course.title),
        ("研修区分", course.get_category_display()),
        ("実施機関・講師", course.provider),
        ("時間数", "" if course.hours is None else str(course.hours)),
        ("内容", course.description),
        ("教材のリンク", course.material_url),
    ]


def _trail() -> list[tuple[str, str]]:
    return [("研修一覧", reverse("training:course_list"))]
