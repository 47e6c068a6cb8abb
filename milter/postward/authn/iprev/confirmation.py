# SPDX-License-Identifier: GPL-3.0-or-later
"""Forward-confirmed reverse DNS: do the client's names lead back to its address? (RFC 8601 section 3)."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from postward.authn.iprev.reverse_name import reverse_name
from postward.dns.answer import Answer, RecordType
from postward.model.ip_address import plain_address
from postward.model.iprev import IprevResult, IprevStatus

if TYPE_CHECKING:
    from postward.dns.resolver import Lookup, Prefetch
    from postward.model.ip_address import IpAddress

MAX_NAMES = 10
"""RFC 8601 section 3: names beyond the tenth are ignored, for their number is the client's to choose."""


def check_iprev(address: IpAddress, lookup: Lookup) -> IprevResult:
    """Look up the client's names, and the addresses of each in turn, until one confirms."""
    answer = lookup(reverse_name(address), RecordType.PTR)
    if answer.failed:
        return IprevResult(status=IprevStatus.TEMPERROR, reason=f"reverse look-up: {answer.outcome}")
    # A PTR record may name the root, which is no host.
    names = tuple(filter(None, answer.names()[:MAX_NAMES]))
    if not names:
        # RFC 8601 section 2.7.3: nothing published for the address is permerror.
        return IprevResult(status=IprevStatus.PERMERROR, reason=f"no reverse name: {answer.outcome}")
    return _confirm(plain_address(address), names, lookup)


def prefetch_iprev(address: IpAddress, prefetch: Prefetch) -> None:
    """Start the look-ups of ``check_iprev``; never raises, never waits."""
    address_type = _address_type(plain_address(address))

    def fetch_addresses(answer: Answer) -> None:
        for name in answer.names()[:MAX_NAMES]:
            prefetch(name, address_type)

    prefetch(reverse_name(address), RecordType.PTR, fetch_addresses)


def _confirm(address: IpAddress, names: tuple[str, ...], lookup: Lookup) -> IprevResult:
    failure: Answer | None = None
    for name in names:
        answer = lookup(name, _address_type(address))
        if address in answer.addresses():
            return IprevResult(status=IprevStatus.PASS, name=name)
        failure = answer if answer.failed else failure
    if failure is not None:
        # One of the names might have confirmed: RFC 8601 section 2.7.3, a later attempt may do better.
        return IprevResult(status=IprevStatus.TEMPERROR, name=names[0], reason=f"forward look-up: {failure.outcome}")
    return IprevResult(status=IprevStatus.FAIL, name=names[0], reason="no name leads back to the address")


def _address_type(address: IpAddress) -> RecordType:
    return RecordType.A if isinstance(address, IPv4Address) else RecordType.AAAA
