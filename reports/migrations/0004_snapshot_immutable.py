"""A frozen year's figures get a digest, and the database refuses to change them.

On SQLite a later change of the table builds it anew and loses the trigger: such a migration has
to set it again. A deletion is refused on PostgreSQL alone: SQLite's test databases are emptied by
deleting.
"""

from typing import Any

from django.db import migrations, models

SET = {
    "sqlite": (
        "CREATE TRIGGER reports_snapshot_immutable BEFORE UPDATE ON reports_snapshot "
        "BEGIN SELECT RAISE(ABORT, 'reports_snapshot is immutable'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION reports_snapshot_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'reports_snapshot is immutable' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$",
        "CREATE TRIGGER reports_snapshot_immutable BEFORE UPDATE OR DELETE ON reports_snapshot "
        "FOR EACH ROW EXECUTE FUNCTION reports_snapshot_refuse()",
    ),
}
LIFT = {
    "sqlite": ("DROP TRIGGER reports_snapshot_immutable",),
    "postgresql": (
        "DROP TRIGGER reports_snapshot_immutable ON reports_snapshot",
        "DROP FUNCTION reports_snapshot_refuse()",
    ),
}


def _set(_apps: Any, schema_editor: Any) -> None:
    for statement in SET[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def _lift(_apps: Any, schema_editor: Any) -> None:
    for statement in LIFT[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_target_fraction_whole")]

    operations = [
        migrations.AddField(
            model_name="snapshot",
            name="digest",
            field=models.CharField(
                default="", editable=False, max_length=64, verbose_name="照合値"
            ),
            preserve_default=False,
        ),
        migrations.RunPython(_set, _lift),
    ]
