# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports from a process to the collector: versioned JSON, each small enough for one datagram.

Events follow the JSON one on a line, as they will be stored, so that they are neither encoded nor parsed twice.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from postward.observability.collector_settings import read_settings
from postward.observability.delta import Delta, Observations, Series
from postward.observability.families import FAMILIES, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from postward.observability.collector_settings import CollectorSettings

VERSION = 1
MAX_DATAGRAM_BYTES = 48 * 1024
"""Far below the send buffer of a Unix socket, which all workers share."""
_ROOM_BYTES = MAX_DATAGRAM_BYTES - 256
_MAX_NAME_CHARS = 64
_MAX_AMOUNT = 1e15
"""Beyond it a float loses whole numbers; NaN compares false and is refused with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One datagram, read."""

    sender: str
    """The process that sent it."""
    settings: CollectorSettings | None = None
    events: tuple[str, ...] = ()
    """Each a JSON object, as ``format_json`` wrote it."""
    delta: Delta = field(default_factory=dict)


def encode_settings(sender: str, settings: CollectorSettings) -> bytes:
    """Return the datagram that tells the collector what to serve and where to store."""
    return _datagram(sender, "settings", [json.dumps(asdict(settings)).encode()])


def encode_events(sender: str, lines: Iterable[str]) -> Iterator[tuple[bytes, int]]:
    """Yield datagrams that together hold all ``lines``, each with the number of lines in it.

    A line holds no line feed, and its limits (``channel.STORED_EVENT_LIMITS``) let it fit into a datagram.
    """
    for group in _groups((line.encode() for line in lines), _ROOM_BYTES):
        yield b"\n".join((_datagram(sender, "events", [b"%d" % len(group)]), *group)), len(group)


def encode_delta(sender: str, delta: Delta) -> Iterator[tuple[bytes, Delta]]:
    """Yield datagrams that together hold all of ``delta``, each with its part of it."""
    entries = {_entry(series, amount): series for series, amount in delta.items()}
    for group in _groups(entries, _ROOM_BYTES):
        part = [entries[entry] for entry in group]
        yield _datagram(sender, "metrics", group), {series: delta[series] for series in part}


def decode_report(datagram: bytes) -> Report | None:
    """Read a datagram; None where it is not exactly of this version's form."""
    head, *lines = datagram.split(b"\n")
    try:
        content = json.loads(head)
        events = tuple(line.decode() for line in lines)
    except (ValueError, RecursionError):
        return None
    match content:
        case {"v": 1, "from": str(sender), "events": [int(count)]} if len(sender) <= _MAX_NAME_CHARS:
            return Report(sender=sender, events=events) if count == len(events) else None
        case {"v": 1, "from": str(sender), "settings": [dict(values)]} if len(sender) <= _MAX_NAME_CHARS:
            settings = read_settings(values)
            return Report(sender=sender, settings=settings) if settings else None
        case {"v": 1, "from": str(sender), "metrics": list(entries)} if len(sender) <= _MAX_NAME_CHARS:
            pairs = [pair for entry in entries if (pair := _read_entry(entry)) is not None]
            return Report(sender=sender, delta=dict(pairs)) if len(pairs) == len(entries) else None
    return None


def _groups(entries: Iterable[bytes], room_bytes: int) -> Iterator[list[bytes]]:
    """Yield the entries in lists that fit into the room with one octet after each."""
    group: list[bytes] = []
    left = room_bytes
    for entry in entries:
        size = len(entry) + 1
        if size > left and group:
            yield group
            group, left = [], room_bytes
        group.append(entry)
        left -= size
    if group:
        yield group


def _datagram(sender: str, key: str, entries: list[bytes]) -> bytes:
    return b'{"v":%d,"from":%b,"%b":[%b]}' % (VERSION, json.dumps(sender).encode(), key.encode(), b",".join(entries))


def _entry(series: Series, amount: float | Observations) -> bytes:
    """Return one series as ``[name, labels, value]`` or ``[name, labels, counts, sum]``."""
    if isinstance(amount, Observations):
        return json.dumps([*series, amount.counts, amount.total]).encode()
    return json.dumps([*series, amount]).encode()


def _read_entry(entry: object) -> tuple[Series, float | Observations] | None:
    match entry:
        case [str(name), list(labels), int(value) | float(value)]:
            series = _read_series(name, labels)
            return (series, value) if series and _may_be(FAMILIES[name].kind, value) else None
        case [str(name), list(labels), list(counts), int(total) | float(total)]:
            series = _read_series(name, labels)
            if series and _are_counts(counts, FAMILIES[name].buckets) and abs(total) <= _MAX_AMOUNT:
                return series, Observations(counts=tuple(counts), total=total)
    return None


def _may_be(kind: Kind, value: float) -> bool:
    """Tell whether ``value`` can be one of a gauge, or be added to a counter, which never falls."""
    if kind is Kind.GAUGE:
        return abs(value) <= _MAX_AMOUNT
    return kind is Kind.COUNTER and 0 <= value <= _MAX_AMOUNT


def _are_counts(counts: list[object], buckets: tuple[float, ...]) -> bool:
    right_number = bool(buckets) and len(counts) == len(buckets) + 1
    return right_number and all(isinstance(count, int) and 0 <= count <= _MAX_AMOUNT for count in counts)


def _read_series(name: str, labels: list[object]) -> Series | None:
    family = FAMILIES.get(name)
    if family is None or len(labels) != len(family.labels):
        return None
    texts = tuple(label for label in labels if isinstance(label, str) and _is_shown(label))
    return (name, texts) if len(texts) == len(labels) else None


def _is_shown(label: str) -> bool:
    """Tell whether a page can show it: half a character, which JSON can hold, it cannot."""
    return len(label) <= _MAX_NAME_CHARS and label.isprintable()
