"""Offerings: making them, people on them."""

from django.urls import path

from training.views import offerings

urlpatterns = [
    path("offerings/", offerings.offering_list, name="offering_list"),
    path("offerings/new/", offerings.offering_new, name="offering_new"),
    path("offerings/<int:pk>/", offerings.offering_detail, name="offering_detail"),
    path("offerings/<int:pk>/edit/", offerings.offering_edit, name="offering_edit"),
    path("offerings/<int:pk>/enrol/", offerings.offering_enrol, name="offering_enrol"),
]
