"""A reason is owed once a nomination is handed in: a draft without one can be taken back."""

from django.db import migrations, models
from django.db.models import Q


def say_that_none_was_given(apps, schema_editor):
    """Going back: the stricter rule wants words where none were needed."""
    nominations = apps.get_model("leaders", "Nomination").objects
    nominations.filter(reason="").exclude(status="draft").update(reason="（記載なし）")


class Migration(migrations.Migration):
    dependencies = [("leaders", "0007_continuation_each_time")]

    operations = [
        migrations.AlterField(
            model_name="nomination",
            name="reason",
            field=models.TextField(blank=True, max_length=1000, verbose_name="推薦理由"),
        ),
        migrations.RemoveConstraint(
            model_name="nomination", name="leaders_nomination_reason_filled"
        ),
        migrations.AddConstraint(
            model_name="nomination",
            constraint=models.CheckConstraint(
                name="leaders_nomination_reason_filled",
                condition=~Q(status__in=("submitted", "approved")) | ~Q(reason=""),
                violation_error_message="推薦理由を入力してください。",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, say_that_none_was_given),
    ]
