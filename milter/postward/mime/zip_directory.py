# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory of a ZIP archive (APPNOTE.TXT 6.3.10), read within bounds and without trust."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise

LOCAL_HEADER = b"PK\x03\x04"
_END = b"PK\x05\x06"
_END_BYTES = 22
_END64 = b"PK\x06\x06"
_LOCATOR64 = b"PK\x06\x07"
_LOCATOR64_BYTES = 20
_ENTRY = struct.Struct("<4s4x4H3L3H4xLL")
_ENTRY_SIGNATURE = b"PK\x01\x02"
_LOCAL = struct.Struct("<4s2x2H4x3L2H")
_IN_EXTRA = 0xFFFFFFFF
_EXTRA_ZIP64 = 1
_EXTRA_UNICODE_NAME = 0x7075
_IS_ENCRYPTED = 0x1
_HAS_MASKED_HEADERS = 0x2000
_IS_UTF8 = 0x800


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipEntry:
    """One file as the directory describes it."""

    name: bytes
    other_names: tuple[bytes, ...]
    """What other fields call it."""
    is_utf8: bool
    is_encrypted: bool
    method: int
    compressed_bytes: int
    size_bytes: int
    """As the directory says, which may lie."""
    start: int
    """Where its compressed content begins; -1 where that is nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipDirectory:
    """All files, or as many as were wanted."""

    entries: tuple[ZipEntry, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _End:
    """Where the directory stands."""

    start: int
    size: int
    shift: int
    """Octets before the archive, which offsets do not count."""


def read_zip_directory(content: bytes, most: int) -> ZipDirectory:
    """Read ``most`` entries at most; never raises."""
    end = _find_end(content)
    if end is None:
        return ZipDirectory(problem="a ZIP archive without a directory")
    entries: list[ZipEntry] = []
    problem = "" if not end.shift or not content.startswith(LOCAL_HEADER) else "several archives in one file"
    at, stop = end.start, end.start + end.size
    while at < stop:
        if len(entries) >= most:
            problem = f"more than {most} files"
            break
        read = _read_entry(content, at, end.shift)
        if read is None:
            problem = "the directory of a ZIP archive is broken"
            break
        entry, at = read
        entries.append(entry)
    return ZipDirectory(entries=tuple(entries), problem=problem or _overlap(entries))


def _find_end(content: bytes) -> _End | None:
    at = content.rfind(_END)
    if at < 0 or at + _END_BYTES > len(content):
        return None
    size, offset = struct.unpack_from("<LL", content, at + 12)
    locator = at - _LOCATOR64_BYTES
    if locator >= 0 and content.startswith(_LOCATOR64, locator):
        (where,) = struct.unpack_from("<Q", content, locator + 8)
        # As with zipfile: the record stands right before its locator, also where something precedes the archive.
        at = content.rfind(_END64, 0, locator)
        if at < 0 or at + 56 > len(content) or where > at:
            return None
        size, offset = struct.unpack_from("<QQ", content, at + 40)
    start = at - size
    return _End(start, size, start - offset) if start >= 0 and start >= offset else None


def _read_entry(content: bytes, at: int, shift: int) -> tuple[ZipEntry, int] | None:
    if at + _ENTRY.size > len(content):
        return None
    signature, flags, method, _, _, _, compressed, size, name_size, extra_size, comment_size, _, offset = (
        _ENTRY.unpack_from(content, at)
    )
    if signature != _ENTRY_SIGNATURE:
        return None
    name_end = at + _ENTRY.size + name_size
    name = content[at + _ENTRY.size : name_end]
    other_names, large = _read_extra(content[name_end : name_end + extra_size])
    values = iter(large)
    size, compressed, offset = (
        next(values, value) if value == _IN_EXTRA else value for value in (size, compressed, offset)
    )
    local_name, start = _read_local(content, offset + shift, compressed)
    entry = ZipEntry(
        name=name,
        other_names=tuple(other for other in (*other_names, local_name) if other and other != name),
        is_utf8=bool(flags & _IS_UTF8),
        is_encrypted=bool(flags & (_IS_ENCRYPTED | _HAS_MASKED_HEADERS)),
        method=method,
        compressed_bytes=compressed,
        size_bytes=size,
        start=start,
    )
    return entry, name_end + extra_size + comment_size


def _read_extra(extra: bytes) -> tuple[list[bytes], list[int]]:
    """Names in Unicode, and the numbers of ZIP64 in their order."""
    names: list[bytes] = []
    numbers: list[int] = []
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        field = extra[at + 4 : at + 4 + size]
        if kind == _EXTRA_ZIP64:
            numbers = [int.from_bytes(field[index : index + 8], "little") for index in range(0, len(field) - 7, 8)]
        elif kind == _EXTRA_UNICODE_NAME:
            names.append(field[5:])
        at += 4 + size
    return names, numbers


def _read_local(content: bytes, at: int, compressed: int) -> tuple[bytes, int]:
    """The name before the content, and where that begins."""
    if at < 0 or at + _LOCAL.size > len(content) or not content.startswith(LOCAL_HEADER, at):
        return b"", -1
    *_, name_size, extra_size = _LOCAL.unpack_from(content, at)
    name_start = at + _LOCAL.size
    start = name_start + name_size + extra_size
    if start + compressed > len(content):
        return b"", -1
    return content[name_start : name_start + name_size], start


def _overlap(entries: list[ZipEntry]) -> str:
    if any(entry.start < 0 for entry in entries):
        return "the directory of a ZIP archive names files that are not there"
    ordered = sorted((entry.start, entry.start + entry.compressed_bytes) for entry in entries)
    is_overlapping = any(end > start for (_, end), (start, _) in pairwise(ordered))
    return "files of a ZIP archive overlap" if is_overlapping else ""
