# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a tar archive (POSIX.1-2001 pax, ustar, GNU), read within bounds and without trust."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BLOCK = 512
_MAX_NAME = 4_096
_LONG_NAME, _PAX, _GLOBAL_PAX, _LONG_LINK = b"L", b"x", b"g", b"K"
_FILES = frozenset({b"0", b"\0", b"7", b"S"})
_PAX_PATH = re.compile(rb"\d{1,7} path=([^\n]{1,4096})\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class TarEntry:
    """One file."""

    name: str
    start: int
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TarListing:
    """All files, or as many as were wanted."""

    entries: tuple[TarEntry, ...] = ()
    problem: str = ""


def read_tar(content: bytes, most: int) -> TarListing:
    """Read ``most`` entries at most; never raises."""
    entries: list[TarEntry] = []
    at, name, blocks = 0, b"", 0
    while at + _BLOCK <= len(content) and content[at]:
        header = content[at : at + _BLOCK]
        size = _size(header[124:136])
        start, kind = at + _BLOCK, header[156:157]
        blocks += 1
        if size < 0 or start + size > len(content):
            return TarListing(entries=tuple(entries), problem="a tar archive is broken or cut off")
        if len(entries) >= most or blocks > 4 * most:
            return TarListing(entries=tuple(entries), problem=f"more than {most} files")
        at = start + (size + _BLOCK - 1) // _BLOCK * _BLOCK
        if kind in {_LONG_NAME, _PAX}:
            name = _given_name(kind, content[start : start + min(size, 4 * _MAX_NAME)]) or name
        elif kind not in {_GLOBAL_PAX, _LONG_LINK}:
            if kind in _FILES:
                text = (name or _own_name(header)).decode("utf-8", "replace")
                entries.append(TarEntry(name=text, start=start, size_bytes=size))
            name = b""
    return TarListing(entries=tuple(entries))


def _given_name(kind: bytes, octets: bytes) -> bytes:
    if kind == _LONG_NAME:
        return octets[:_MAX_NAME].partition(b"\0")[0]
    match = _PAX_PATH.search(octets)
    return match[1] if match is not None else b""


def _own_name(header: bytes) -> bytes:
    name = header[:100].partition(b"\0")[0]
    prefix = header[345:500].partition(b"\0")[0] if header[257:263] == b"ustar\0" else b""
    return prefix + b"/" + name if prefix else name


def _size(digits: bytes) -> int:
    """Octal, or binary with the highest bit set; -1 where it is neither."""
    if digits[0] & 0x80:
        return int.from_bytes(digits, "big") & ((1 << 95) - 1)
    text = digits.strip(b" \0")
    return int(text, 8) if text.isdigit() and not set(text) & set(b"89") else -1 if text else 0
