"""部下の研修: what a head does for their people."""

from django.urls import path

from training.views import team

urlpatterns = [
    path("team/", team.team, name="team"),
    path("team/export/", team.team_export, name="team_export"),
    path("team/offerings/<int:pk>/", team.team_signup, name="team_signup"),
    path("team/places/<int:pk>/withdraw/", team.team_withdraw, name="team_withdraw"),
]
