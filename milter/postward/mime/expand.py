# SPDX-License-Identifier: GPL-3.0-or-later
"""Unpack a little of what is packed: no more than is asked for, whatever it says of itself."""

from __future__ import annotations

import bz2
import lzma
import zlib
from dataclasses import dataclass

_STORED, _DEFLATED, _BZIP2 = 0, 8, 12
_RAW_DEFLATE = -15
_GZIP = 31
_LZMA_MEMORY = 67_108_864
_MAX_STREAMS = 100
_MAX_GZIP_NAME = 1_024
_GZIP_FIXED = 10
_HAS_EXTRA, _HAS_NAME = 4, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """What came of it."""

    content: bytes
    is_cut: bool = False
    """There is more."""
    problem: str = ""
    name: str = ""
    """Of the file, as the stream says."""


def expand(octets: memoryview, method: int, limit: int) -> Expansion:
    """Unpack a file of a ZIP archive by the number of its method, ``limit`` octets at most."""
    if method == _STORED:
        return Expansion(content=bytes(octets[:limit]), is_cut=len(octets) > limit)
    if method not in {_DEFLATED, _BZIP2}:
        return Expansion(content=b"", problem="a file is packed in an unknown way")
    if limit <= 0:
        return Expansion(content=b"", is_cut=True)
    try:
        if method == _DEFLATED:
            inflater = zlib.decompressobj(_RAW_DEFLATE)
            content = inflater.decompress(octets, limit)
            return Expansion(content=content, is_cut=not inflater.eof and len(content) >= limit)
        unpacker = bz2.BZ2Decompressor()
        content = unpacker.decompress(octets, limit)
        return Expansion(content=content, is_cut=not unpacker.eof and len(content) >= limit)
    except (zlib.error, OSError, EOFError, ValueError):
        return Expansion(content=b"", problem="a file in it is broken")


def expand_stream(octets: bytes, kind: str, limit: int) -> Expansion:
    """Unpack gzip, bzip2 or xz, ``limit`` octets at most, of all streams one behind the other."""
    pieces: list[bytes] = []
    left, rest, problem = limit, octets, ""
    for _ in range(_MAX_STREAMS):
        if left <= 0 or not rest:
            break
        try:
            content, rest, is_done = _one_stream(rest, kind, left)
        except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, MemoryError):
            problem = "" if pieces else "it is broken"
            break
        pieces.append(content)
        left -= len(content)
        if not is_done:
            break
    is_cut = left <= 0
    name = _gzip_name(octets) if kind == "gzip" else ""
    return Expansion(content=b"".join(pieces), is_cut=is_cut, problem=problem, name=name)


def _one_stream(octets: bytes, kind: str, limit: int) -> tuple[bytes, bytes, bool]:
    """Content of the first stream, what stands behind it, and whether the stream ended."""
    if kind == "gzip":
        inflater = zlib.decompressobj(_GZIP)
        content = inflater.decompress(octets, limit)
        return content, inflater.unused_data, inflater.eof
    unpacker = bz2.BZ2Decompressor() if kind == "bzip2" else lzma.LZMADecompressor(memlimit=_LZMA_MEMORY)
    content = unpacker.decompress(octets, limit)
    return content, unpacker.unused_data, unpacker.eof


def _gzip_name(octets: bytes) -> str:
    """FNAME of RFC 1952 section 2.3; "" where there is none."""
    flags = octets[3] if len(octets) > _GZIP_FIXED else 0
    if not flags & _HAS_NAME:
        return ""
    at = _GZIP_FIXED
    if flags & _HAS_EXTRA:
        at += 2 + int.from_bytes(octets[at : at + 2], "little")
    return octets[at : at + _MAX_GZIP_NAME].partition(b"\0")[0].decode("latin-1")
