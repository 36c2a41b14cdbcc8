"""Makes workbooks for the tests: a small good one, and from it the nasty ones."""

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from string import ascii_uppercase
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from openpyxl import Workbook

SAMPLE_CITY = Path(__file__).resolve().parents[1] / "fixtures" / "sample_city"
SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEADINGS = ("職員番号", "氏名", "所属", "採用日")


def saved(workbook):
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def book(*rows, name="名簿"):
    """A workbook with these rows on its only sheet."""
    workbook = Workbook()
    workbook.active.title = name
    for row in rows:
        workbook.active.append(row)
    return saved(workbook)


def small_roster():
    """Three people, a merged department, a padded number, a date, an error and a percentage."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "名簿"
    sheet.append(("阿賀野市職員名簿", "令和７年４月１日現在", "見本", "秘"))
    sheet.append(HEADINGS)
    sheet.append(("000101", "髙橋　一郎", "総務課", date(2005, 4, 1)))
    sheet.append((12, "山﨑 花子", "", date(2025, 4, 1)))
    sheet.append(("000103", "𠮷田　太郎", "#N/A", 0.25))
    sheet.merge_cells("C3:C4")
    sheet["A4"].number_format = "00000"
    sheet["D5"].number_format = "0%"
    return saved(workbook)


def members(data):
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts, compression=ZIP_DEFLATED):
    """An archive of these parts; `parts` is a mapping, or pairs where a name may come twice."""
    out = BytesIO()
    with ZipFile(out, "w", compression) as archive:
        for name, content in parts.items() if isinstance(parts, dict) else parts:
            archive.writestr(ZipInfo(name), content, compression)
    return out.getvalue()


def with_part(data, name, content):
    return zipped(members(data) | {name: content})


def with_sheet(data, change: Callable[[str], str]):
    """The workbook with the XML of its first sheet changed."""
    sheet = members(data)[SHEET].decode()
    changed = change(sheet)
    assert changed != sheet
    return with_part(data, SHEET, changed.encode())


def with_rows(data, rows):
    """The workbook with these rows (XML) added after its own."""
    return with_sheet(data, lambda xml: xml.replace("</sheetData>", rows + "</sheetData>"))


def with_dimension(data, reference):
    """The workbook that says this of how far its sheet reaches; "" says nothing."""
    element = f'<dimension ref="{reference}" />' if reference else ""

    def change(xml):
        without = re.sub(r"<dimension [^>]*/>", "", xml)
        return without.replace("<sheetViews>", f"{element}<sheetViews>", 1)

    return with_sheet(data, change)


def with_byte_order_mark(data):
    parts = members(data)
    return zipped(
        {
            name: b"\xef\xbb\xbf" + content if name.endswith((".xml", ".rels")) else content
            for name, content in parts.items()
        }
    )


def stored(data):
    return zipped(members(data), ZIP_STORED)


def with_blank_rows(data, count=5000):
    """Rows without a value after the last one, formatted as Excel leaves them behind."""
    first = 1 + max(int(n) for n in re.findall(r'<row r="(\d+)"', members(data)[SHEET].decode()))
    numbers = range(first, first + count)
    rows = (f'<row r="{n}" ht="15"><c r="A{n}" s="1" /></row>' for n in numbers)
    return with_rows(data, "".join(rows))


def without_cell_references(data):
    """Rows and cells are where they are because of what stands before them."""
    widest = max(re.findall(r'<c r="([A-Z])\d+"', members(data)[SHEET].decode()))
    letters = ascii_uppercase[: 1 + ascii_uppercase.index(widest)]

    def change(row):
        cells = re.findall(r'<c r="([A-Z])\d+"([^>]*?/>|.*?</c>)', row[0])
        by_letter = dict(cells)
        return "<row>" + "".join(f"<c {by_letter.get(each, '/>')}" for each in letters) + "</row>"

    return with_sheet(data, lambda xml: re.sub(r"<row .*?</row>", change, xml))


def with_unknown_extensions(data):
    """Elements nobody knows: in a row, in a cell, after the data, and a whole part of the file."""
    stray = (
        f'<x:odd xmlns:x="urn:odd"><row xmlns="{MAIN}" r="3"><c r="A3"><v>9</v></c></row></x:odd>'
    )
    ext = f'<extLst><ext uri="{{00000000-0000-0000-0000-000000000000}}">{stray}</ext></extLst>'

    def change(xml):
        xml = xml.replace("</row>", ext + "</row>", 1).replace("</c>", ext + "</c>", 1)
        return xml.replace("</worksheet>", ext + "</worksheet>")

    return with_part(with_sheet(data, change), "xl/odd/odd1.xml", b"<odd/>")


SAME = {
    "lying dimension": lambda data: with_dimension(data, "A1"),
    "missing dimension": lambda data: with_dimension(data, ""),
    "far dimension": lambda data: with_dimension(data, "A1:XFD1048576"),
    "byte-order mark": with_byte_order_mark,
    "stored": stored,
    "5,000 blank rows": with_blank_rows,
    "no cell references": without_cell_references,
    "unknown extensions": with_unknown_extensions,
}


def with_bad_checksum(data):
    """One byte of the sheet changed after it was stored."""
    whole = stored(data)
    at = whole.index("令和".encode())
    return whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]


def with_lying_size(data, name=SHEET, declared=100):
    """The directory says that the member is smaller than it is."""
    raw = bytearray(data)
    central = raw.index(b"PK\x01\x02")
    while raw[central + 46 : central + 46 + len(name)] != name.encode():
        central = raw.index(b"PK\x01\x02", central + 4)
    raw[central + 24 : central + 28] = declared.to_bytes(4, "little")
    return bytes(raw)


def with_encrypted_flag(data):
    raw = bytearray(data)
    central = raw.index(b"PK\x01\x02")
    raw[central + 8] |= 1
    return bytes(raw)


def with_zeros(data, size):
    """The workbook with one more member of so many zero bytes; small on disk."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in members(data).items():
            archive.writestr(name, content)
        with archive.open("xl/media/zeros.bin", "w", force_zip64=True) as member:
            for _ in range(size // 2**20):
                member.write(bytes(2**20))
    return out.getvalue()


def ole(stream):
    """The beginning of an OLE2 file that names this stream."""
    header = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504)
    return header + stream.encode("utf-16-le") + bytes(512)
