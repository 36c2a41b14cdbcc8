"""Addresses of the leaders app, matter by matter."""

from leaders.urls import cohorts, index, nominations, specialists

app_name = "leaders"
urlpatterns = [
    *index.urlpatterns,
    *cohorts.urlpatterns,
    *nominations.urlpatterns,
    *specialists.urlpatterns,
]
