"""Specialists: the table, candidates, designations, the look ahead; wishes and notes."""

from django.urls import path

from leaders.views import candidates, confided, designations, specialists

_ONE = "specialists/candidates/<str:number>/"

urlpatterns = [
    path("specialists/", specialists.specialist_list, name="specialist_list"),
    path("specialists/export/", specialists.specialist_export, name="specialist_export"),
    path("specialists/outlook/", specialists.specialist_outlook, name="specialist_outlook"),
    path("specialists/candidates/", candidates.specialist_candidates, name="specialist_candidates"),
    path(
        "specialists/candidates.xlsx",
        candidates.specialist_candidate_export,
        name="specialist_candidate_export",
    ),
    path(_ONE, candidates.specialist_candidate, name="specialist_candidate"),
    path(f"{_ONE}designate/", designations.designation_new, name="designation_new"),
    path(f"{_ONE}suitability/", confided.suitability_edit, name="suitability_edit"),
    path(f"{_ONE}wish/", confided.transfer_request_hear, name="transfer_request_hear"),
    path(
        "specialists/designations/<int:pk>/end/",
        designations.designation_end,
        name="designation_end",
    ),
    path("transfer-request/", confided.transfer_request, name="transfer_request"),
]
