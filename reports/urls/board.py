"""The dashboard and the people behind its figures."""

from django.urls import path

from reports.views import dashboard, people

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("people/<str:figure>/", people.people_list, name="people_list"),
    path("people/<str:figure>/export/", people.people_export, name="people_export"),
    path("terms/", people.term_list, name="term_list"),
]
