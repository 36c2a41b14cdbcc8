"""Terms."""

from django.urls import path

from leaders.views import terms

urlpatterns = [
    path("terms/<int:pk>/", terms.term_detail, name="term_detail"),
    path("terms/<int:pk>/end/", terms.term_end, name="term_end"),
    path("terms/<int:pk>/continue/", terms.term_continue, name="term_continue"),
    path("terms/<int:pk>/resume/", terms.term_resume, name="term_resume"),
    path("terms/<int:pk>/departure/", terms.term_departure, name="term_departure"),
]
