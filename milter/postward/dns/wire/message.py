# SPDX-License-Identifier: GPL-3.0-or-later
"""DNS messages octet by octet (RFC 1035 section 4): one question out, the answer to it in.

For the questions that c-ares cannot ask, see ``direct.py``.  Reading is strict, and linear in the size of the message.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.dns.answer import RecordType
from postward.dns.wire.name import Name, NameReader, WireError, write_name
from postward.dns.wire.record import read_data

if TYPE_CHECKING:
    from postward.dns.answer import RecordData

TYPE_CODES = {
    RecordType.A: 1,
    RecordType.NS: 2,
    RecordType.CNAME: 5,
    RecordType.PTR: 12,
    RecordType.MX: 15,
    RecordType.TXT: 16,
    RecordType.AAAA: 28,
}
PAYLOAD_BYTES = 1232
"""What a datagram may hold without being cut on its way (DNS flag day 2020)."""

NOERROR, FORMERR, NXDOMAIN = 0, 1, 3

_HEADER = struct.Struct("!6H")
_QUESTION = struct.Struct("!HH")
_RECORD = struct.Struct("!HHIH")
_CLASS_IN = 1
_TYPE_OPT = 41
_RECURSION_DESIRED = 0x0100
_RESPONSE = 0x8000
_OPCODE = 0x7800
_TRUNCATED = 0x0200
_RCODE = 0x000F
_MAX_CNAMES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class WireAnswer:
    """What a message says about the name that was asked for."""

    rcode: int
    truncated: bool
    aliased: bool = False
    """The name has a CNAME, so it exists whatever the code says about the end of the chain (RFC 6604 section 3)."""
    records: tuple[RecordData, ...] = ()
    ttl_s: float | None = None
    """The least TTL on the way to the records; None without any."""


@dataclass(frozen=True, slots=True)
class _Record:
    owner: Name
    type_code: int
    ttl_s: int
    data: RecordData | Name


def write_query(query_id: int, name: Name, record_type: RecordType, *, edns: bool) -> bytes:
    """Return a query with recursion desired; with ``edns`` it says which size of answer may come (RFC 6891)."""
    header = _HEADER.pack(query_id, _RECURSION_DESIRED, 1, 0, 0, int(edns))
    question = write_name(name) + _QUESTION.pack(TYPE_CODES[record_type], _CLASS_IN)
    options = b"\0" + _RECORD.pack(_TYPE_OPT, PAYLOAD_BYTES, 0, 0) if edns else b""
    return header + question + options


def read_answer(wire: bytes, query_id: int, name: Name, record_type: RecordType) -> WireAnswer:
    """Read the answer to the query of that id and question; raises ``WireError`` where it is none."""
    try:
        return _read_answer(wire, query_id, name, record_type)
    except (struct.error, IndexError) as error:
        raise WireError("the message ends too early") from error


def _read_answer(wire: bytes, query_id: int, name: Name, record_type: RecordType) -> WireAnswer:
    answer_id, flags, questions, answers, authorities, additions = _HEADER.unpack_from(wire)
    if answer_id != query_id or not flags & _RESPONSE or flags & _OPCODE or questions != 1:
        raise WireError("no answer to this query")
    names = NameReader(wire)
    asked, at = names.read(_HEADER.size)
    if (asked, *_QUESTION.unpack_from(wire, at)) != (name, TYPE_CODES[record_type], _CLASS_IN):
        raise WireError("an answer to another question")
    rcode, truncated = flags & _RCODE, bool(flags & _TRUNCATED)
    if truncated:
        return WireAnswer(rcode=rcode, truncated=True)
    records, at = _read_records(wire, names, at + _QUESTION.size, answers, record_type)
    _skip_records(wire, names, at, authorities + additions)
    return _assembled(rcode, name, records, TYPE_CODES[record_type])


def _read_records(
    wire: bytes, names: NameReader, at: int, count: int, record_type: RecordType
) -> tuple[list[_Record], int]:
    """Read the records of the type asked for, and the CNAMEs; every other is skipped.  Also the place after them."""
    records = []
    for _ in range(count):
        owner, at = names.read(at)
        type_code, record_class, ttl_s, size = _RECORD.unpack_from(wire, at)
        start = at + _RECORD.size
        at = start + size
        if at > len(wire):
            raise WireError("a record ends after the message")
        data: RecordData | Name | None = None
        if record_class == _CLASS_IN and type_code == TYPE_CODES[record_type]:
            data = read_data(record_type, wire, names, start, at)
        elif record_class == _CLASS_IN and type_code == TYPE_CODES[RecordType.CNAME]:
            data, _ = names.read(start)
        if data is not None:
            records.append(_Record(owner, type_code, ttl_s, data))
    return records, at


def _skip_records(wire: bytes, names: NameReader, at: int, count: int) -> None:
    """Pass over records that nobody needs: a message that ends among them was cut, and is not believed."""
    for _ in range(count):
        _, at = names.read(at)
        size = _RECORD.unpack_from(wire, at)[-1]
        at += _RECORD.size + size
        if at > len(wire):
            raise WireError("a record ends after the message")


def _assembled(rcode: int, name: Name, records: list[_Record], type_code: int) -> WireAnswer:
    """Follow the CNAMEs from ``name`` and keep the records at their end."""
    aliases = {record.owner: record for record in records if record.type_code != type_code}
    owner = name
    ttls: list[int] = []
    while owner in aliases and len(ttls) < _MAX_CNAMES:
        alias = aliases[owner]
        ttls.append(alias.ttl_s)
        owner = alias.data if isinstance(alias.data, tuple) else owner
    kept = [record for record in records if record.type_code == type_code and record.owner == owner]
    ttls.extend(record.ttl_s for record in kept)
    return WireAnswer(
        rcode=rcode,
        truncated=False,
        aliased=name in aliases,
        records=tuple(record.data for record in kept if not isinstance(record.data, tuple)),
        ttl_s=min(ttls) if kept else None,
    )
