# SPDX-License-Identifier: GPL-3.0-or-later
"""What a file is by its content, whatever it is called."""

from __future__ import annotations

import re

from postward.mime.ole_file import OLE_TYPES, is_ole, type_of_ole
from postward.mime.zip_directory import LOCAL_HEADER, read_zip_directory

HEAD_BYTES = 4_096
"""What is enough of most files."""
_TAR_MAGIC_AT = 257
_ISO_MAGIC_AT = (32_769, 34_817, 36_865)
_PE_POINTER = slice(0x3C, 0x40)
_PE_CHARACTERISTICS = 22
_IS_DLL = 0x2000
_MAX_FAT_BINARIES = 40
_MAX_ZIP_ENTRIES = 5_000

_MAGIC = (
    (b"\x7fELF", "elf"), (b"\xfe\xed\xfa\xce", "macho"), (b"\xfe\xed\xfa\xcf", "macho"), (b"\xce\xfa\xed\xfe", "macho"),
    (b"\xcf\xfa\xed\xfe", "macho"), (bytes.fromhex("4c0000000114020000000000c000000000000046"), "lnk"),
    (b"Rar!\x1a\x07", "rar"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"\x1f\x8b\x08", "gzip"), (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"MSCF", "cab"), (b"ITSF\x03", "chm"),
    (b"!<arch>\n", "ar"),
    (b"vhdxfile", "vhdx"), (b"conectix", "vhd"), (bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3"), "one"),
    (b"\x60\xea", "arj"), (b"\x78\x9f\x3e\x22", "tnef"), (b"{\\rt", "rtf"), (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"), (b"GIF87a", "gif"), (b"GIF89a", "gif"), (b"II*\x00", "tiff"), (b"MM\x00*", "tiff"),
    (b"%!PS", "ps"), (b"#!", "script"), (b"FWS", "swf"), (b"CWS", "swf"), (b"ZWS", "swf"), (b"\x00asm", "wasm"),
    (b"ID3", "mp3"), (b"OggS", "ogg"), (b"fLaC", "flac"), (b"SQLite format 3\x00", "sqlite"), (b"!BDN", "pst"),
    (b"wOFF", "woff"), (b"BEGIN:VCALENDAR", "ics"), (b"BEGIN:VCARD", "vcf"), (b"-----BEGIN PGP ", "pgp"),
)  # fmt: skip
_BY_FIRST: dict[int, list[tuple[bytes, str]]] = {}
for _octets, _kind in _MAGIC:
    _BY_FIRST.setdefault(_octets[0], []).append((_octets, _kind))
_MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?[\s\0]*+(?:<\?xml[^>]*+>\s*+)?(?>(?:<!--(?>(?:[^-]|-(?!->))*)-->\s*+)*)"
    rb"<(!doctype\s++html|[a-z][a-z0-9:]*+)",
    re.IGNORECASE,
)
_HTML_MARKS = frozenset(
    b"html head body script table div p a title meta link style iframe form br img span font center h1 h2 h3".split()
)
_OFFICE = {b"word/": "doc", b"xl/": "xls", b"ppt/": "ppt", b"visio/": "vsd"}
_OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": "odt", b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp", b"application/vnd.oasis.opendocument.graphics": "odg",
    b"application/epub+zip": "epub",
}  # fmt: skip
TRUE_TYPES = frozenset({
    *(kind for _, kind in _MAGIC), *_OPEN_DOCUMENT.values(), *OLE_TYPES,
    *(base + ending for base in _OFFICE.values() for ending in ("x", "m")),
    "exe", "dll", "macho", "class", "zip", "jar", "apk", "xlsb", "tar", "iso", "dmg", "pdf", "html", "xml", "svg",
    "webp", "wav", "avi", "heic", "avif", "mov", "mp4", "bmp", "lzh", "ace",
})  # fmt: skip
"""Every word that there is."""


def true_type_of(content: bytes) -> str:
    """One word: ``exe`` (screen savers too), ``dll``, ``msi``, ``pdf``, ``docm``, ``zip``, ``ole`` ...; "" unknown."""
    kind = type_of_head(content[:HEAD_BYTES])
    if kind == "zip":
        return _type_of_zip(content)
    if kind == "ole":
        return type_of_ole(content)
    if kind:
        return kind
    if any(content.startswith(b"CD001", at) for at in _ISO_MAGIC_AT):
        return "iso"
    if content.startswith(b"conectix", len(content) - 512) and len(content) > HEAD_BYTES:
        return "vhd"
    return "dmg" if content.startswith(b"koly", len(content) - 512) and len(content) > HEAD_BYTES else ""


