"""Frozen years and comparisons."""

from django.urls import path

from reports.views import comparison, snapshots

urlpatterns = [
    path("snapshots/", snapshots.snapshot_list, name="snapshot_list"),
    path("snapshots/<int:year>/", snapshots.snapshot_detail, name="snapshot_detail"),
    path("snapshots/<int:year>/new/", snapshots.snapshot_new, name="snapshot_new"),
    path("snapshots/<int:year>/export/", snapshots.snapshot_export, name="snapshot_export"),
    path("snapshots/comparison/export/", comparison.comparison_export, name="comparison_export"),
    path("snapshots/comparison/", comparison.comparison, name="comparison"),
]
