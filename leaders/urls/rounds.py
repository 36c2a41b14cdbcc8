"""The round, as HR runs and decides it."""

from django.urls import path

from leaders.views import decisions, recommendations, reminders, rounds

urlpatterns = [
    path("nominations/", rounds.nomination_list, name="nomination_list"),
    path("nominations/export/", rounds.nomination_export, name="nomination_export"),
    path("nominations/<int:pk>/approve/", decisions.nomination_approve, name="nomination_approve"),
    path("nominations/<int:pk>/return/", decisions.nomination_return, name="nomination_return"),
    path("nominations/<int:pk>/paper/", recommendations.recommendation, name="recommendation"),
    path("nominations/round/<int:number>/", rounds.round_edit, name="round_edit"),
    path("nominations/round/<int:number>/close/", rounds.round_close, name="round_close"),
    path("nominations/round/<int:number>/reopen/", rounds.round_reopen, name="round_reopen"),
    path(
        "nominations/round/<int:number>/reminder/", reminders.round_reminder, name="round_reminder"
    ),
    path(
        "nominations/round/<int:number>/approve/",
        decisions.nomination_approve_chosen,
        name="nomination_approve_chosen",
    ),
    path(
        "nominations/round/<int:number>/papers/",
        recommendations.recommendation_batch,
        name="recommendation_batch",
    ),
]
