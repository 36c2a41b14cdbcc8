"""Addresses of the leaders app, matter by matter."""

from leaders.urls import activities, closing, cohorts, deputies, index, nominations, papers, rounds

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
]
