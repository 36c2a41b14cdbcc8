"""What a scan is, by its bytes; what it is called afterwards."""

import pytest

from training.scans import MAX_SCAN, ScanError, read_scan

PDF, JPEG, PNG = b"%PDF-1.4\n...", b"\xff\xd8\xff\xe0..", b"\x89PNG\r\n\x1a\n..."


@pytest.mark.parametrize(
    ("content", "media_type", "ending"),
    [(PDF, "application/pdf", ".pdf"), (JPEG, "image/jpeg", ".jpg"), (PNG, "image/png", ".png")],
)
@pytest.mark.parametrize("name", ["合格証.pdf", "合格証.html", "合格証"])
def test_the_bytes_say_what_it_is_and_how_its_name_ends(content, media_type, ending, name):
    scan = read_scan(content, name)

    assert (scan.media_type, scan.name) == (media_type, f"合格証{ending}")


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script>",
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        b"MZ\x90\x00\x03",
        b"PK\x03\x04",
        b"GIF89a",
        b" %PDF-1.4",
        b"\x89PN",
    ],
)
@pytest.mark.parametrize("name", ["合格証.pdf", "合格証.png", "合格証.jpg"])
def test_another_kind_is_refused_whatever_it_is_called(content, name):
    with pytest.raises(ScanError, match="PDF・JPEG・PNGのファイルではありません。"):
        read_scan(content, name)


def test_a_file_may_have_five_megabytes_and_no_byte_more():
    whole = PDF.ljust(MAX_SCAN, b" ")

    assert read_scan(whole, "合格証.pdf").content == whole
    with pytest.raises(ScanError, match="5MBを超えています"):
        read_scan(whole + b" ", "合格証.pdf")


def test_an_empty_file_is_told():
    with pytest.raises(ScanError, match="ファイルが空です"):
        read_scan(b"", "合格証.pdf")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("C:\\机\\合格証.pdf", "合格証.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ('<script>"x".pdf', "scriptx.pdf"),
        ("見本\r\nSet-Cookie: a.pdf", "見本Set-Cookie a.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        (".pdf", "pdf.pdf"),
        ("", "証明書.pdf"),
        ("長" * 300 + ".pdf", "長" * 120 + ".pdf"),
    ],
)
def test_a_name_carries_no_folder_and_no_sign_that_could_do_harm(name, kept):
    assert read_scan(PDF, name).name == kept
