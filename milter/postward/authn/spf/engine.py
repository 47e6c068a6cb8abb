# SPDX-License-Identifier: GPL-3.0-or-later
"""pyspf as the engine of an evaluation (RFC 7208 section 4), corrected where it was measured wrong.

pyspf keeps the flow: records, terms in order, qualifiers, include, redirect, errors and their results.  Ours is what
it is handed: the terms (read strictly, macros included), the DNS (a ``Lookup``, absolute names), the counting of terms
and of void look-ups, the comparison of addresses, the validated names of the client.  Terms are counted, and their
domains expanded, when they are evaluated and not before.  The explanation (``exp=``) is read and never fetched.
"""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import TYPE_CHECKING

import spf

from postward.authn.spf.counted_lookup import CountedLookup
from postward.authn.spf.identity import macro_address
from postward.authn.spf.macro import read_domain_spec
from postward.authn.spf.record import VERSION, read_directive, read_record
from postward.authn.spf.selection import select_record
from postward.authn.spf.target import Target
from postward.dns.answer import RecordType
from postward.dns.names import to_ascii
from postward.errors import DnsFailure, PermanentFailure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from postward.authn.spf.settings import SpfSettings
    from postward.dns.resolver import Lookup
    from postward.model.ip_address import IpAddress

MAX_MX_HOSTS = 10
MAX_PTR_NAMES = 10
UNKNOWN_NAME = "unknown"
"""RFC 7208 section 7.3: what %{p} becomes without a validated name."""

_RESULTS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}


