# SPDX-License-Identifier: GPL-3.0-or-later
"""Generate cases for SPF (RFC 7208): a client, an identity, and a zone.

A profile says what may stand in them: no peer is asked about what it is known to judge otherwise (README.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from zlib import crc32

from postward.dns.answer import Answer, Outcome, RecordType
from postward.dns.names import to_ascii
from postward.dns.zone import ZoneLookup
from tests.differential.spf_records import DOMAINS, HOSTS, MODIFIERS, ODD_TERMS, RecordMaker, RecordProfile

if TYPE_CHECKING:
    from random import Random

_CLIENTS = ("192.0.2.1", "192.0.2.129", "198.51.100.7", "2001:db8::1", "2001:db8:1::25", "::ffff:192.0.2.1")
_LOCALS = ("u", "user", "strong-bad", "a.b.c", "a_b+c=d", "", "postmaster", "x/y", "A%B", "philip-gladstone-test")
_ODD_SENDERS = (
    '"a@b"@example.com', '"a b"@a.example.com', "\u00fc@example.com", "u" * 70 + "@example.com",
    ("u" * 60 + ".") * 5 + "u@b.example.com", "u@EXAMPLE.com", "u@localhost", "u@b\u00fccher.example.com",
    "u@192.0.2.1", "u@[192.0.2.1]", "u@a..b.example.com", "u@" + "x" * 64 + ".example.com",
    "u@" + "x" * 60 + ("." + "x" * 60) * 4 + ".example.com", "u@.example.com", "u@", "@example.com", "example.com",
    "a@b@example.com", "u@xn--bcher-kva.example.com", "<u@example.com", "%{i}@example.com",
)  # fmt: skip
_REVERSE_NAMES = ("1.2.0.192.in-addr.arpa", "129.2.0.192.in-addr.arpa", "1." + "0." * 23 + "8.b.d.0.1.0.0.2.ip6.arpa")
_HAS_TOP_LABEL = re.compile(r"\.[a-z]+\Z", re.IGNORECASE)
_INVENTED = {
    RecordType.A: (ip_address("192.0.2.1"), ip_address("203.0.113.9")),
    RecordType.AAAA: (ip_address("2001:db8::1"), ip_address("2001:db8:ffff::1")),
    RecordType.TXT: (b"v=spf1 +all", b"v=spf1 -all", b"v=spf1 ?all", b"unrelated"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfProfile:
    """What may stand in a case."""

    records: RecordProfile = field(default_factory=RecordProfile)
    exchanges_in_order: bool = False
    """Mail exchangers stand in the order of their preference, all different."""
    odd_senders: tuple[str, ...] = _ODD_SENDERS
    has_failing_reverse_names: bool = True


@dataclass(frozen=True, slots=True)
class SpfCase:
    """One case."""

    client: str
    helo: str
    mail_from: str
    """Empty for the null path."""
    zone: dict[str, Any]


def spf_case(random: Random, profile: SpfProfile) -> SpfCase:
    """Make one case."""
    helo = random.choice((*DOMAINS, *HOSTS))
    mail_from = f"{random.choice(_LOCALS)}@{random.choice(DOMAINS)}" if random.random() < 0.9 else ""
    if profile.odd_senders and random.random() < 0.1:
        mail_from = random.choice(profile.odd_senders)
    return SpfCase(random.choice(_CLIENTS), helo, mail_from, _ZoneMaker(random, profile).zone())


class CheckeredLookup:
    """The zone of a case, in which a third of the names that it does not hold have an address and a record.

    So a name that one side expands otherwise than the other is seen in the result.
    """

    def __init__(self, zone: dict[str, Any]) -> None:
        self._zone = ZoneLookup(zone)

    def __call__(self, name: str, record_type: RecordType) -> Answer:
        answer = self._zone(name, record_type)
        lot = crc32(name.lower().encode())
        records = _INVENTED.get(record_type)
        is_name = to_ascii(name) is not None and _HAS_TOP_LABEL.search(name)
        if answer.outcome is not Outcome.NXDOMAIN or records is None or lot % 3 or not is_name:
            return answer
        return Answer(outcome=Outcome.OK, records=(records[lot % len(records)],))


class _ZoneMaker:
    """Makes the zone of one case."""

    def __init__(self, random: Random, profile: SpfProfile) -> None:
        self._random = random
        self._profile = profile
        self._records = RecordMaker(random, profile.records)

    def zone(self) -> dict[str, Any]:
        random = self._random
        zone: dict[str, Any] = {name: self._texts() + self._addresses() + self._exchanges() for name in DOMAINS}
        for name in HOSTS:
            zone[name] = self._addresses() + (self._texts() if random.random() < 0.3 else [])
        for name in _REVERSE_NAMES:
            names = random.choice((0, 1, 1, 2, 12))
            zone[name] = [{"PTR": random.choice((*HOSTS, *DOMAINS))} for _ in range(names)]
        self._add_failures(zone)
        if random.random() < 0.1:
            zone["gone.example.org"] = [{"CNAME": random.choice(("mx1.example.com", *DOMAINS))}]
        return {name: zone[name] for name in zone if random.random() < 0.93}

    def _add_failures(self, zone: dict[str, Any]) -> None:
        probability = self._random.choice((0.0, 0.0, 0.05))
        for name in zone:
            may_fail = self._profile.has_failing_reverse_names or name not in _REVERSE_NAMES
            if may_fail and self._random.random() < probability:
                zone[name] = self._random.choice(("TIMEOUT", "SERVFAIL"))

    def _addresses(self) -> list[Any]:
        pick = self._random.choice
        ip4 = ("192.0.2.1", "192.0.2.129", "198.51.100.7", "203.0.113.9")
        ip6 = ("2001:db8::1", "2001:db8:1::25", "2001:db8:ffff::1")
        found = [{"A": pick(ip4)} for _ in range(pick((0, 1, 1, 2)))]
        return found + [{"AAAA": pick(ip6)} for _ in range(pick((0, 0, 1, 2)))]

    def _exchanges(self) -> list[Any]:
        random = self._random
        preferences = [random.randrange(30) for _ in range(random.choice((0, 0, 1, 1, 2, 3, 10)))]
        if random.random() < 0.05:
            return [{"MX": [0, ""]}]
        if self._profile.exchanges_in_order:
            preferences = sorted(set(preferences))
        return [{"MX": [number, random.choice((*HOSTS, f"m{number}.example.org"))]} for number in preferences]

    def _texts(self) -> list[Any]:
        random = self._random
        count = random.choice((1,) * 12 + (0, 0, 2))
        texts: list[Any] = [{"TXT": self._strings(self._records.record())} for _ in range(count)]
        if random.random() < 0.2:
            texts.append({"TXT": random.choice(("hello", "v=spf10", "v=spf2.0/pra +all", ""))})
        return texts

    def _strings(self, text: str) -> str | list[str]:
        """Cut into the strings of one record, sometimes."""
        cut = self._random.randrange(len(text) + 1)
        return [text[:cut], text[cut:]] if self._random.random() < 0.1 else text


EVERYTHING = SpfProfile()
_NOT_PLAIN = (
    "ip6:::/0", "ip6:::ffff:192.0.2.1", "exists:%{d0}.example.com", "a:", "mx:", "ptr:", "a://64", "a:/24", "exp=",
    "exp=%{r}",
)  # fmt: skip
PLAIN = SpfProfile(
    records=RecordProfile(
        letters="sloidvh",
        odd_letters="",
        reversals=("", "r"),
        has_bare_delimiters=False,
        ip6_prefixes=("", "/128"),
        odd_terms=tuple(term for term in ODD_TERMS if term not in _NOT_PLAIN),
        modifiers=tuple(modifier for modifier in MODIFIERS if modifier not in _NOT_PLAIN),
    ),
    exchanges_in_order=True,
    odd_senders=(),
    has_failing_reverse_names=False,
)
"""Without what Mail::SPF is known to judge otherwise."""
WITHOUT_MACROS = SpfProfile(records=RecordProfile(kinds=("a", "a", "exists", "include", "ip4"), has_macros=False))
"""Where a void term is a void look-up, and each name is asked for by everybody."""
