"""Addresses of what is behind figures, for those who may open it."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from staff.access import Access
from staff.pages import AskedDay, PageRequest


class Links:
    """Addresses on the asked day; empty where the asker may not see every name behind a figure."""

    def __init__(self, request: PageRequest, day: AskedDay) -> None:
        self._access: Access = request.access
        self.as_of = day.on

    @property
    def opens_whole(self) -> bool:
        """Whether the figures of the asker's whole scope may be opened to names."""
        access = self._access
        return access.sees_lists and access.name_units == access.figure_units

    def opens(self, unit_id: int) -> bool:
        """Whether the figures of this unit may be."""
        units = self._access.name_units
        return self._access.sees_lists and (units is None or unit_id in units)

    def people(self, figure: str, on: date | None = None, **narrowed: str) -> str:
        """The people behind a figure of the whole scope."""
        if not self.opens_whole:
            return ""
        return self._to(reverse("reports:people_list", args=[figure]), on, narrowed)

    def people_of(self, unit_id: int, figure: str, **narrowed: str) -> str:
        """The people behind a figure of one unit as the dashboard counts it."""
        return self._people_in("unit", unit_id, figure, narrowed)

    def people_at(self, unit_id: int, figure: str, **narrowed: str) -> str:
        """The people behind a figure who are in this very unit."""
        return self._people_in("place", unit_id, figure, narrowed)

    def _people_in(self, way: str, unit_id: int, figure: str, narrowed: dict[str, str]) -> str:
        if not self.opens(unit_id):
            return ""
        asked = {way: str(unit_id), **narrowed}
        return self._to(reverse("reports:people_list", args=[figure]), None, asked)

    def terms(self, on: date | None = None) -> str:
        """The completed terms of the whole scope."""
        return self._to(reverse("reports:term_list"), on, {}) if self.opens_whole else ""

    def department(self, unit_id: int | str) -> str:
        """A department's page, which has no names for those who may not see them."""
        return self.page("reports:department_detail", unit_id)

    def band(self, band: str) -> str:
        """A band's page."""
        return self.page("reports:band_detail", band)

    def page(self, name: str, *args: str | int, **asked: str) -> str:
        """A page without names of its own, on the same day."""
        return self._to(reverse(name, args=args), None, asked)

    def outstanding(self, code: str) -> str:
        """Who of the whole scope still owes a row of the plan."""
        asked = {"programme": code}
        return (
            self._to(reverse("training:outstanding_list"), None, asked) if self.opens_whole else ""
        )

    def outstanding_of(self, unit_id: int, code: str) -> str:
        """Who of a unit and those under it still owes a row of the plan."""
        if not self.opens(unit_id):
            return ""
        asked = {"programme": code, "department": str(unit_id)}
        return self._to(reverse("training:outstanding_list"), None, asked)

    def _to(self, address: str, on: date | None, narrowed: dict[str, str]) -> str:
        query = urlencode({"as_of": (on or self.as_of).isoformat(), **narrowed})
        return f"{address}?{query}"
