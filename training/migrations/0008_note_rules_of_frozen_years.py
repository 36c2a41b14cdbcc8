"""Years frozen so far: the rule in force on their last day is what is known of them.

Apart from the column: PostgreSQL makes no index on a table whose rows the same transaction changed.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def note(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Point each frozen year to its rule; none is the plan's default."""
    del schema_editor
    rules = apps.get_model("training", "CountingRule").objects.order_by("-in_force_from")
    for frozen in apps.get_model("training", "FrozenYear").objects.all():
        frozen.rule = rules.filter(in_force_from__lte=frozen.fiscal_year.last_day).first()
        frozen.save(update_fields=["rule"])


class Migration(migrations.Migration):
    dependencies = [("training", "0007_frozen_year_rule")]

    operations = [migrations.RunPython(note, migrations.RunPython.noop)]