class PolicyQuery(spf.query):
    """One evaluation of check_host() for one client and one sender.

    ``check()`` raises TemporaryFailure and PermanentFailure beside what pyspf returns as temperror and permerror.
    """

    def __init__(
        self,
        *,
        client: IpAddress,
        local_part: str,
        domain: str,
        helo: str,
        lookup: Lookup,
        settings: SpfSettings,
        clock: Callable[[], float],
    ) -> None:
        super().__init__(i=client, s=f"{local_part}@{domain}", h=helo)
        # pyspf splits at the first "@", which may stand in a quoted local part.
        self.l, self.o, self.d = local_part, domain, domain
        self._lookup = CountedLookup(lookup, settings, clock)
        self._client_names: tuple[str, ...] | None = None
        self._client_is_void = False

    def set_ip(self, i: IpAddress) -> None:
        """Take the client's address as it is, where pyspf would read it from text."""
        self._client = int(i)
        self.i = macro_address(i)
        self.cidrmax = i.max_prefixlen
        self.v, self.A = ("in-addr", "A") if isinstance(i, IPv4Address) else ("ip6", "AAAA")

    def macro_value(self, letter: str) -> str:
        """What a macro letter stands for (RFC 7208 section 7.2)."""
        return self._best_client_name() if letter == "p" else str(getattr(self, letter))

    def dns_spf(self, domain: str | Target) -> str | None:
        """Fetch a domain's record, without the modifiers that decide nothing; None where there is none."""
        name = domain if isinstance(domain, str) else self._begin_term(domain)
        if isinstance(domain, Target) and domain.matches_nothing:
            # RFC 8616 section 4: an include does not match; RFC 7208 section 6.1: a redirect needs a record.
            return None if domain.is_redirect else VERSION
        usable = to_ascii(name)
        # RFC 7208 section 4.3: none for a malformed name, and for one with a single label.
        if usable is None or "." not in usable:
            return None
        text = select_record(self._lookup(usable, RecordType.TXT).texts())
        if text is None:
            return None
        record = read_record(text)
        redirect = (f"redirect={record.redirect}",) if record.redirect else ()
        return " ".join((VERSION, *record.directives, *redirect))

    def check1(self, spf: str | None, domain: str | Target, recursion: int) -> tuple[str, int, str]:
        """Evaluate the record of an included domain, or of the one redirected to, under its own name."""
        name = domain if isinstance(domain, str) else domain.lower()
        return super().check1(spf, name, recursion)

    def validate_mechanism(self, mech: str) -> tuple[str, str, Target | IpAddress | None, int, str]:
        """Hand over a directive: text, name, argument, prefix length for this client, result where it matches."""
        directive = read_directive(mech)
        prefix = directive.ip4_prefix if self.A == "A" else directive.ip6_prefix
        argument = Target(directive.domain, self.macro_value) if directive.domain else directive.network
        return mech, directive.mechanism, argument, prefix, _RESULTS[directive.qualifier]

    def expand_domain(self, arg: str) -> Target:
        """The domain of a redirect, to be expanded when it is followed."""
        return Target(read_domain_spec(arg), self.macro_value, is_redirect=True)

    def check_lookups(self) -> None:
        """Count nothing: pyspf calls this for a redirect that may never be followed; see ``_begin_term``."""

    def dns(
        self, name: str | Target, qtype: str, cnames: object = None, ignore_void: bool = False
    ) -> list[str | IpAddress]:
        """Look a name up for ``dns_a`` and ``dns_ptr``."""
        del cnames, ignore_void
        answer = self._lookup(name if isinstance(name, str) else self._begin_term(name), RecordType(qtype))
        return [*answer.addresses(), *answer.names()]

    def dns_mx(self, domainname: Target) -> Iterator[IpAddress]:
        """Addresses of the mail exchangers, in order of preference, each looked up when it is come to."""
        exchanges = self._lookup(self._begin_term(domainname), RecordType.MX).exchanges()
        # RFC 7208 section 4.6.4: more than ten is permerror.
        if len(exchanges) > MAX_MX_HOSTS:
            raise PermanentFailure(f"more than {MAX_MX_HOSTS} mail exchangers")
        # RFC 7505: a null MX names no host.
        hosts = [mx.host for mx in sorted(exchanges, key=lambda mx: (mx.preference, mx.host)) if mx.host]
        return (address for host in hosts for address in self.dns_a(host, self.A))

    def validated_ptrs(self) -> tuple[str, ...]:
        """Names of the client that lead back to it, for the mechanism ptr."""
        self._begin_term(None)
        return self._validated_names()

    def cidrmatch(self, ipaddrs: Iterable[IpAddress], n: int) -> bool:
        """True where the client is in one of the networks with a prefix of ``n`` bits."""
        shift = self.cidrmax - n
        wanted = self._client >> shift
        return any(int(address) >> shift == wanted for address in ipaddrs)

    def _begin_term(self, target: Target | None) -> str:
        """Count a term that asks the DNS (RFC 7208 section 4.6.4: at most ten), and expand its domain."""
        if target is None or not target.matches_nothing:
            super().check_lookups()
        self._lookup.begin_term()
        return target.expand() if target else ""

    def _best_client_name(self) -> str:
        """RFC 7208 section 7.3, %{p}: the domain itself, else a name below it, else any, else "unknown"."""
        if self._client_names is None:
            # RFC 7208 section 4.6.4: the PTR query of a %{p} counts like that of a ptr.
            super().check_lookups()
        names = self._validated_names()
        below = f".{self.d}"
        return min(names, key=lambda name: (name != self.d, not name.endswith(below)), default=UNKNOWN_NAME)

    def _validated_names(self) -> tuple[str, ...]:
        if self._client_names is None:
            self._client_names = self._look_client_up()
            self._client_is_void = self._lookup.term_is_void
        elif self._client_is_void:
            # RFC 7208 section 4.6.4: one more term for which the DNS has nothing, though it is not asked again.
            self._lookup.note_void_term(self.i)
        return self._client_names

    def _look_client_up(self) -> tuple[str, ...]:
        try:
            # RFC 7208 section 4.6.4: names beyond the tenth are ignored.
            names = [str(name) for name in self.dns_ptr(self.i)[:MAX_PTR_NAMES]]
        except DnsFailure:
            # RFC 7208 section 5.5: without an answer to the PTR query nothing matches.
            return ()
        return tuple(filter(self._leads_back, names))

    def _leads_back(self, name: str) -> bool:
        try:
            return self.cidrmatch(self.dns_a(name, self.A), self.cidrmax)
        except DnsFailure:
            # RFC 7208 section 5.5: a name whose address look-up fails is skipped.
            return False
