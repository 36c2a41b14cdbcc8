"""Ways from what is told to where it is dealt with."""

from datetime import date

from django.urls import reverse

from leaders.models import Cohort


def cohort_page(on: date) -> str:
    """The page of the cohort that runs on the day, as of it; between two, the list of all."""
    cohort = Cohort.objects.running_on(on)
    if cohort is None:
        return reverse("leaders:cohort_list")
    return f"{cohort.get_absolute_url()}?as_of={on.isoformat()}"
