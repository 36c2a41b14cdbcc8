"""A frozen year keeps the rule it was counted by; a rule set since says nothing about it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("training", "0006_certificates_by_completion")]

    operations = [
        migrations.AddField(
            model_name="frozenyear",
            name="rule",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="frozen_years",
                to="training.countingrule",
                verbose_name="集計ルール",
            ),
        ),
    ]
