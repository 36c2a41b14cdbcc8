"""Scans people hand in as proof: what a file is, is decided by its bytes and never by its name."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from agano_dx.lib.errors import DomainError

MAX_SCAN: Final = 5 * 1024 * 1024
# What a file begins with → what it is, and the ending it is kept under whatever it was called.
_KINDS: Final = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
)
_LONGEST_NAME: Final = 120
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069]')


class ScanError(DomainError):
    """The file is none of those that are kept."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A file to keep: the name it gets, its type by its bytes, and the bytes."""

    name: str
    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The digest by which the audit log names the file."""
        return hashlib.sha256(self.content).hexdigest()


def read_scan(content: bytes, name: str) -> Scan:
    """The file as it is kept; refused in words when it is empty, too large or of another kind."""
    if not content:
        raise ScanError("ファイルが空です。開いて中身を確かめてから、選び直してください。")
    if len(content) > MAX_SCAN:
        raise ScanError(
            "ファイルが5MBを超えています。解像度を下げてスキャンし直すか、ページを減らしてください。"
        )
    for beginning, media_type, ending in _KINDS:
        if content.startswith(beginning):
            return Scan(_kept_name(name, ending), media_type, content)
    raise ScanError(
        "PDF・JPEG・PNGのファイルではありません。名前の末尾を変えただけのファイルも使えません。"
        "PDFか画像にして選び直してください。"
    )


def _kept_name(name: str, ending: str) -> str:
    """The name without folders and signs no file may carry, ending as the bytes say."""
    bare = PurePosixPath(name.replace("\\", "/")).name
    stem = _NOT_IN_NAMES.sub("", unicodedata.normalize("NFC", PurePosixPath(bare).stem)).strip(" .")
    return (stem[:_LONGEST_NAME] or "証明書") + ending
