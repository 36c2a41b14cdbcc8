"""Taking back what was decided."""

from django.urls import path

from leaders.views import undoing

urlpatterns = [
    path("terms/<int:pk>/cancel/", undoing.term_cancel, name="term_cancel"),
    path("terms/<int:pk>/undecide/", undoing.term_undecide, name="term_undecide"),
    path("cohorts/<int:number>/reopen/", undoing.cohort_reopen, name="cohort_reopen"),
    path(
        "specialists/designations/<int:pk>/cancel/",
        undoing.designation_cancel,
        name="designation_cancel",
    ),
]
