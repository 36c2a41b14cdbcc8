"""Addresses of the leaders app, matter by matter."""

from leaders.urls import (
    activities,
    closing,
    cohorts,
    curriculum,
    deputies,
    index,
    nominations,
    papers,
    rounds,
    specialists,
    terms,
    undoing,
    uploads,
)

app_name = "leaders"
urlpatterns = [
    *index.urlpatterns,
    *cohorts.urlpatterns,
    *nominations.urlpatterns,
    *closing.urlpatterns,
    *papers.urlpatterns,
    *activities.urlpatterns,
    *rounds.urlpatterns,
    *deputies.urlpatterns,
    *curriculum.urlpatterns,
    *uploads.urlpatterns,
    *terms.urlpatterns,
    *undoing.urlpatterns,
    *specialists.urlpatterns,
]
