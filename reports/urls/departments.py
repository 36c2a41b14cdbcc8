"""The parts of the city: departments and bands of rank."""

from django.urls import path

from reports.views import department_table, departments, rank_bands

urlpatterns = [
    path("departments/", departments.department_list, name="department_list"),
    path(
        "departments/export/",
        department_table.department_table_export,
        name="department_table_export",
    ),
    path("departments/<int:pk>/", departments.department_detail, name="department_detail"),
    path("bands/<str:band>/", rank_bands.band_detail, name="band_detail"),
]
