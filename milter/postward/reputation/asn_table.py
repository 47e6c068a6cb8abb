# SPDX-License-Identifier: GPL-3.0-or-later
"""Which autonomous system an address is in, from a table on this host.

Two forms are read, both free: ``START END ASN ...`` (iptoasn.com) and ``PREFIX LENGTH ASN`` (CAIDA's pfx2as), plain or
packed by gzip.  Half a million networks take about 6 MB, which workers share: read it before they are forked.
"""

from __future__ import annotations

import gzip
import zlib
from array import array
from bisect import bisect_right
from socket import AF_INET, AF_INET6, inet_pton
from typing import IO, TYPE_CHECKING, cast

from postward.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from postward.model.ip_address import IpAddress

MAX_BYTES = 512 * 2**20
MAX_NETWORKS = 5_000_000
_MAX_LINE = 4_096
_NUMBER, _WIDEST = 32, 64
"""Bits of a number, and of the widest place."""
_MAX_ASN, _LAST = 2**_NUMBER - 1, 2**_WIDEST - 1
_IPV4, _IPV6 = 4, 6
_BITS = {_IPV4: 32, _IPV6: 64}
"""Of an address that count: no network on the net is narrower than a /64 of IPv6."""
_FULL_BITS = {_IPV4: 32, _IPV6: 128}
_FEWEST_COLUMNS = 3
_GZIP = b"\x1f\x8b"
Range = tuple[int, int, int]
"""First and last address, both within, and the number."""


class OutOfOrderError(Exception):
    """A range begins before the one that came before it, or is wider and begins with it."""


class AsnTable:
    """Cannot be changed.  Where networks lie within each other the narrowest counts."""

    def __init__(self, ranges: Iterable[tuple[int, Range]], *, are_in_order: bool = False) -> None:
        """``ranges`` each with the version of IP; addresses have 32 bits, of IPv6 the first 64.

        Those of one version that are ``are_in_order``, by their beginning and the wider ones first, need no memory of
        their own; raises OutOfOrderError where they are not.
        """
        pieces = {version: _Pieces(bits) for version, bits in _BITS.items()}
        for version, found in ranges if are_in_order else _ordered(ranges):
            pieces[version].add(found)
        self._parts = {version: each.finished() for version, each in pieces.items()}

    def find(self, address: IpAddress) -> int | None:
        """Give the number of the autonomous system that an address is in; None where the table does not say."""
        starts, numbers = self._parts[address.version]
        place = int(address) >> (address.max_prefixlen - _BITS[address.version])
        index = bisect_right(starts, place) - 1
        return (numbers[index] or None) if index >= 0 else None

    def __len__(self) -> int:
        """How many pieces the net is in, those that nobody has among them."""
        return sum(len(starts) for starts, _ in self._parts.values())


def read_asn_table(path: Path) -> AsnTable:
    """Read a table; raises UsageError, which says what is wrong in which line, and OSError."""
    if not 0 < path.stat().st_size <= MAX_BYTES:
        raise UsageError(f"is empty, or has more than {MAX_BYTES} bytes")
    try:
        table = AsnTable(_ranges(path), are_in_order=True)
    except OutOfOrderError:
        table = AsnTable(_ranges(path))
    if not len(table):
        raise UsageError("has no networks in it")
    return table


def _ranges(path: Path) -> Iterator[tuple[int, Range]]:
    with path.open("rb") as file:
        is_packed = file.read(len(_GZIP)) == _GZIP
    with gzip.open(path) if is_packed else path.open("rb") as lines:
        try:
            yield from _read(_lines(cast("IO[bytes]", lines)))
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise UsageError("is packed by gzip, and damaged") from error


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """Give each line; a small file may be packed so that it has very many."""
    number = 0
    while line := file.readline(_MAX_LINE):
        number += 1
        if number > MAX_NETWORKS:
            raise UsageError(f"has more than {MAX_NETWORKS} lines")
        yield line


def _read(lines: Iterable[bytes]) -> Iterator[tuple[int, Range]]:
    for number, line in enumerate(lines, start=1):
        columns = line.split(None, _FEWEST_COLUMNS)
        if not columns or columns[0].startswith(b"#"):
            continue
        try:
            found = _range(columns)
        except (ValueError, OSError) as error:
            raise UsageError(f"line {number} is neither START END ASN nor PREFIX LENGTH ASN") from error
        if found is not None:
            yield found


def _range(columns: list[bytes]) -> tuple[int, Range] | None:
    """Read one line; None for a network that is not in use, or narrower than what counts."""
    first, second, system = columns[:_FEWEST_COLUMNS]
    # One network of several systems: "64500_64501", or a set "64500,64501".
    number = int(system.partition(b"_")[0].partition(b",")[0])
    if not 0 <= number <= _MAX_ASN:
        raise ValueError(number)
    version = _IPV6 if b":" in first else _IPV4
    start = _number(first, version)
    if second.isdigit():
        length = int(second)
        if length > _FULL_BITS[version]:
            raise ValueError(length)
        if length > _BITS[version]:
            return None
        end = start | ((1 << (_BITS[version] - length)) - 1)
    else:
        end = _number(second, version)
    if end < start:
        raise ValueError(end)
    return (version, (start, end, number)) if number else None


def _number(text: bytes, version: int) -> int:
    packed = inet_pton(AF_INET6 if version == _IPV6 else AF_INET, text.decode("ascii"))
    return int.from_bytes(packed[: _BITS[version] // 8])


def _ordered(ranges: Iterable[tuple[int, Range]]) -> Iterator[tuple[int, Range]]:
    """Sort them, each as one number: that takes a third of the memory that tuples of numbers take."""
    packed: dict[int, list[int]] = {version: [] for version in _BITS}
    for version, (start, end, number) in ranges:
        packed[version].append((start << _WIDEST | _LAST - end) << _NUMBER | number)
    for version, found in packed.items():
        found.sort()
        for one in found:
            places, number = one >> _NUMBER, one & _MAX_ASN
            yield version, (places >> _WIDEST, _LAST - (places & _LAST), number)


class _Pieces:
    """Cuts networks that lie within each other into pieces side by side: where each begins, and whose it is."""

    def __init__(self, bits: int) -> None:
        self._end = 1 << bits
        self._starts = array("Q" if bits > _BITS[_IPV4] else "I")
        self._numbers = array("I")
        self._open: list[Range] = []
        self._last = (0, -self._end)

    def add(self, found: Range) -> None:
        place = found[0], -found[1]
        if place < self._last:
            raise OutOfOrderError
        self._last = place
        self._close(found[0])
        self._open.append(found)
        self._begin(found[0])

    def finished(self) -> tuple[array[int], array[int]]:
        self._close(self._end)
        return self._starts, self._numbers

    def _begin(self, place: int) -> None:
        number = self._open[-1][2] if self._open else 0
        if self._starts and self._starts[-1] == place:
            self._numbers[-1] = number
        elif not self._numbers or self._numbers[-1] != number:
            self._starts.append(place)
            self._numbers.append(number)

    def _close(self, before: int) -> None:
        while self._open and self._open[-1][1] < before:
            _, end, _ = self._open.pop()
            # One that began within this one and goes on beyond it has been opened later, and is closed by now.
            while self._open and self._open[-1][1] <= end:
                self._open.pop()
            if end + 1 < self._end:
                self._begin(end + 1)
