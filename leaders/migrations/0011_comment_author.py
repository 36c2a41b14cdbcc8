from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leaders", "0010_reason_when_handed_in")]

    operations = [
        migrations.AddField(
            model_name="activitycomment",
            name="written_as",
            field=models.CharField(
                choices=[("leader", "推進リーダー"), ("head", "部署長"), ("hr", "人事担当")],
                # Nobody could write a comment before this.
                default="hr",
                max_length=10,
                verbose_name="立場",
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="activitycomment",
            constraint=models.CheckConstraint(
                condition=models.Q(("written_as__in", ["leader", "head", "hr"])),
                name="leaders_activitycomment_author_known",
            ),
        ),
    ]
