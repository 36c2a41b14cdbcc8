"""Addresses of people, departments and rosters."""

from django.urls import path

from staff.views import departments, imports, people, reorganisation

app_name = "staff"
urlpatterns = [
    path("", people.member_list, name="member_list"),
    path("departments/", departments.department_list, name="department_list"),
    path("departments/new/", reorganisation.department_new, name="department_new"),
    path("departments/<int:pk>/", departments.department_detail, name="department_detail"),
    path("departments/<int:pk>/order/", departments.department_order, name="department_order"),
    path(
        "departments/<int:pk>/rename/", reorganisation.department_rename, name="department_rename"
    ),
    path("departments/<int:pk>/merge/", reorganisation.department_merge, name="department_merge"),
    path("departments/<int:pk>/split/", reorganisation.department_split, name="department_split"),
    path("departments/<int:pk>/close/", reorganisation.department_close, name="department_close"),
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("imports/<int:pk>/apply/", imports.import_apply, name="import_apply"),
    path("imports/<int:pk>/discard/", imports.import_discard, name="import_discard"),
    path("<str:number>/", people.member_detail, name="member_detail"),
]
