"""What a file is, decided by its bytes and never by its name."""

import re
from typing import Final, Literal, TypeAlias

from agano_dx.lib.workbooks.limits import MAX_UPLOAD, Refused

Kind: TypeAlias = Literal["zip", "csv"]

UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
# Old host systems end a text file with Ctrl-Z.
END_OF_TEXT: Final = b"\x1a\r\n"

_ZIP = b"PK\x03\x04"
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
# Stream names inside an OLE2 file stand in UTF-16.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OTHER_TEXTS = (b"%PDF", b"%!PS", b"{\\rtf")
_MARKUP = re.compile(rb"<(?:!doctype|\?xml|html|head|meta|style|table|body|svg|script)\b", re.I)
# No text holds these; pictures, archives and programs do within their first bytes.
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")


def kind_of(data: bytes) -> Kind:
    """Whether to read the bytes as a zipped workbook or as CSV; anything else is refused."""
    if not data.strip():
        raise Refused("empty")
    if len(data) > MAX_UPLOAD:
        raise Refused("too_large")
    if data.startswith(_ZIP):
        return "zip"
    if data.startswith(_OLE):
        raise Refused("password" if _ENCRYPTED in data else "xls")
    if not _is_text(data):
        raise Refused("wrong_type")
    return "csv"


def _is_text(data: bytes) -> bool:
    if data.startswith(UTF16_MARKS):
        return True
    if data.startswith(_OTHER_TEXTS) or _is_markup(data):
        return False
    return _CONTROL.search(data.rstrip(END_OF_TEXT)) is None


def _is_markup(data: bytes) -> bool:
    """Whether this is HTML or XML under another name; some systems call that .xls."""
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith(b"<") and _MARKUP.search(head) is not None
