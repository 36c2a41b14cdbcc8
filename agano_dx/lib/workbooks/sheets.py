"""The sheets of a checked archive, through openpyxl's own parsers. Runs in the child.

`load_workbook` would build a styled object for every cell, every merged cell and every linked
range, and fail on broken charts, filters or validations that nobody here looks at. So the same
parsers are driven row by row: strings, styles, epoch and cell values are openpyxl's (as in its
normal mode with data_only), and places are counted while they come, before memory is spent.
"""

import re
import warnings
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import IO, Any, Final, TypeAlias, cast
from xml.etree.ElementTree import Element, ParseError  # noqa: S405 - types only, parsing is defused
from zipfile import ZipFile

import openpyxl
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import range_boundaries
from openpyxl.worksheet._reader import (
    CELL_TAG,
    COL_TAG,
    DATA_TAG,
    FORMULA_TAG,
    INLINE_STRING,
    ROW_TAG,
    VALUE_TAG,
    WorkSheetParser,
)
from openpyxl.xml.constants import SHEET_MAIN_NS

from agano_dx.lib.workbooks.grid import Grid, Range, Raw, Value
from agano_dx.lib.workbooks.limits import MAX_COLUMN, Refused

# openpyxl's stubs hide its inner parts or say None where there is none.
_Untyped: TypeAlias = Any

_MERGE_TAG: Final = f"{{{SHEET_MAIN_NS}}}mergeCell"
_TEXT_TAG: Final = f"{{{SHEET_MAIN_NS}}}t"
_HOURS: Final = re.compile(r"[hs]", re.IGNORECASE)
_NOT_SIGNS: Final = re.compile(r'"[^"]*"|\\.|\[\$[^\]]*\]')
_EXPAT_NO_MEMORY: Final = 1

_ERA = '[$-411]ggge"年"m"月"d"日"'
_SHORT_ERA = "[$-411]ge.m.d"
# What a Japanese Excel means by numbers it does not spell out (ECMA-376 part 1, 18.8.30, ja-jp);
# openpyxl knows only the common ones and would deliver bare serial numbers.
_JAPANESE_FORMATS: Final[Mapping[int, str]] = MappingProxyType(
    {
        **dict.fromkeys((27, 36, 50, 57), _SHORT_ERA),
        **dict.fromkeys((28, 29, 51, 54, 58), _ERA),
        30: "m/d/yy",
        31: 'yyyy"年"m"月"d"日"',
        32: 'h"時"mm"分"',
        33: 'h"時"mm"分"ss"秒"',
        **dict.fromkeys((34, 52, 55), 'yyyy"年"m"月"'),
        **dict.fromkeys((35, 53, 56), 'm"月"d"日"'),
    }
)


def read_sheets(archive: ZipFile) -> Iterator[Grid | None]:
    """The visible sheets in their order; None stands for a hidden one."""
    if not openpyxl.DEFUSEDXML:
        raise RuntimeError("openpyxl must parse with defusedxml")
    warnings.simplefilter("ignore")
    try:
        yield from _read_sheets(_opened(archive), archive)
    except DefusedXmlException:
        raise Refused("doctype") from None
    except ParseError as error:
        raise Refused("memory" if error.code == _EXPAT_NO_MEMORY else "damaged") from None


def _opened(archive: ZipFile) -> _Untyped:
    reader: _Untyped = ExcelReader(cast(IO[bytes], archive.fp), data_only=True, keep_links=False)
    reader.read_manifest()
    reader.read_strings()
    reader.read_workbook()
    apply_stylesheet(reader.archive, reader.wb)
    return reader


def _read_sheets(reader: _Untyped, archive: ZipFile) -> Iterator[Grid | None]:
    formats = _formats(reader.wb)
    names = set(archive.namelist())
    for sheet, relation in reader.parser.find_sheets():
        if "worksheet" not in relation.Type:
            continue  # a chart or a dialogue on a sheet of its own
        if sheet.state != "visible":
            yield None
        elif relation.target not in names:
            raise Refused("damaged")
        else:
            with archive.open(relation.target) as source:
                yield _SheetReader(source, reader, formats).grid(sheet.name)


def _formats(workbook: _Untyped) -> list[str]:
    """The number format of every cell style; Japanese built-in dates are made known as dates."""
    formats = []
    for index, style in enumerate(workbook._cell_styles):
        number = style.numFmtId
        own = number - BUILTIN_FORMATS_MAX_SIZE
        if 0 <= own < len(workbook._number_formats):
            formats.append(workbook._number_formats[own])
        elif number in _JAPANESE_FORMATS:
            workbook._date_formats.add(index)
            formats.append(_JAPANESE_FORMATS[number])
        else:
            formats.append(BUILTIN_FORMATS.get(number, "General"))
    return formats


