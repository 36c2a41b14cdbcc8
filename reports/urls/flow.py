"""The flow of a year and the people behind its terms."""

from django.urls import path

from reports.views import flow

urlpatterns = [
    path("flow/", flow.flow_page, name="flow"),
    path("flow/<str:term>/", flow.flow_people, name="flow_people"),
    path("flow/<str:term>/export/", flow.flow_export, name="flow_export"),
]
