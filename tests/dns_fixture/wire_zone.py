# SPDX-License-Identifier: GPL-3.0-or-later
"""What a zone file says, as DNS messages: what a recursive server would answer if the file were the whole world."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.rdtypes.ANY.CNAME import CNAME
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.NS import NS
from dns.rdtypes.ANY.PTR import PTR
from dns.rdtypes.ANY.TXT import TXT
from dns.rdtypes.IN.A import A
from dns.rdtypes.IN.AAAA import AAAA

from postward.dns.answer import Mx, Outcome, RecordType
from postward.dns.zone_records import ZoneData, ZoneName, read_zone

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_CNAMES = 10
MAX_STRING_BYTES = 255
PAYLOAD_BYTES = 1232
MIN_PAYLOAD_BYTES = 512

_IN = dns.rdataclass.IN
_SOA = "ns.invalid. hostmaster.invalid. 1 3600 600 86400 30"
_NAMES = {RecordType.CNAME: CNAME, RecordType.NS: NS, RecordType.PTR: PTR}


class WireZone:
    """Answers questions; names are compared octet by octet without regard to case."""

    def __init__(self, mapping: object, ttl_s: int) -> None:
        self._ttl_s = ttl_s
        self._names = {_name(name): entry for name, entry in read_zone(mapping).items()}
        self._inner = {name.split(depth)[1] for name in self._names for depth in range(1, len(name))}

    def respond(self, query: dns.message.Message) -> dns.message.Message | None:
        """Return the answer; None where the server is to keep silent."""
        response = dns.message.make_response(query, recursion_available=True, our_payload=PAYLOAD_BYTES)
        question = query.question[0]
        outcome = self._answer(response, question.name, dns.rdatatype.to_text(question.rdtype))
        if outcome is Outcome.TIMEOUT:
            return None
        if outcome is Outcome.SERVFAIL:
            response.answer.clear()
            response.set_rcode(dns.rcode.SERVFAIL)
        elif outcome is not Outcome.OK:
            response.set_rcode(dns.rcode.NXDOMAIN if outcome is Outcome.NXDOMAIN else dns.rcode.NOERROR)
            response.authority.append(dns.rrset.from_text(dns.name.root, 30, _IN, "SOA", _SOA))
        return response

    def _answer(self, response: dns.message.Message, owner: dns.name.Name, record_type: str) -> Outcome:
        for _ in range(MAX_CNAMES + 1):
            entry = self._names.get(owner)
            if entry is None:
                return Outcome.NODATA if owner in self._inner else Outcome.NXDOMAIN
            if record_type in entry.failures:
                return entry.failures[RecordType(record_type)]
            if record_type in entry.records:
                self._add(response, owner, RecordType(record_type), entry)
                return Outcome.OK
            if RecordType.CNAME not in entry.records:
                return entry.rest or Outcome.NODATA
            self._add(response, owner, RecordType.CNAME, entry)
            owner = _name(str(entry.records[RecordType.CNAME][0]))
        return Outcome.SERVFAIL

    def _add(
        self, response: dns.message.Message, owner: dns.name.Name, record_type: RecordType, entry: ZoneName
    ) -> None:
        # One set a record, since dnspython shuffles the records of a set.
        for data in entry.records[record_type]:
            response.answer.append(dns.rrset.from_rdata(owner, self._ttl_s, _rdata(record_type, data)))


def packed(response: dns.message.Message, query: dns.message.Message, *, tcp: bool) -> bytes:
    """Return the octets of ``response``; over UDP an empty truncated one where it is too long for the client."""
    limit = 65535 if tcp else max(query.payload, MIN_PAYLOAD_BYTES)
    wire = response.to_wire(max_size=65535)
    if len(wire) <= limit:
        return wire
    truncated = dns.message.make_response(query, recursion_available=True, our_payload=PAYLOAD_BYTES)
    truncated.flags |= dns.flags.TC
    return truncated.to_wire()


def _name(text: str) -> dns.name.Name:
    labels = [label.encode("ascii") for label in text.split(".")] if text else []
    return dns.name.Name([*labels, b""])


def _rdata(record_type: RecordType, data: ZoneData) -> dns.rdata.Rdata:
    match data:
        case Mx():
            return MX(_IN, dns.rdatatype.MX, data.preference, _name(data.host))
        case tuple():
            return TXT(_IN, dns.rdatatype.TXT, list(_strings(data)))
        case str():
            return _NAMES[record_type](_IN, dns.rdatatype.from_text(record_type), _name(data))
    return (A if record_type is RecordType.A else AAAA)(_IN, dns.rdatatype.from_text(record_type), str(data))


def _strings(strings: tuple[bytes, ...]) -> Iterator[bytes]:
    """Cut what is too long for one string; a TXT record has one string at least (RFC 1035 section 3.3.14)."""
    for string in strings or (b"",):
        for start in range(0, max(len(string), 1), MAX_STRING_BYTES):
            yield string[start : start + MAX_STRING_BYTES]
