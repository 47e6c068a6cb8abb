# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import gzip
import io
import tarfile

import pytest

from postward.mime.true_type import TRUE_TYPES, true_type_of
from tests.unit.mime.making import zipped

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)


def program(*, is_dll: bool) -> bytes:
    stub = bytearray(b"MZ" + bytes(126))
    stub[0x3C:0x40] = (128).to_bytes(4, "little")
    return bytes(stub) + b"PE\0\0" + bytes(18) + (0x2002 if is_dll else 2).to_bytes(2, "little") + bytes(200)


def compound(name: str = "", clsid: str = "") -> bytes:
    """A compound file whose directory begins with an entry of that name or class."""
    octets = f"{name}\0".encode("utf-16-le") if name else b""
    entry = (
        octets.ljust(64, b"\0") + len(octets).to_bytes(2, "little") + bytes(14) + bytes.fromhex(clsid).ljust(16, b"\0")
    )
    return OLE + entry.ljust(128, b"\0")


def tarred(**options) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", **options) as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return target.getvalue()


OFFICE = ("[Content_Types].xml", b"x")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (program(is_dll=False), "exe"),
        (program(is_dll=True), "dll"),
        (b"MZ", "exe"),
        (b"\x7fELF\x02", "elf"),
        (b"\xcf\xfa\xed\xfe\x07", "macho"),
        (b"\xca\xfe\xba\xbe\0\0\0\x02", "macho"),
        (b"\xca\xfe\xba\xbe\0\0\x00\x34", "class"),
        (bytes.fromhex("4c0000000114020000000000c000000000000046") + b"x", "lnk"),
        (compound(clsid="84100c0000000000c000000000000046"), "msi"),
        (compound("WordDocument"), "doc"),
        (compound("Workbook"), "xls"),
        (compound("EncryptedPackage"), "ole"),
        (OLE, "ole"),
        (zipped(("a.txt", b"x")), "zip"),
        (b"PK\x03\x04 and nothing more", "zip"),
        (zipped(OFFICE, ("word/document.xml", b"x")), "docx"),
        (zipped(OFFICE, ("word/document.xml", b"x"), ("word/vbaProject.bin", b"x")), "docm"),
        (zipped(OFFICE, ("xl/workbook.xml", b"x"), ("xl/VBAPROJECT.BIN", b"x")), "xlsm"),
        (zipped(OFFICE, ("xl/workbook.bin", b"x")), "xlsb"),
        (zipped(OFFICE, ("ppt/presentation.xml", b"x")), "pptx"),
        (zipped(("mimetype", b"application/vnd.oasis.opendocument.text"), method=0), "odt"),
        (zipped(("META-INF/MANIFEST.MF", b"x")), "jar"),
        (b"Rar!\x1a\x07\x01\x00", "rar"),
        (b"7z\xbc\xaf\x27\x1c\0", "7z"),
        (gzip.compress(b"x", mtime=0), "gzip"),
        (tarred(), "tar"),
        (tarred(format=tarfile.GNU_FORMAT), "tar"),
        (bytes(32_769) + b"CD001", "iso"),
        (b"%PDF-1.7", "pdf"),
        (b"\n\n rubbish %PDF-1.7", "pdf"),
        (b"{\\rtf1", "rtf"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"RIFF\0\0\0\0WEBP", "webp"),
        (b"<!DOCTYPE  html>", "html"),
        (b"\xef\xbb\xbf\r\n <!-- x --><HTML>", "html"),
        (b"<script>", "html"),
        (b"<?xml version='1.0'?><svg>", "svg"),
        (b"<?xml version='1.0'?><x>", "xml"),
        (b"<svg onload=x>", "svg"),
        (b"<unknown>", ""),
        (b"\x78\x9f\x3e\x22", "tnef"),
        (b"text", ""),
        (b"", ""),
        (bytes(1_000), ""),
    ],
)
def test_by_content(content, kind):
    assert true_type_of(content) == kind
    assert kind in TRUE_TYPES | {""}


def test_names_in_the_text_of_a_compound_file_are_no_entries():
    assert true_type_of(OLE + b"x" + "WordDocument\0".encode("utf-16-le") + bytes(200)) == "ole"
