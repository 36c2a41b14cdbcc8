"""Addresses of the leaders app, matter by matter."""

from leaders.urls import cohorts, deputies, index, nominations

app_name = "leaders"
urlpatterns = [
    *index.urlpatterns,
    *cohorts.urlpatterns,
    *nominations.urlpatterns,
    *deputies.urlpatterns,
]
