"""A list as a page shows it, made into the workbook that may leave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django import forms
from django.http import HttpResponse
from django.utils import timezone

from agano_dx.lib.fiscal import era_date
from agano_dx.lib.workbooks.writing import Content, write_list
from staff.exports import CARE_NOTE, ListFile, care_line, export_page
from staff.pages import PageRequest, Trail


@dataclass(frozen=True, slots=True)
class Listing:
    """All pages of a list, in the order and with the scope of the screen.

    `kind` names it in the audit log, `what` on the screen, the sheet and the file. `filters` and
    `narrowed`: how it was filtered, for the log and in words. `unit`: what a line counts.
    """

    kind: str
    what: str
    on: date
    headings: Sequence[str]
    rows: Sequence[Sequence[Content]]
    filters: Mapping[str, str] = field(default_factory=dict)
    narrowed: Sequence[str] = ()
    unit: str = "人"
    notes: Sequence[str] = ()


def take_people(request: PageRequest, listing: Listing, trail: Trail) -> HttpResponse:
    """Take out a list of people: 取扱注意 in its first line, a reason where it is long."""
    above = care_line(listing.what, listing.on, listing.narrowed)
    notes = (CARE_NOTE, *listing.notes)
    file = ListFile(
        kind=listing.kind,
        filters=_filters(listing),
        people=len(listing.rows),
        file_name=_file_name(listing),
        write=lambda: write_list(listing.what, listing.headings, listing.rows, notes, [above]),
        unit=listing.unit,
    )
    return _page(request, listing, file, trail)


def take_things(request: PageRequest, listing: Listing, trail: Trail) -> HttpResponse:
    """Take out a list that names nobody: no warning, no reason, but its trace."""
    chosen = f"（{'・'.join(listing.narrowed)}）" if listing.narrowed else ""
    above = f"{listing.what}{chosen}　{era_date(listing.on)}現在"
    file = ListFile(
        kind=listing.kind,
        filters=_filters(listing),
        people=0,
        things=len(listing.rows),
        file_name=_file_name(listing),
        write=lambda: write_list(
            listing.what, listing.headings, listing.rows, listing.notes, [above]
        ),
        unit=listing.unit,
    )
    return _page(request, listing, file, trail)


def filters_of(form: forms.Form) -> dict[str, str]:
    """What a valid filter form asks for, for the log. Words typed may be a name: only that some."""
    return {
        name: str(form[name].value()) if isinstance(form.fields[name], forms.ChoiceField) else "1"
        for name in _chosen(form)
    }


def narrowed_by(form: forms.Form) -> list[str]:
    """The same in words, as the choices of the form say it."""
    return [_word(form, name) for name in _chosen(form)]


def moment(at: datetime | None) -> datetime | None:
    """A moment as the clock on the wall shows it: Excel knows no zones."""
    return timezone.make_naive(at) if at else None


def _chosen(form: forms.Form) -> list[str]:
    """The filters in use. A form that cannot be read narrows nothing; the day stands elsewhere."""
    if not form.is_valid():
        return []
    return [
        name
        for name in form.fields
        if name != "as_of" and form.cleaned_data[name] not in (None, "")
    ]


def _word(form: forms.Form, name: str) -> str:
    shown, value = form.fields[name], str(form[name].value())
    if not isinstance(shown, forms.ChoiceField):
        return f"「{value.strip()}」"
    labels = {str(one.data["value"]): str(one.data["label"]) for one in form[name].subwidgets}
    return labels[value].strip()


def _filters(listing: Listing) -> dict[str, str]:
    return {**listing.filters, "as_of": listing.on.isoformat()}


def _file_name(listing: Listing) -> str:
    return f"{listing.what}_{listing.on.isoformat()}.xlsx"


def _page(request: PageRequest, listing: Listing, file: ListFile, trail: Trail) -> HttpResponse:
    facts = [f"基準日：{era_date(listing.on)}", *listing.narrowed]
    return export_page(request, file, f"{listing.what}の書き出し", facts, trail)
