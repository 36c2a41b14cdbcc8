"""Addresses of people, departments and rosters."""

from django.urls import path

from staff.views import (
    accounts,
    departments,
    files,
    import_decisions,
    imports,
    people,
    reading,
    reorganisation,
)

app_name = "staff"
urlpatterns = [
    path("", people.member_list, name="member_list"),
    path("export/", people.member_export, name="member_export"),
    path("accounts/", accounts.account_list, name="account_list"),
    path("accounts/export/", accounts.account_export, name="account_export"),
    path("accounts/open/", accounts.account_open, name="account_open"),
    path("accounts/close/", accounts.account_close, name="account_close"),
    path("accounts/renew/", accounts.account_renew, name="account_renew"),
    path("departments/", departments.department_list, name="department_list"),
    path("departments/new/", reorganisation.department_new, name="department_new"),
    path("departments/<int:pk>/", departments.department_detail, name="department_detail"),
    path("departments/<int:pk>/export/", departments.department_export, name="department_export"),
    path("departments/<int:pk>/order/", departments.department_order, name="department_order"),
    path(
        "departments/<int:pk>/rename/", reorganisation.department_rename, name="department_rename"
    ),
    path("departments/<int:pk>/merge/", reorganisation.department_merge, name="department_merge"),
    path("departments/<int:pk>/split/", reorganisation.department_split, name="department_split"),
    path("departments/<int:pk>/close/", reorganisation.department_close, name="department_close"),
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/template.xlsx", files.roster_template, name="roster_template"),
    path("imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("imports/<int:pk>/reading/", reading.import_reading, name="import_reading"),
    path("imports/<int:pk>/masters/", reading.import_masters, name="import_masters"),
    path("imports/progress/<uuid:token>/", imports.import_progress, name="import_progress"),
    path("imports/<int:pk>/marked.xlsx", import_decisions.import_marked, name="import_marked"),
    path("imports/<int:pk>/decide/", import_decisions.import_decide, name="import_decide"),
    path(
        "imports/<int:pk>/changes/<int:change_pk>/",
        import_decisions.import_change,
        name="import_change",
    ),
    path(
        "imports/<int:pk>/changes/<int:change_pk>/same/",
        import_decisions.import_same_person,
        name="import_same_person",
    ),
    path("imports/<int:pk>/undo/", imports.import_undo, name="import_undo"),
    path("imports/<int:pk>/apply/", imports.import_apply, name="import_apply"),
    path("imports/<int:pk>/discard/", imports.import_discard, name="import_discard"),
    path("roster.<str:extension>", files.roster_export, name="roster_export"),
    path("<str:number>/", people.member_detail, name="member_detail"),
]
