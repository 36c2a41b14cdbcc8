"""Closing a cohort, and the decisions about its terms."""

from django.urls import path

from leaders.views import closing

urlpatterns = [
    path("cohorts/<int:number>/close/", closing.cohort_close, name="cohort_close"),
    path("terms/<int:pk>/decide/", closing.term_decide, name="term_decide"),
]