class _SheetReader(WorkSheetParser):
    """openpyxl's parser of one sheet, minus everything that is not a cell."""

    def __init__(self, source: IO[bytes], reader: _Untyped, formats: list[str]) -> None:
        book = reader.wb
        super().__init__(
            source,
            reader.shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        self.formats = formats
        self.has_hours = [_HOURS.search(_NOT_SIGNS.sub("", text)) is not None for text in formats]

    def grid(self, name: str) -> Grid:
        grid = Grid(name)
        in_data = True
        for _, element in iterparse(self.source, forbid_dtd=True):
            if element.tag == ROW_TAG and in_data:
                self._row(grid, element)
                element.clear()
            elif element.tag == DATA_TAG:
                in_data = False  # rows that extensions bring along are not the sheet's
            elif element.tag == COL_TAG and _is_hidden(element, "width"):
                last = min(int(element.get("max", 0)), MAX_COLUMN)
                grid.hidden_columns.update(range(int(element.get("min", 0)), last + 1))
            elif element.tag == _MERGE_TAG:
                grid.merged.append(_range(element.get("ref", "")))
        grid.fill_merged()
        return grid

    def _row(self, grid: Grid, element: _Untyped) -> None:
        for stranger in [child for child in element if child.tag != CELL_TAG]:
            element.remove(stranger)
        number, cells = self.parse_row(element)
        self.row_dimensions.clear()  # openpyxl keeps them for writing
        places = [cell for cell in cells if cell["raw"] is not None]
        if places:
            number = self.row_counter = places[0]["row"]
        if any(cell["row"] != number for cell in places):
            raise Refused("damaged")
        grid.place(number, [(cell["column"], cell["raw"]) for cell in places])
        if _is_hidden(element, "ht"):
            grid.hidden_rows.add(number)

    def parse_cell(self, element: Element) -> dict[str, Any]:
        """The cell as openpyxl reads it, with `raw` added: None for a cell that holds nothing."""
        _unwrap_plain_text(element)
        cell: dict[str, Any] = super().parse_cell(element)
        style = cell["style_id"]
        number_format = self.formats[style] if style < len(self.formats) else "General"
        value = cell["value"]
        if value is None or value == "":
            problem = "no_cache" if _lacks_result(element) else ""
            cell["raw"] = Raw(None, number_format, problem) if problem else None
        elif cell["data_type"] == "e":
            cell["raw"] = _error(element, value, number_format)
        else:
            cell["raw"] = self._raw(value, number_format, style)
        return cell

    def _raw(self, value: _Untyped, number_format: str, style: int) -> Raw:
        if isinstance(value, str):
            return Raw(value.replace("_x000D_", "") if "_x" in value else value, number_format)
        if isinstance(value, float) and not -1e308 <= value <= 1e308:
            return Raw(None, number_format, "not_finite")
        if isinstance(value, datetime):
            return Raw(_day_or_moment(value, has_hours=self.has_hours[style]), number_format)
        if isinstance(value, timedelta):
            return Raw(_time_or_text(value), number_format)
        return Raw(value, number_format)


def _unwrap_plain_text(element: Element) -> None:
    """Turn a text without runs, kept in the cell itself, into a plain value.

    openpyxl would build a rich-text object for each: a third of all the time such a sheet takes.
    """
    inline = element.find(INLINE_STRING) if element.get("t") == "inlineStr" else None
    if inline is not None and len(inline) == 1 and inline[0].tag == _TEXT_TAG:
        element.set("t", "str")
        inline.tag = VALUE_TAG
        inline.text = inline[0].text


def _range(reference: str) -> Range:
    left, top, right, bottom = range_boundaries(reference)
    if left is None or top is None or right is None or bottom is None:
        raise Refused("damaged")
    return top, left, bottom, right


def _is_hidden(element: Element, size: str) -> bool:
    """Hidden by the menu, by a filter, or drawn to nothing."""
    extent = element.get(size)
    return element.get("hidden") in {"1", "true"} or (extent is not None and float(extent) == 0)


def _lacks_result(element: Element) -> bool:
    """Whether this is a formula whose result was never stored; an empty text is a result."""
    if element.find(FORMULA_TAG) is None:
        return False
    return element.find(VALUE_TAG) is None or element.get("t") != "str"


def _error(element: Element, value: str, number_format: str) -> Raw:
    if element.get("t") == "e":
        return Raw(None, number_format, "error", value)
    # openpyxl's answer to a serial number outside the calendar
    return Raw(None, number_format, "bad_date", element.findtext(VALUE_TAG) or "")


def _day_or_moment(value: datetime, *, has_hours: bool) -> date | datetime:
    return value if has_hours or value.time() != time() else value.date()


def _time_or_text(value: timedelta) -> Value:
    """A duration: a time of day where one can hold it, else hours and minutes as Excel shows."""
    if timedelta(0) <= value < timedelta(days=1):
        return (datetime.min + value).time()  # noqa: DTZ901 - a duration has no zone
    minutes, seconds = divmod(int(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
