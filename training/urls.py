"""Addresses of the training app."""

from django.urls import path

from training.views import attendance, courses, offerings

app_name = "training"
urlpatterns = [
    path("courses/", courses.course_list, name="course_list"),
    path("courses/new/", courses.course_new, name="course_new"),
    path("courses/<int:pk>/", courses.course_edit, name="course_edit"),
    path("offerings/", offerings.offering_list, name="offering_list"),
    path("offerings/new/", offerings.offering_new, name="offering_new"),
    path("offerings/<int:pk>/", offerings.offering_detail, name="offering_detail"),
    path("offerings/<int:pk>/edit/", offerings.offering_edit, name="offering_edit"),
    path("offerings/<int:pk>/enrol/", offerings.offering_enrol, name="offering_enrol"),
    path(
        "offerings/<int:pk>/attendance/",
        attendance.offering_attendance,
        name="offering_attendance",
    ),
]
