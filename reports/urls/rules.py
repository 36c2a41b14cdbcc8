"""Counting rules."""

from django.urls import path

from reports.views import rules

urlpatterns = [
    path("rules/", rules.rule_list, name="rule_list"),
    path("rules/new/", rules.rule_new, name="rule_new"),
    path("rules/<int:pk>/withdraw/", rules.rule_withdraw, name="rule_withdraw"),
]