def type_of_head(head: bytes) -> str:
    """The same of the first octets of a file: ``zip`` and ``ole`` of whatever is made of them."""
    if head.startswith(b"MZ"):
        return _type_of_mz(head)
    if head.startswith((LOCAL_HEADER, b"PK\x05\x06", b"PK\x06\x06", b"PK00PK")):
        return "zip"
    if is_ole(head):
        return "ole"
    for magic, kind in _BY_FIRST.get(head[0], ()) if head else ():
        if head.startswith(magic):
            return kind
    return _type_of_more(head)


def _type_of_more(head: bytes) -> str:
    if head.startswith(b"\xca\xfe\xba\xbe"):
        # A Java class has a version there, beyond any number of programs in one file.
        return "macho" if int.from_bytes(head[4:8]) < _MAX_FAT_BINARIES else "class"
    if is_tar(head):
        return "tar"
    if b"%PDF-" in head[:1024]:
        return "pdf"
    return _type_by_inner_magic(head) or _type_of_markup(head)


def _type_by_inner_magic(head: bytes) -> str:
    if head.startswith(b"RIFF"):
        return {b"WEBP": "webp", b"WAVE": "wav", b"AVI ": "avi"}.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return {b"heic": "heic", b"avif": "avif", b"qt  ": "mov"}.get(head[8:12], "mp4")
    if head.startswith(b"BM") and head[6:10] == bytes(4):
        return "bmp"
    if head[2:5] == b"-lh" and head[6:7] == b"-":
        return "lzh"
    return "ace" if head[7:14] == b"**ACE**" else ""


def is_tar(head: bytes) -> bool:
    """Tell whether a tar archive begins there: by its magic, or by its check sum where it has none."""
    block = head[:512]
    if len(block) < 512 or not block[0]:  # noqa: PLR2004 - the size of a block
        return False
    if block.startswith(b"ustar", _TAR_MAGIC_AT):
        return True
    digits = block[148:156].strip(b" \0")
    return digits.isdigit() and len(digits) <= 7 and _octal(digits) == sum(block) - sum(block[148:156]) + 8 * 32  # noqa: PLR2004


def _octal(digits: bytes) -> int:
    return int(digits, 8) if not set(digits) & set(b"89") else -1


def _type_of_mz(head: bytes) -> str:
    at = int.from_bytes(head[_PE_POINTER], "little")
    if head[at : at + 4] != b"PE\0\0":
        return "exe"
    characteristics = int.from_bytes(head[at + _PE_CHARACTERISTICS : at + _PE_CHARACTERISTICS + 2], "little")
    return "dll" if characteristics & _IS_DLL else "exe"


def _type_of_markup(head: bytes) -> str:
    match = _MARKUP.match(head)
    if match is None:
        return ""
    name = match[1].lower()
    if name.startswith(b"!doctype") or name in _HTML_MARKS:
        return "html"
    return "svg" if name == b"svg" else "xml" if b"<?xml" in head[: match.end()] else ""


def _type_of_zip(content: bytes) -> str:
    names = [entry.name for entry in read_zip_directory(content, _MAX_ZIP_ENTRIES).entries]
    if b"[Content_Types].xml" in names:
        return _type_of_office(names)
    if names[:1] == [b"mimetype"] or b"mimetype" in names:
        return next((kind for text, kind in _OPEN_DOCUMENT.items() if text in content[:512]), "zip")
    if b"AndroidManifest.xml" in names:
        return "apk"
    return "jar" if b"META-INF/MANIFEST.MF" in names else "zip"


def _type_of_office(names: list[bytes]) -> str:
    base = next((kind for folder, kind in _OFFICE.items() if any(name.startswith(folder) for name in names)), "")
    if not base:
        return "zip"
    if b"xl/workbook.bin" in names:
        return "xlsb"
    has_macros = any(name.lower().endswith(b"vbaproject.bin") for name in names)
    return f"{base}{'m' if has_macros else 'x'}"
