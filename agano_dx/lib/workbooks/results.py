"""Formulas with their results beside them, as Excel itself saves them.

openpyxl writes a formula without what it comes to. Excel reckons it, but not while a file from the
network is only looked at (保護ビュー): there every total would be blank.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

_FORMULA: Final = re.compile(rb'(<c r="(?P<at>[A-Z]+[0-9]+)"[^>]*><f>[^<]*</f>)<v ?/>')
_SHEET: Final = re.compile(r"xl/worksheets/sheet([0-9]+)\.xml")

Results = Mapping[str, int | Fraction]


def with_results(workbook: bytes, results: Mapping[int, Results]) -> bytes:
    """The workbook, with the results of the cells of each sheet, counted from 1."""
    out = BytesIO()
    with ZipFile(BytesIO(workbook)) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for member in source.infolist():
            data = source.read(member)
            sheet = _SHEET.fullmatch(member.filename)
            if sheet and int(sheet[1]) in results:
                data = _filled(data, results[int(sheet[1])])
            target.writestr(member, data)
    return out.getvalue()


def _filled(data: bytes, results: Results) -> bytes:
    def fill(found: re.Match[bytes]) -> bytes:
        place = found["at"].decode()
        if place not in results:
            return found[0]
        return found[1] + b"<v>" + _written(results[place]) + b"</v>"

    return _FORMULA.sub(fill, data)


def _written(value: int | Fraction) -> bytes:
    exact = Fraction(value)
    return str(Decimal(exact.numerator) / exact.denominator).encode()
