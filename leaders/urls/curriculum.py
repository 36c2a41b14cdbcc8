"""The leaders' curriculum."""

from django.urls import path

from leaders.views import curriculum

urlpatterns = [
    path("curriculum/", curriculum.curriculum, name="curriculum"),
    path("curriculum/export/", curriculum.curriculum_export, name="curriculum_export"),
    path("curriculum/edit/", curriculum.curriculum_edit, name="curriculum_edit"),
]
