"""What the database promises about the rows of an app, and how a breach of it is told."""

import re
from collections.abc import Callable, Iterable

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, models, transaction
from factory.django import DjangoModelFactory

Promise = models.BaseConstraint | models.Field
Row = models.Model


def promises(app: str) -> dict[str, tuple[type[Row], Promise]]:
    """Every named constraint of the app, and every field that is unique by itself."""
    found: dict[str, tuple[type[Row], Promise]] = {}
    for model in apps.get_app_config(app).get_models():
        for constraint in model._meta.constraints:
            found[constraint.name] = (model, constraint)
        for field in model._meta.fields:
            if field.unique and not field.primary_key:
                found[str(field)] = (model, field)
    return found


def promise(name: str) -> tuple[type[Row], Promise]:
    """The one of this name; the app is what the name begins with."""
    return promises(re.split(r"[._]", name)[0])[name]


def assert_refused(name: str, broken: Row) -> None:
    """The row cannot be written past all forms, and the database names the promise."""
    model, kept = promise(name)
    assert isinstance(broken, model)
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        model.objects.bulk_create([broken])
    message = str(refusal.value)
    assert all(word in message for word in _told(model, kept)), message


def _told(model: type[Row], kept: Promise) -> list[str]:
    """The words by which this database tells which promise was broken."""
    table = model._meta.db_table
    if isinstance(kept, models.Field):
        return [kept.column, table]
    if isinstance(kept, models.UniqueConstraint) and connection.vendor == "sqlite":
        return [f"{table}.{model._meta.get_field(name).column}" for name in kept.fields]
    return [f'"{kept.name}"' if connection.vendor == "postgresql" else kept.name]


def sentences(app: str) -> dict[str, str]:
    """The constraints of the app that have a sentence for the user."""
    return {
        name: str(kept.violation_error_message)
        for name, (_, kept) in promises(app).items()
        if isinstance(kept, models.BaseConstraint)
        and kept.violation_error_message != kept.default_violation_error_message
    }


def assert_told(name: str, broken: Row, sentence: str) -> None:
    """A form would show exactly this sentence."""
    with pytest.raises(ValidationError) as refusal:
        broken.validate_constraints()
    assert refusal.value.messages == [sentence]
    assert re.search(r"[ぁ-ん]", sentence)
    assert sentence.endswith("。"), name


def choice_fields(rows: Iterable[type[DjangoModelFactory]]) -> list[object]:
    """Every field of these rows that offers choices."""
    return _fields(rows, lambda field: bool(field.choices))


def counting_fields(rows: Iterable[type[DjangoModelFactory]]) -> list[object]:
    """Every field of these rows that holds a number from 0 on."""
    kinds = (models.PositiveIntegerField, models.PositiveSmallIntegerField)
    return _fields(rows, lambda field: isinstance(field, kinds))


def _fields(
    rows: Iterable[type[DjangoModelFactory]], fits: Callable[[models.Field], bool]
) -> list[object]:
    return [
        pytest.param(row, field.name, id=str(field))
        for row in rows
        for field in row._meta.model._meta.fields
        if fits(field)
    ]


def assert_never(row: Callable[[], Row], /, **values: object) -> None:
    """A row like this exists; with these values it cannot, not even by a bulk update."""
    stored = row()
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        type(stored).objects.filter(pk=stored.pk).update(**values)


def assert_covers(app: str, rows: Iterable[type[DjangoModelFactory]]) -> None:
    """Each model of the app has a factory among these."""
    assert {row._meta.model for row in rows} == set(apps.get_app_config(app).get_models())
