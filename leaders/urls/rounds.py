"""The round, as HR runs and decides it."""

from django.urls import path

from leaders.views import decisions, recommendations, reminders, rounds

urlpatterns = [
    path("nominations/", rounds.nomination_list, name="nomination_list"),
    path("nominations/<int:pk>/approve/", decisions.nomination_approve, name="nomination_approve"),
    path("nominations/<int:pk>/return/", decisions.nomination_return, name="nomination_return"),
    path("nominations/<int:pk>/paper/", recommendations.recommendation, name="recommendation"),
    path("cohorts/<int:number>/round/", rounds.round_edit, name="round_edit"),
    path("cohorts/<int:number>/round/close/", rounds.round_close, name="round_close"),
    path("cohorts/<int:number>/round/reopen/", rounds.round_reopen, name="round_reopen"),
    path("cohorts/<int:number>/round/reminder/", reminders.round_reminder, name="round_reminder"),
    path(
        "cohorts/<int:number>/round/approve/",
        decisions.nomination_approve_chosen,
        name="nomination_approve_chosen",
    ),
    path(
        "cohorts/<int:number>/round/papers/",
        recommendations.recommendation_batch,
        name="recommendation_batch",
    ),
]
