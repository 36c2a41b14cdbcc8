from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("leaders", "0005_carry_over")]

    operations = [
        migrations.RemoveField(
            model_name='activity',
            name='effect_hours',
        ),
        migrations.AddConstraint(
            model_name='nomination',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('submitted', 'approved')), _negated=True), ('has_consent', True), _connector='OR'), name='leaders_nomination_consent_given', violation_error_message='本人の承諾を得てから提出してください。'),
        ),
    ]
