"""Offerings: making them, people on them."""

from django.urls import path

from training.views import cancellation, enrolment, offerings

urlpatterns = [
    path("offerings/", offerings.offering_list, name="offering_list"),
    path("offerings/export/", offerings.offering_export, name="offering_export"),
    path("offerings/new/", offerings.offering_new, name="offering_new"),
    path("offerings/<int:pk>/", offerings.offering_detail, name="offering_detail"),
    path(
        "offerings/<int:pk>/people/export/",
        offerings.participant_export,
        name="participant_export",
    ),
    path("offerings/<int:pk>/edit/", offerings.offering_edit, name="offering_edit"),
    path("offerings/<int:pk>/copy/", offerings.offering_copy, name="offering_copy"),
    path("offerings/<int:pk>/enrol/", enrolment.offering_enrol, name="offering_enrol"),
    path(
        "offerings/<int:pk>/places/<int:place_pk>/",
        enrolment.offering_place,
        name="offering_place",
    ),
    path("offerings/<int:pk>/cancel/", cancellation.offering_cancel, name="offering_cancel"),
    path("offerings/<int:pk>/notice/", cancellation.offering_notice, name="offering_notice"),
]
