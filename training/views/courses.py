"""Courses: list, make, edit."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from staff.pages import PageRequest, allow, show
from training.forms.courses import CourseForm
from training.models import Course

PAGE = 50


@require_GET
@allow(lambda access: access.keeps_training)
def course_list(request: PageRequest) -> HttpResponse:
    """All courses with the number of their offerings."""
    courses = Course.objects.annotate(offering_count=Count("offerings")).order_by(
        "category", "title"
    )
    page = Paginator(courses, PAGE).get_page(request.GET.get("page"))
    return show(request, "training/course_list.html", "研修", {"page": page})


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def course_new(request: PageRequest) -> HttpResponse:
    """Make a course."""
    form = CourseForm(request.POST or None)
    return _edit(request, form, "研修の登録", "研修を登録しました。")


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def course_edit(request: PageRequest, pk: int) -> HttpResponse:
    """Change a course."""
    course = get_object_or_404(Course, pk=pk)
    form = CourseForm(request.POST or None, instance=course)
    return _edit(request, form, f"{course.title}の変更", "研修を直しました。")


def _edit(request: PageRequest, form: CourseForm, title: str, done: str) -> HttpResponse:
    if form.is_valid():
        form.save()
        messages.success(request, done)
        return redirect("training:course_list")
    back = reverse("training:course_list")
    context = {"form": form, "back": back}
    return show(request, "training/edit.html", title, context, [("研修", back)])
