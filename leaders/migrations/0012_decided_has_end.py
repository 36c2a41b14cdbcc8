from django.db import migrations, models


def take_back(apps, schema_editor):
    """A 未修了 that a workbook brought for a term without an end decided nothing."""
    terms = apps.get_model("leaders", "LeaderTerm").objects
    terms.filter(decided_on__isnull=False, ends_on__isnull=True).update(decided_on=None)


class Migration(migrations.Migration):
    dependencies = [("leaders", "0011_comment_author")]

    operations = [
        migrations.RunPython(take_back, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="leaderterm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_on__isnull", True), ("ends_on__isnull", False), _connector="OR"
                ),
                name="leaders_leaderterm_decided_has_end",
                violation_error_message="修了を判定するには退任日が必要です。",
            ),
        ),
    ]
