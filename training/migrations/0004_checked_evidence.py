"""What the data step made true stays true."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("training", "0003_reviews_and_checks")]

    operations = [
        migrations.RemoveField(
            model_name='planperiod',
            name='review',
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_on__isnull', False), ('state', 'confirmed')), models.Q(models.Q(('state', 'confirmed'), _negated=True), ('confirmed_on__isnull', True)), _connector='OR'), name='training_evidence_confirmed_has_day'),
        ),
    ]
