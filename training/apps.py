"""The training app: the plan's rows, courses, offerings, attendance."""

from importlib import import_module

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """Training."""

    name = "training"
    verbose_name = "研修"

    def ready(self) -> None:
        """Show what this app knows on a person's page and in the preview of a roster."""
        slots = import_module("staff.slots")
        own = import_module("training.slots")
        slots.member_sections.append(own.training_record)
        slots.roster_questions.append(own.booking_contradictions)
