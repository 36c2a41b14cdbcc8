"""The zip archive of a workbook, checked before anything in it is parsed. Runs in the child."""

import zlib
from collections.abc import Iterable
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, LargeZipFile, ZipFile, ZipInfo

from agano_dx.lib.workbooks.limits import (
    MAX_INFLATED,
    MAX_MEMBERS,
    MAX_RATIO,
    MEBIBYTE,
    RATIO_MATTERS_FROM,
    Refused,
)

_ENCRYPTED: Final = 0x1
# Pictures (SVG) may carry a DOCTYPE; nobody parses them here.
_PICTURES: Final = "xl/media/"
_DOCTYPE: Final = b"<!doctype"
_CHUNK: Final = MEBIBYTE
_STRICT: Final = b"http://purl.oclc.org/ooxml/spreadsheetml/main"


def checked_archive(data: bytes) -> ZipFile:
    """The archive, after its directory, its sizes and every byte of its members were checked."""
    try:
        archive = ZipFile(BytesIO(data))
    except (BadZipFile, LargeZipFile, ValueError, NotImplementedError):
        raise Refused("damaged") from None
    members = archive.infolist()
    _check_names(members)
    _check_sizes(members, len(data))
    _check_kind(archive)
    inflated = 0
    for member in members:
        inflated += _check_content(archive, member, MAX_INFLATED - inflated)
    return archive


def _check_names(members: list[ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        raise Refused("too_many_members")
    names = [member.orig_filename for member in members]
    if any(_climbs(name) for name in names):
        raise Refused("climbing_name")
    # Part names are compared without case, ECMA-376 part 2.
    if len({name.casefold() for name in names}) < len(names):
        raise Refused("duplicate_member")


def _climbs(name: str) -> bool:
    return name.startswith("/") or any(sign in name for sign in "\\:\0") or ".." in name.split("/")


def _check_sizes(members: Iterable[ZipInfo], packed: int) -> None:
    total = 0
    for member in members:
        if member.flag_bits & _ENCRYPTED:
            raise Refused("password")
        if member.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise Refused("damaged")
        total += member.file_size
        if total > MAX_INFLATED:
            raise Refused("too_large")
        if member.file_size > max(RATIO_MATTERS_FROM, MAX_RATIO * member.compress_size):
            raise Refused("ratio")
    if total > MAX_RATIO * packed:
        raise Refused("ratio")


def _check_kind(archive: ZipFile) -> None:
    names = set(archive.namelist())
    if "xl/workbook.bin" in names:
        raise Refused("xlsb")
    if "mimetype" in names and "content.xml" in names:
        raise Refused("ods")
    if "EncryptedPackage" in names:
        raise Refused("password")
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise Refused("wrong_type")


def _check_content(archive: ZipFile, member: ZipInfo, room: int) -> int:
    """Inflate one member, to be thrown away: size, checksum and DOCTYPE. Gives its real size."""
    size = 0
    tail = b""
    parsed = not member.filename.startswith(_PICTURES)
    try:
        with archive.open(member) as content:
            while chunk := content.read(_CHUNK):
                size += len(chunk)
                if size > room:
                    raise Refused("too_large")
                if parsed:
                    tail = _scan(tail, chunk)
    except BadZipFile as error:
        raise Refused("crc" if "CRC" in str(error) else "damaged") from None
    except (zlib.error, EOFError, NotImplementedError):
        raise Refused("damaged") from None
    return size


def _scan(tail: bytes, chunk: bytes) -> bytes:
    """Refuse a DOCTYPE or a strict workbook; without zeros UTF-16 reads like ASCII."""
    window = tail + chunk.replace(b"\0", b"")
    if _DOCTYPE in window.lower():
        raise Refused("doctype")
    if _STRICT in window:
        raise Refused("strict")
    return window[-len(_STRICT) :]
