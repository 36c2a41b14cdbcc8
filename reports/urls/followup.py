"""What a roster left to do."""

from django.urls import path

from reports.views import followup

urlpatterns = [path("rosters/<int:pk>/", followup.roster_followup, name="roster_followup")]
