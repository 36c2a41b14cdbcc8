"""Keep how a file is to be read: which sheets, and what their columns hold."""

from dataclasses import replace

from django.db import transaction

from agano_dx.lib import audit
from agano_dx.lib.workbooks.headings import Columns
from staff.models import ColumnMapping, RosterImport, User
from staff.roster.choices import RosterChoices
from staff.services.rosters.locking import lock_waiting


@transaction.atomic
def choose_reading(
    *, roster_import: RosterImport, choices: RosterChoices, by: User | None
) -> RosterImport:
    """Keep which sheets to read and what their columns hold, and remember the columns.

    Only these two of the choices are taken over; what was chosen of departments and ranks stays.
    """
    locked = lock_waiting(roster_import)
    stored = RosterChoices.from_json(locked.choices)
    stored = replace(stored, sheets=choices.sheets, columns=choices.columns)
    locked.choices = stored.as_json()
    locked.save(update_fields=["choices"])
    remember_columns(columns=choices.columns, by=by)
    return locked


@transaction.atomic
def remember_columns(*, columns: Columns, by: User | None) -> None:
    """Keep what was said about the columns of each layout for the next file that has it."""
    before = {
        (mapping.layout, mapping.heading): mapping.field
        for mapping in ColumnMapping.objects.filter(layout__in=columns)
    }
    said = {
        (layout, heading): field
        for layout, fields in columns.items()
        for heading, field in fields.items()
    }
    changed = [
        ColumnMapping(layout=layout, heading=heading, field=field)
        for (layout, heading), field in said.items()
        if before.get((layout, heading)) != field
    ]
    # Another administrator may have said the same at the same moment: the later word holds.
    kept = ColumnMapping.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["layout", "heading"],
        update_fields=["field"],
    )
    audit.record(
        by=by,
        action=audit.UPDATE,
        about=[
            (mapping, {"field": (before.get((mapping.layout, mapping.heading)), mapping.field)})
            for mapping in kept
        ],
    )
