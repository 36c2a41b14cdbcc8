"""Addresses of people, departments and rosters."""

from django.urls import path

from staff.views import files, imports, people, reading

app_name = "staff"
urlpatterns = [
    path("", people.member_list, name="member_list"),
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/template.xlsx", files.roster_template, name="roster_template"),
    path("imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("imports/<int:pk>/reading/", reading.import_reading, name="import_reading"),
    path("imports/<int:pk>/masters/", reading.import_masters, name="import_masters"),
    path("imports/<int:pk>/apply/", imports.import_apply, name="import_apply"),
    path("imports/<int:pk>/discard/", imports.import_discard, name="import_discard"),
    path("roster.<str:extension>", files.roster_export, name="roster_export"),
    path("<str:number>/", people.member_detail, name="member_detail"),
]
