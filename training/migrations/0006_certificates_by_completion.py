"""A certificate belongs to a completion: a corrected day of completion gets a paper of its own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("training", "0005_course_material_on_the_web")]

    operations = [
        migrations.AlterField(
            model_name="certificate",
            name="attendance",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="certificates",
                to="training.attendance",
                verbose_name="受講",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(
                fields=("attendance", "completed_on"),
                name="training_certificate_once_per_completion",
            ),
        ),
    ]
