# SPDX-License-Identifier: GPL-3.0-or-later
"""The records of a zone file: YAML in the style of the RFC 7208 test suite, read strictly.

``example.com: [{TXT: "v=spf1 -all"}, {MX: [10, mx.example.com]}, {A: 192.0.2.1}]``, and in place of records TIMEOUT or
SERVFAIL for failures.  This file is about what was written; ``zone.py`` answers from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

from postward.dns.answer import Mx, Outcome, RecordType
from postward.dns.names import to_ascii
from postward.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FAILURES = {"TIMEOUT": Outcome.TIMEOUT, "SERVFAIL": Outcome.SERVFAIL}
NONE = "NONE"
"""In place of a record: there is none of that type, and an SPF record does not stand for it."""

_MAX_PREFERENCE = 65535
_MAX_DIGITS = 6
_MAX_SHOWN_CHARACTERS = 60

ZoneData = tuple[bytes, ...] | str | Mx | IPv4Address | IPv6Address
"""One record: like ``Answer.records``, but a TXT record keeps its strings apart."""


class ZoneEntryError(ValueError):
    """One entry that makes no sense."""


@dataclass(slots=True)
class ZoneName:
    """What a zone file says about one name."""

    records: dict[RecordType, list[ZoneData]] = field(default_factory=dict)
    failures: dict[RecordType, Outcome] = field(default_factory=dict)
    """Types whose look-up fails."""
    rest: Outcome | None = None
    """How the look-up of any other type fails; None where it does not."""


def read_zone(mapping: object) -> dict[str, ZoneName]:
    """Read the parsed YAML of a zone file into its names, as A-labels in lower case.

    A name that cannot stand in DNS is left out, since nobody can ask for it; two spellings of one name have to agree.
    Raises ``UsageError`` that lists every entry which makes no sense.
    """
    if mapping is None:
        return {}
    if not isinstance(mapping, dict):
        raise UsageError(f"zone: a mapping of names is expected, not {_shown(mapping)}")
    zone: dict[str, ZoneName] = {}
    problems = []
    for key, value in mapping.items():
        try:
            _add_name(zone, _name_key(key), _zone_name(value))
        except ZoneEntryError as problem:
            problems.append(f"zone: {_shown(key)}: {problem}")
    if problems:
        raise UsageError("\n".join(problems))
    return zone


def _name_key(key: object) -> str | None:
    """Read a name; None where it cannot be asked for: an empty label, or one that is too long."""
    if isinstance(key, bool) or not isinstance(key, str | int) or not str(key):
        raise ZoneEntryError("a name is expected; put it in quotes")
    return to_ascii(str(key))


def _add_name(zone: dict[str, ZoneName], name: str | None, entry: ZoneName) -> None:
    if name is not None and zone.setdefault(name, entry) != entry:
        raise ZoneEntryError("the name stands there twice, with other records")


def _zone_name(value: object) -> ZoneName:
    """Read all that is said about one name."""
    result = ZoneName()
    entries = list(_items(value, result))
    has_txt = any(record_type == RecordType.TXT for record_type, _ in entries)
    for record_type, data in entries:
        if record_type != "SPF":
            _add(result, RecordType(record_type), data)
        elif not has_txt:
            _add(result, RecordType.TXT, data)
    return result


def _items(value: object, result: ZoneName) -> Iterator[tuple[str, object]]:
    """Go through the records up to a bare TIMEOUT or SERVFAIL, which is noted as the fate of the other types."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str) and item in FAILURES:
            # The types listed before it still answer, so what follows it could never be seen.
            result.rest = FAILURES[item]
            return
        if not isinstance(item, dict):
            raise ZoneEntryError(f"a record like {{A: 192.0.2.1}}, TIMEOUT or SERVFAIL is expected, not {_shown(item)}")
        for record_type, data in item.items():
            if record_type not in _READERS and record_type != "SPF":
                raise ZoneEntryError(f"{_shown(record_type)} is none of the record types {', '.join(_READERS)}, SPF")
            yield record_type, data


def _add(name: ZoneName, record_type: RecordType, data: object) -> None:
    if isinstance(data, str) and data in FAILURES:
        name.failures[record_type] = FAILURES[data]
    elif data != NONE:
        name.records.setdefault(record_type, []).append(_READERS[record_type](data))


def _text(data: object) -> tuple[bytes, ...]:
    """Read one TXT record: a string, or the list of its strings; none at all is a malformed, empty record."""
    return tuple(_octets(part) for part in (data if isinstance(data, list) else [data]))


def _octets(part: object) -> bytes:
    if isinstance(part, bytes):
        return part
    if isinstance(part, bool) or not isinstance(part, str | int):
        raise ZoneEntryError(f"TXT: text is expected, not {_shown(part)}; put it in quotes")
    return str(part).encode("utf-8", "surrogateescape")


def _ipv4(data: object) -> IPv4Address:
    try:
        return IPv4Address(data if isinstance(data, str) else "")
    except ValueError:
        raise ZoneEntryError(f"A: an IPv4 address is expected, not {_shown(data)}") from None


def _ipv6(data: object) -> IPv6Address:
    try:
        return IPv6Address(data if isinstance(data, str) else "")
    except ValueError:
        raise ZoneEntryError(f"AAAA: an IPv6 address is expected, not {_shown(data)}; put it in quotes") from None


def _exchange(data: object) -> Mx:
    match data:
        case [preference, host]:
            pass
        case _:
            raise ZoneEntryError(f"MX: [preference, name] is expected, not {_shown(data)}")
    if isinstance(preference, str) and preference.isascii() and preference.isdigit():
        # A number in quotes is what some writers of YAML make of it.
        preference = int(preference[:_MAX_DIGITS])
    if isinstance(preference, bool) or not isinstance(preference, int) or not 0 <= preference <= _MAX_PREFERENCE:
        raise ZoneEntryError(f"MX: a preference from 0 to {_MAX_PREFERENCE} is expected, not {_shown(preference)}")
    return Mx(preference, _target(host))


def _target(data: object) -> str:
    """Read the name that a record points to; "" is the root, as in a null MX (RFC 7505)."""
    if isinstance(data, str) and data in {"", "."}:
        return ""
    name = to_ascii(data) if isinstance(data, str) else None
    if name is None:
        raise ZoneEntryError(f"a DNS name is expected, not {_shown(data)}")
    return name


def _shown(value: object) -> str:
    """Quote what was read for a message, in ASCII and not at any length."""
    text = ascii(value)
    return text if len(text) <= _MAX_SHOWN_CHARACTERS else f"{text[:_MAX_SHOWN_CHARACTERS]}..."


_READERS: dict[str, Callable[[object], ZoneData]] = {
    RecordType.A: _ipv4,
    RecordType.AAAA: _ipv6,
    RecordType.CNAME: _target,
    RecordType.MX: _exchange,
    RecordType.NS: _target,
    RecordType.PTR: _target,
    RecordType.TXT: _text,
}
