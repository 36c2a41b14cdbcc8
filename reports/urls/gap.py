"""What is lacking, and the shortest way to the next target."""

from django.urls import path

from reports.views import drafts, gap, gap_people

urlpatterns = [
    path("gap/", gap.gap_page, name="gap"),
    path("gap/people/", gap_people.gap_people, name="gap_people"),
    path("gap/people/export/", gap_people.gap_export, name="gap_export"),
    path("gap/offerings/", drafts.gap_offerings, name="gap_offerings"),
]
