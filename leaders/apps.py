"""The leaders app: cohorts, nominations, terms, specialists."""

from importlib import import_module

from django.apps import AppConfig


class LeadersConfig(AppConfig):
    """Leaders and specialists."""

    name = "leaders"
    verbose_name = "推進リーダー"

    def ready(self) -> None:
        """Show what this app knows of people, of a roster's changes, of units about to change."""
        slots, own = import_module("staff.slots"), import_module("leaders.slots")
        slots.member_sections.append(own.leader_terms)
        slots.roster_questions.append(own.leader_contradictions)
        slots.department_notes.append(own.leaders_concerned)
        slots.member_sections.append(own.specialist_designations)
        slots.own_business["leaders:index"] = own.has_business
        slots.own_business["leaders:mine"] = own.has_led
        slots.own_business["leaders:transfer_request"] = own.is_asked
