import logging
import re

import pytest

from agano_dx.lib.workbooks import grid, process, refusals
from agano_dx.lib.workbooks.grid import Grid, Raw
from agano_dx.lib.workbooks.limits import Refused
from agano_dx.lib.workbooks.reading import WorkbookError, read_workbook
from tests import workbook_makers as make

SECRET = "秘密の氏名"
ENTITY = '<!DOCTYPE worksheet [<!ENTITY name "x">]>'


def refusal(data, filename="名簿.xlsx"):
    with pytest.raises(WorkbookError) as caught:
        read_workbook(data, filename)
    return caught.value


def roster():
    return make.small_roster()


def rows(first, last, cells=""):
    return "".join(
        f'<row r="{n}"><c r="A{n}"><v>1</v></c>{cells}</row>' for n in range(first, last)
    )


def row_of(columns):
    return '<row r="9">' + "<c><v>1</v></c>" * columns + "</row>"


def renamed(name):
    return [*make.members(roster()).items(), (name, b"<x/>")]


def with_doctype(encoding):
    xml = make.members(roster())[make.SHEET].decode()
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    return make.with_part(roster(), make.SHEET, (head + ENTITY + xml).encode(encoding))


NASTY = {
    "nothing": ("empty", lambda: b""),
    "only blanks": ("empty", lambda: b" \r\n\t\r\n"),
    "csv of commas": ("empty", lambda: b",,,\r\n,,,\r\n"),
    "workbook without a value": ("empty", make.book),
    "half a file": ("damaged", lambda: roster()[: len(roster()) // 2]),
    "zip signature only": ("damaged", lambda: b"PK\x03\x04 and no more"),
    "cut sheet": (
        "damaged",
        lambda: make.with_sheet(roster(), lambda xml: xml[: len(xml) // 2]),
    ),
    "missing sheet": (
        "damaged",
        lambda: make.zipped({k: v for k, v in make.members(roster()).items() if k != make.SHEET}),
    ),
    "number that is none": (
        "damaged",
        lambda: make.with_rows(roster(), '<row r="9"><c r="A9"><v>abc</v></c></row>'),
    ),
    "text outside the table of texts": (
        "damaged",
        lambda: make.with_rows(roster(), '<row r="9"><c r="A9" t="s"><v>99</v></c></row>'),
    ),
    "bad checksum": ("crc", lambda: make.with_bad_checksum(roster())),
    "lying size": ("crc", lambda: make.with_lying_size(roster())),
    "doctype": ("doctype", lambda: with_doctype("utf-8")),
    "doctype in utf-16": ("doctype", lambda: with_doctype("utf-16")),
    "doctype in a part nobody reads": (
        "doctype",
        lambda: make.with_part(roster(), "customXml/item1.xml", f"{ENTITY}<a/>".encode()),
    ),
    "far cell": (
        "far_cell",
        lambda: make.with_rows(roster(), '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    ),
    "far row": (
        "far_cell",
        lambda: make.with_rows(roster(), '<row r="999999"><c r="A999999"><v>1</v></c></row>'),
    ),
    "too many rows": ("too_many_rows", lambda: make.with_rows(roster(), rows(6, 120_002))),
    "too many columns": ("too_many_columns", lambda: make.with_rows(roster(), row_of(201))),
    "too many rows in csv": ("too_many_rows", lambda: b"1,2\r\n" * 120_001),
    "too many columns in csv": ("too_many_columns", lambda: b"1," * 201),
    "too large": ("too_large", lambda: b"1,2\r\n" * 2_200_000),
    "a member of 1 GiB": ("too_large", lambda: make.with_zeros(roster(), 2**30)),
    "a member of 8 MiB of zeros": ("ratio", lambda: make.with_zeros(roster(), 2**23)),
    "10,001 members": (
        "too_many_members",
        lambda: make.zipped({f"xl/odd/{n}.xml": b"" for n in range(10_001)}),
    ),
    "password": ("password", lambda: make.ole("EncryptedPackage")),
    "encrypted member": ("password", lambda: make.with_encrypted_flag(roster())),
    "xls": ("xls", lambda: make.ole("Workbook")),
    "xlsb": ("xlsb", lambda: make.with_part(roster(), "xl/workbook.bin", b"\x83\x01")),
    "ods": (
        "ods",
        lambda: make.zipped(
            {
                "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                "content.xml": b"<office:document-content/>",
            }
        ),
    ),
    "strict": (
        "strict",
        lambda: make.with_sheet(
            roster(),
            lambda xml: xml.replace(make.MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"),
        ),
    ),
    "Word document": (
        "wrong_type",
        lambda: make.zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}),
    ),
    "plain zip": ("wrong_type", lambda: make.zipped({"readme.txt": b"hello"})),
    "html": ("wrong_type", lambda: b"<html><table><tr><td>1</td></tr></table></html>"),
    "html fragment": ("wrong_type", lambda: b"\xef\xbb\xbf\r\n<table border=1><tr><td>1</td></tr>"),
    "xml": ("wrong_type", lambda: b'<?xml version="1.0"?><Workbook></Workbook>'),
    "pdf": ("wrong_type", lambda: b"%PDF-1.7\n1 0 obj\n"),
    "png": ("wrong_type", lambda: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
    "jpeg": ("wrong_type", lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF"),
    "program": ("wrong_type", lambda: b"MZ\x90\x00\x03"),
    "zeros": ("wrong_type", lambda: bytes(100)),
    "unknown encoding": (
        "csv_encoding",
        lambda: "職員番号,氏名\r\n".encode("euc-jp") + b"\xff\xfd",
    ),
    "open quotation mark": ("csv_damaged", lambda: b'a,b\r\n"1,2\r\n3,4\r\n'),
    "endless cell": ("csv_damaged", lambda: b"a,b\r\n" + b"x" * 40_000),
}


@pytest.mark.parametrize("kind", NASTY)
def test_it_is_refused_in_one_sentence_with_a_reference_number(kind):
    code, maker = NASTY[kind]

    error = refusal(maker())

    assert error.code == code
    sentence, _, reference = str(error).partition("（照会番号 ")
    assert sentence == refusals.SENTENCES[code]
    assert reference == f"{error.reference}）"


@pytest.mark.parametrize("code", refusals.SENTENCES)
def test_every_sentence_is_one_and_whole(code):
    sentence = refusals.SENTENCES[code]

    assert sentence.endswith("ください。")
    assert sentence.count("。") == 1


@pytest.mark.parametrize(
    "name", ["../evil.xml", "xl/../../evil.xml", "/etc/passwd", "xl\\evil.xml", "C:evil.xml"]
)
def test_a_climbing_name_is_refused(name):
    assert refusal(make.zipped(renamed(name))).code == "climbing_name"


@pytest.mark.parametrize("name", [make.SHEET, make.SHEET.upper()])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused(name):
    assert refusal(make.zipped(renamed(name))).code == "duplicate_member"


def test_a_merged_range_over_the_whole_sheet_harms_nobody():
    data = make.with_sheet(roster(), lambda xml: xml.replace("C3:C4", "A1:XFD1048576"))

    [sheet] = read_workbook(data, "").sheets

    assert {cell.value for row in sheet.rows for cell in row.cells} == {"阿賀野市職員名簿"}


def test_a_link_over_the_whole_sheet_harms_nobody():
    link = '<hyperlinks><hyperlink ref="A1:XFD1048576" location="A1"/></hyperlinks>'
    data = make.with_sheet(roster(), lambda xml: xml.replace("<pageMargins", link + "<pageMargins"))

    assert read_workbook(data, "").sheets == read_workbook(roster(), "").sheets


def test_a_sheet_of_too_many_cells_is_refused(monkeypatch):
    monkeypatch.setattr(grid, "MAX_CELLS", 5)
    sheet = Grid("名簿")
    sheet.place(1, [(column, Raw("x")) for column in range(1, 6)])

    with pytest.raises(Refused, match="memory"):
        sheet.place(2, [(1, Raw("x"))])


def test_the_log_gets_code_and_reference_and_nothing_of_the_file(caplog):
    with caplog.at_level(logging.WARNING):
        error = refusal(f'"{SECRET}'.encode(), f"{SECRET}.xlsx")

    [record] = caplog.records
    assert error.reference in record.getMessage()
    assert error.code in record.getMessage()
    assert SECRET not in caplog.text
    assert re.fullmatch("[0-9A-F]{8}", error.reference)


IMPORTS = "import os, signal, sys, time; "
HEAD = b'{"sheet":"x","rows":2,"formats":[],"hidden":[0,0],"merged":[]}\n'
HALF = f"sys.stdout.buffer.write({HEAD!r} + b'[1,[],[]'); sys.stdout.flush(); "
CHILD = (
    "sys.path.append(sys.argv[1]); from agano_dx.lib.workbooks import child; "
    "child._lines = lambda kind, data: %s; child.main('csv')"
)
GREEDY = "bytes(2 ** 31)"


@pytest.mark.parametrize(
    ("code", "program"),
    [
        ("damaged", "os.kill(os.getpid(), signal.SIGKILL)"),
        ("damaged", f"{HALF} os.kill(os.getpid(), signal.SIGKILL)"),
        ("damaged", "sys.exit(1)"),
        ("damaged", "print('garbage')"),
        ("damaged", "print('[]')"),
        ("damaged", "print('{\"sheet\": 1}')"),
        ("damaged", 'print(\'{"refused": "no such code"}\')'),
        ("damaged", "pass"),
        ("memory", CHILD % f"[{GREEDY}]"),
        ("memory", CHILD % f"(line or {GREEDY} for line in ({HEAD!r}, b''))"),
        ("timeout", "time.sleep(60)"),
        ("timeout", f"{HALF} time.sleep(60)"),
        ("timeout", "sys.stdin.buffer.read(1); time.sleep(60)"),
    ],
)
def test_whatever_becomes_of_the_child_the_user_gets_a_sentence(monkeypatch, code, program):
    monkeypatch.setattr(process, "WALL_SECONDS", 1.0)
    monkeypatch.setattr(process, "_START", IMPORTS + program)

    assert refusal(b"1,2\r\n" * 100_000).code == code


def test_the_child_ends_when_its_share_of_the_processor_is_used_up(monkeypatch):
    lower = "child._LIMITS = ((child.resource.RLIMIT_CPU, 1, 2),); "
    busy = (CHILD % "[0 for _ in iter(int, 1)]").replace("child._lines", lower + "child._lines")
    monkeypatch.setattr(process, "_START", IMPORTS + busy)

    assert refusal(b"1,2\r\n").code == "timeout"


def test_the_child_knows_neither_django_nor_the_servers_environment(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    known = "'django' in sys.modules or 'DATABASE_URL' in os.environ"
    answer = f"[child.encoded_refusal('xls' if {known} else 'far_cell')]"
    monkeypatch.setattr(process, "_START", IMPORTS + CHILD % answer)

    assert refusal(b"1,2\r\n").code == "far_cell"


def test_the_child_can_write_nothing(monkeypatch, tmp_path):
    path = tmp_path / "stolen.txt"
    writing = f"open({str(path)!r}, 'w').write('x' * 99999)"
    monkeypatch.setattr(process, "_START", IMPORTS + CHILD % writing)

    assert refusal(b"1,2\r\n").code == "damaged"
    assert path.read_text() == ""
