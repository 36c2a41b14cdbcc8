"""The door to the area."""

from django.urls import path

from leaders.views.index import index

urlpatterns = [path("", index, name="index")]
