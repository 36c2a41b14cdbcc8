"""Courses."""

from typing import Any

from django import forms

from training.models import Category, Course

HELD_CATEGORIES = [choice for choice in Category.choices if choice[0] != Category.LEADER_ACTIVITY]


class CourseForm(forms.ModelForm):
    """A course; its category stays once people have attended it."""

    class Meta:
        model = Course
        fields = ("title", "category", "provider", "hours", "description", "material_url")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", "選んでください"), *HELD_CATEGORIES]  # type: ignore[attr-defined]
        if self.instance.pk and self.instance.offerings.filter(attendances__isnull=False).exists():
            self.fields["category"].disabled = True
