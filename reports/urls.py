"""Addresses of home, health and the reports app."""

from django.urls import include, path

from reports.views import dashboard, followup, health, home, people

reports = [
    path("", dashboard.dashboard, name="dashboard"),
    path("rosters/<int:pk>/", followup.roster_followup, name="roster_followup"),
    path("people/<str:figure>/", people.people_list, name="people_list"),
]
urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("reports/", include((reports, "reports"))),
]
