"""The groups by which accounts get their roles."""

from django.db import migrations

GROUPS = ("admin", "hr", "manager")


def make(apps, schema_editor):
    """Make the groups that are not there."""
    group = apps.get_model("auth", "Group")
    for name in GROUPS:
        group.objects.using(schema_editor.connection.alias).get_or_create(name=name)


def keep(apps, schema_editor):
    """Back: the groups stay, accounts may hold them; making them again finds them."""


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [migrations.RunPython(make, keep)]
