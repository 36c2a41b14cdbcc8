"""Courses."""

from typing import Any

from django import forms

from agano_dx.lib.formfields import with_plain_lines
from training.models import Category, Course
from training.services.courses import CATEGORY_STAYS, FIELDS, mark_of


class CourseForm(forms.ModelForm):
    """A course; its category stays once it has people. `seen` marks what stands on the page."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    class Meta:
        model = Course
        fields = FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", "選んでください"), *Category.choices]  # type: ignore[attr-defined]
        if not self.instance.pk:
            del self.fields["seen"]
            return
        self.initial["seen"] = mark_of(self.instance)
        if self.instance.offerings.filter(attendances__isnull=False).exists():
            self.fields["category"].disabled = True

    def clean_category(self) -> str:
        """A page drawn before anybody had a place may still ask for another category."""
        category: str = self.cleaned_data["category"]
        if self.fields["category"].disabled and self.data.get("category", category) != category:
            raise forms.ValidationError(CATEGORY_STAYS)
        return category

    def clean_description(self) -> str:
        """Stored with one kind of line break."""
        return with_plain_lines(self.cleaned_data["description"])

    def let_save_over(self, now: Course) -> None:
        """The reader now sees what somebody else saved: the next saving may replace it."""
        self.data = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        self.data["seen"] = mark_of(now)  # type: ignore[index]
