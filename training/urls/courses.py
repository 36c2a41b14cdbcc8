"""Courses."""

from django.urls import path

from training.views import courses

urlpatterns = [
    path("courses/", courses.course_list, name="course_list"),
    path("courses/export/", courses.course_export, name="course_export"),
    path("courses/new/", courses.course_new, name="course_new"),
    path("courses/<int:pk>/", courses.course_detail, name="course_detail"),
    path("courses/<int:pk>/edit/", courses.course_edit, name="course_edit"),
]
