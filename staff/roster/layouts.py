"""What was said before about the columns of a layout."""

from agano_dx.lib.workbooks.headings import Columns, layouts
from agano_dx.lib.workbooks.reading import Book
from staff.models import ColumnMapping


def remembered_columns(book: Book) -> Columns:
    """Layout → heading → field for every layout that the book may hold, in one query.

    Every row near the top may be a heading, so the fingerprints of all of them are looked up: a
    layout is known again even if nothing in it is in the dictionary.
    """
    possible = {layout for sheet in book.sheets for layout in layouts(sheet)}
    found: dict[str, dict[str, str]] = {}
    known = ColumnMapping.objects.filter(layout__in=possible)
    for layout, heading, field in known.values_list("layout", "heading", "field"):
        found.setdefault(layout, {})[heading] = field
    return found
