# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask ahead for what an SPF evaluation is going to need, from the moment MAIL FROM is known.

The first answer arrives while the client still talks; from each record its includes, redirect and hosts are fetched in
turn, on the resolver's thread.  Bounded: what is not fetched here, the evaluation fetches itself.
"""

from __future__ import annotations

from functools import partial
from ipaddress import IPv4Address, ip_network
from typing import TYPE_CHECKING

from postward.authn.spf.engine import MAX_MX_HOSTS
from postward.authn.spf.identity import checkable_domain, macro_address
from postward.authn.spf.macro import DomainSpec, read_domain_spec
from postward.authn.spf.record import VERSION, Directive, read_directive, read_record
from postward.authn.spf.selection import select_record
from postward.dns.answer import Answer, RecordType
from postward.errors import PermanentFailure
from postward.model.ip_address import plain_address

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.dns.resolver import Prefetch
    from postward.model.ip_address import IpAddress

MAX_LOOKUPS = 20
"""Look-ups ahead for one identity, all together."""
MAX_RECORD_CHARACTERS = 8_192
"""Longer records are read by the evaluation alone: while one is read here, every other answer has to wait."""

_KNOWN_LETTERS = frozenset("dvi")


def prefetch_spf(domain: str, client: IpAddress, prefetch: Prefetch) -> None:
    """Start the look-ups for ``domain``; never raises, never waits."""
    name = checkable_domain(domain)
    if name is not None:
        _Ahead(plain_address(client), prefetch).fetch_record(name)


class _Ahead:
    """The look-ups ahead for one identity."""

    def __init__(self, client: IpAddress, prefetch: Prefetch) -> None:
        self._client = client
        self._prefetch = prefetch
        self._asked: set[tuple[str, RecordType]] = set()
        ip4 = isinstance(client, IPv4Address)
        self._address_type = RecordType.A if ip4 else RecordType.AAAA
        self._values = {"v": "in-addr" if ip4 else "ip6", "i": macro_address(client)}

    def fetch_record(self, domain: str) -> None:
        self._ask(domain, RecordType.TXT)

    def _ask(self, name: str, record_type: RecordType) -> None:
        if len(self._asked) >= MAX_LOOKUPS or (name, record_type) in self._asked:
            return
        self._asked.add((name, record_type))
        # The answer may be handled on the resolver's thread at once: nothing may follow this call.
        self._prefetch(name, record_type, self._then(name, record_type))

    def _then(self, name: str, record_type: RecordType) -> Callable[[Answer], None] | None:
        if record_type is RecordType.TXT:
            return partial(self._read, name)
        return self._fetch_hosts if record_type is RecordType.MX else None

    def _read(self, domain: str, answer: Answer) -> None:
        try:
            text = select_record(answer.texts()) or VERSION
            if len(text) > MAX_RECORD_CHARACTERS:
                return
            record = read_record(text)
        except PermanentFailure:
            return
        for directive in map(read_directive, record.directives):
            if self._settles(directive):
                return
            self._fetch(directive, domain)
        if record.redirect:
            self._fetch_named(read_domain_spec(record.redirect), domain, RecordType.TXT)

    def _settles(self, directive: Directive) -> bool:
        """True where the evaluation of the record ends here."""
        if directive.network is None:
            return directive.mechanism == "all"
        prefix = directive.ip4_prefix if directive.mechanism == "ip4" else directive.ip6_prefix
        return self._client in ip_network((directive.network, prefix), strict=False)

    def _fetch(self, directive: Directive, domain: str) -> None:
        types = {"include": RecordType.TXT, "exists": RecordType.A, "mx": RecordType.MX, "a": self._address_type}
        record_type = types.get(directive.mechanism)
        if record_type is not None and directive.domain is not None:
            self._fetch_named(directive.domain, domain, record_type)

    def _fetch_named(self, spec: DomainSpec, domain: str, record_type: RecordType) -> None:
        """Look the domain of a term up, unless it depends on the sender or on the client's name."""
        if spec.letters <= _KNOWN_LETTERS:
            values = self._values | {"d": domain}
            self._ask(spec.expand(values.__getitem__).lower(), record_type)

    def _fetch_hosts(self, answer: Answer) -> None:
        for mx in sorted(answer.exchanges(), key=lambda mx: mx.preference)[:MAX_MX_HOSTS]:
            if mx.host:
                self._ask(mx.host, self._address_type)
