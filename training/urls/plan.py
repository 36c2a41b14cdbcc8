"""The plan and the outlines of its years."""

from django.urls import path

from training.views import plan

urlpatterns = [
    path("plan/", plan.plan, name="plan"),
    path("plan/export/", plan.plan_export, name="plan_export"),
    path("plan/periods/<int:pk>/", plan.period_edit, name="period_edit"),
]
