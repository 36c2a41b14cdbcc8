"""Nominating."""

from django.urls import path

from leaders.views import nominations

urlpatterns = [
    path(
        "nominations/new/<int:cohort>/<str:department>/",
        nominations.nomination_new,
        name="nomination_new",
    ),
    path("nominations/<int:pk>/", nominations.nomination_detail, name="nomination_detail"),
    path("nominations/<int:pk>/edit/", nominations.nomination_edit, name="nomination_edit"),
    path(
        "nominations/<int:pk>/withdraw/",
        nominations.nomination_withdraw,
        name="nomination_withdraw",
    ),
]
