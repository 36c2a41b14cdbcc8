"""Reviews get a row of their own a year; evidence with a day of confirmation is confirmed."""

from django.db import migrations
from django.db.migrations.state import StateApps


def forward(apps: StateApps, schema_editor: object) -> None:
    """A period's review text becomes the review of its first year."""
    period = apps.get_model("training", "PlanPeriod")
    review = apps.get_model("training", "PlanReview")
    review.objects.bulk_create(
        review(fiscal_year=one.first_year, text=one.review)
        for one in period.objects.exclude(review="")
    )
    evidence = apps.get_model("training", "Evidence")
    evidence.objects.filter(confirmed_on__isnull=False).update(state="confirmed")


def back(apps: StateApps, schema_editor: object) -> None:
    """The reviews of a period's years stand in one text again."""
    review = apps.get_model("training", "PlanReview")
    for one in apps.get_model("training", "PlanPeriod").objects.all():
        years = review.objects.filter(fiscal_year__range=(one.first_year, one.last_year))
        one.review = "\n".join(years.order_by("fiscal_year").values_list("text", flat=True))
        one.save(update_fields=["review"])
    review.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("training", "0002_training_year")]

    operations = [migrations.RunPython(forward, back)]
