"""Looking at the leaders' curriculum, and deciding on its courses."""

from typing import Any

from django import forms

from agano_dx.lib.formfields import AskedDayField
from leaders.models import Cohort, Strand
from training.models import Course


class CurriculumFilterForm(forms.Form):
    """Which cohort, and on which day."""

    cohort = forms.ChoiceField(label="期", required=False)
    as_of = AskedDayField()

    def __init__(self, *args: Any, cohorts: list[Cohort], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohort"].choices = [(str(one.number), str(one)) for one in cohorts]  # type: ignore[attr-defined]


class CourseChoice(forms.ModelChoiceField):
    """A course by its title and category."""

    def label_from_instance(self, obj: Course) -> str:
        """業務の見直し方（リーダー活動）."""
        return f"{obj.title}（{obj.get_category_display()}）"


class CurriculumCourseForm(forms.Form):
    """A course that is to count for a strand; offers those that count for none."""

    strand = forms.ChoiceField(
        label="区分",
        choices=[("", "選んでください"), *Strand.choices],
        error_messages={
            "required": "区分を選んでください。",
            "invalid_choice": "区分を選び直してください。",
        },
    )
    course = CourseChoice(
        label="研修",
        queryset=Course.objects.order_by("category", "title"),
        empty_label="選んでください",
        error_messages={
            "required": "研修を選んでください。",
            "invalid_choice": "研修を選び直してください。",
        },
    )
