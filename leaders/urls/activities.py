"""The leader's own page, and activities."""

from django.urls import path

from leaders.views import activities, activity_lists, mine

urlpatterns = [
    path("mine/", mine.mine, name="mine"),
    path("terms/<int:pk>/activities/new/", activities.activity_new, name="activity_new"),
    path("activities/", activity_lists.activity_list, name="activity_list"),
    path("activities/export/", activity_lists.activity_export, name="activity_export"),
    path("activities/print/", activity_lists.activity_print, name="activity_print"),
    path("activities/<int:pk>/", activities.activity_detail, name="activity_detail"),
    path("activities/<int:pk>/edit/", activities.activity_edit, name="activity_edit"),
    path("activities/<int:pk>/comment/", activities.activity_comment, name="activity_comment"),
]
