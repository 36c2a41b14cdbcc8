"""What was recorded before has its place in the new columns, and back."""

from django.db import migrations
from django.db.models import F


def carry_over(apps, schema_editor):
    # The page before asked for the consent in words before a nomination could be handed in.
    nominations = apps.get_model("leaders", "Nomination").objects
    nominations.filter(status__in=["submitted", "approved"]).update(has_consent=True)
    terms = apps.get_model("leaders", "LeaderTerm").objects
    terms.filter(completed=True).update(decided_on=F("ends_on"))
    activities = apps.get_model("leaders", "Activity").objects
    activities.filter(effect_hours__gte=0).update(hours_before=F("effect_hours"), hours_after=0)


def carry_back(apps, schema_editor):
    activities = apps.get_model("leaders", "Activity").objects
    known = activities.filter(hours_before__isnull=False, hours_after__isnull=False)
    known.update(effect_hours=F("hours_before") - F("hours_after"))


class Migration(migrations.Migration):

    dependencies = [("leaders", "0004_rounds_terms_activities")]

    operations = [migrations.RunPython(carry_over, carry_back)]
