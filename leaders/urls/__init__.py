"""Addresses of the leaders app, matter by matter."""

from leaders.urls import activities, cohorts, index, nominations

app_name = "leaders"
urlpatterns = [
    *index.urlpatterns,
    *cohorts.urlpatterns,
    *nominations.urlpatterns,
    *activities.urlpatterns,
]
