# SPDX-License-Identifier: GPL-3.0-or-later
"""Which server of a cluster has which keys (CLUSTER SLOTS)."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from redis.crc import key_slot
from redis.exceptions import ClusterDownError, InvalidResponse

if TYPE_CHECKING:
    from collections.abc import Sequence

SLOTS = 16_384
_SCRIPTS = frozenset({"EVAL", "EVALSHA"})
_SCRIPT_KEY = 3
_MAX_RANGES = SLOTS
_MAX_PORT = 65_535

Address = tuple[str, int]
"""Host and port."""


class SlotMap:
    """Ranges of slots and the master of each."""

    def __init__(self, ranges: Sequence[tuple[int, int, Address]]) -> None:
        """``ranges`` are first slot, last slot, master."""
        self._ranges = sorted(ranges)
        self._firsts = [first for first, _, _ in self._ranges]

    @property
    def masters(self) -> tuple[Address, ...]:
        """All masters that have slots, each once."""
        return tuple(dict.fromkeys(address for _, _, address in self._ranges))

    def master_of(self, slot: int) -> Address:
        """The master of a slot; raises ClusterDownError where nobody has it."""
        at = bisect_right(self._firsts, slot) - 1
        if at >= 0:
            _, last, address = self._ranges[at]
            if slot <= last:
                return address
        raise ClusterDownError("nobody has the slot of this key")


def read_slot_map(answer: object, asked: Address) -> SlotMap:
    """What a server answers to CLUSTER SLOTS; raises InvalidResponse where that is something else.

    A server that does not know its own name means the one by which it was asked.
    """
    if not isinstance(answer, list) or len(answer) > _MAX_RANGES:
        raise InvalidResponse("no list of slots")
    ranges = []
    for item in answer:
        match item:
            case [int(first), int(last), [host, int(port), *_], *_] if (
                0 <= first <= last < SLOTS and 0 < port <= _MAX_PORT
            ):
                ranges.append((first, last, (_host(host, asked), port)))
            case _:
                raise InvalidResponse("no list of slots")
    if not ranges:
        raise ClusterDownError("nobody has any slot")
    return SlotMap(ranges)


def slot_of(arguments: Sequence[str | bytes | float]) -> int:
    """The slot of a command's one key: its first argument, or that behind script and number of keys."""
    at = _SCRIPT_KEY if str(arguments[0]).upper() in _SCRIPTS else 1
    key = arguments[at]
    return int(key_slot(key if isinstance(key, bytes) else str(key).encode()))


def _host(host: object, asked: Address) -> str:
    if host is None or host in (b"", b"?"):
        return asked[0]
    if not isinstance(host, bytes) or not host.isascii():
        raise InvalidResponse("a server without a name")
    return host.decode("ascii")
