"""What an import did to the rows of its people, kept so that it can be taken back row for row."""

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any, Final, TypeAlias

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from staff.models import Assignment, ConcurrentPost, Department, Rank, StaffMember, User

# Model label → primary key → field → plain value.
Rows: TypeAlias = dict[str, dict[int, dict[str, Any]]]

# Where the rows of a person stand, by the field that names the person; taken back in this order.
OF_PEOPLE: Final = {
    "staff.ConcurrentPost": "staff_id",
    "staff.Assignment": "staff_id",
    "staff.User": "staff_id",
    "staff.StaffMember": "pk",
}
MASTERS: Final = ("staff.Department", "staff.Rank")
_MODELS: Final[dict[str, type[models.Model]]] = {
    model._meta.label: model
    for model in (Assignment, ConcurrentPost, Department, Rank, StaffMember, User)
}
# An account's password and last sign-in are nobody's history.
_OWN_FIELDS: Final = {"staff.User": ("username",)}


def model_of(label: str) -> type[models.Model]:
    """The model of a label."""
    return _MODELS[label]


def rows_of_people(people: Collection[int]) -> Rows:
    """The rows of these people, one query for each model."""
    return {
        label: _rows(label, {f"{field}__in": list(people)}) for label, field in OF_PEOPLE.items()
    }


def rows_by_key(keys: Mapping[str, Collection[int]]) -> Rows:
    """Rows by model and primary key, one query for each model."""
    return {label: _rows(label, {"pk__in": list(wanted)}) for label, wanted in keys.items()}


def created_since(before: Rows, after: Rows) -> dict[str, dict[str, str]]:
    """Model label → primary key → digest of the row, of the rows that were not there before."""
    found = {
        label: {str(pk): digest(row) for pk, row in rows.items() if pk not in before[label]}
        for label, rows in after.items()
    }
    return {label: rows for label, rows in found.items() if rows}


def changed_since(before: Rows, after: Rows) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Model label → primary key → the changed fields [before, after]."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for label, rows in after.items():
        for pk, row in rows.items():
            was = before[label].get(pk)
            names = [name for name in row if was is not None and was[name] != row[name]]
            if was is not None and names:
                pair = [{name: was[name] for name in names}, {name: row[name] for name in names}]
                found.setdefault(label, {})[str(pk)] = pair
    return found


def digest(row: dict[str, Any]) -> str:
    """By which it is seen that a row is as it was written."""
    plain = json.dumps(row, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def _rows(label: str, wanted: dict[str, Any]) -> dict[int, dict[str, Any]]:
    model = model_of(label)
    names = _OWN_FIELDS.get(label) or [field.attname for field in model._meta.concrete_fields]
    rows = model._base_manager.filter(**wanted).values("pk", *names)
    return {row.pop("pk"): _plain(row) for row in rows}


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(row, cls=DjangoJSONEncoder))
    return plain
