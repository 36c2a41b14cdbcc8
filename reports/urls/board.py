"""The dashboard and the people behind its figures."""

from django.urls import path

from reports.views import dashboard, people, terms

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("people/<str:figure>/", people.people_list, name="people_list"),
    path("people/<str:figure>/export/", people.people_export, name="people_export"),
    path("terms/", terms.term_list, name="term_list"),
    path("terms/export/", terms.term_export, name="term_export"),
]
