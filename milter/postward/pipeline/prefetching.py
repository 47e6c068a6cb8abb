"""Start look-ups as soon as their input is known, so that at the end of the message the answers are there.

The hooks are called on libmilter's threads: they only post a callable to the DNS thread, where the names are
worked out and asked for.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from postward.authn.dkim import key_query_name
from postward.authn.dmarc import prefetch_dmarc
from postward.authn.iprev import prefetch_iprev
from postward.authn.spf import prefetch_spf
from postward.checks.origin import OriginSettings, effective_address, is_within
from postward.dns.answer import RecordType

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.dns.resolver import Prefetch
    from postward.model.connection import IpAddress
    from postward.model.header import HeaderField
    from postward.model.transaction import Transaction

_MAX_PREFETCHED_FIELDS = 32
_SIGNATURES = frozenset({b"dkim-signature", b"arc-seal", b"arc-message-signature"})
_INTERESTING = _SIGNATURES | {b"from"}


class Poster(Protocol):
    """The part of a resolver that takes work for its own thread."""

    def post(self, work: Callable[[], None]) -> None:
        """Run ``work`` on the DNS thread; never blocks."""
        ...


class Prefetching:
    """Hooks for the stages of a session."""

    def __init__(self, poster: Poster, prefetch: Prefetch, settings: OriginSettings) -> None:
        self._post = poster.post
        self._prefetch = prefetch
        self._settings = settings

    def connected(self, transaction: Transaction) -> None:
        """Ask for the client's names."""
        client = self._judged_client(transaction)
        if client is not None:
            self._post(partial(prefetch_iprev, client, self._prefetch))

    def sender_given(self, transaction: Transaction) -> None:
        """Ask for the SPF records of the envelope sender's domain and of the HELO name."""
        client = self._judged_client(transaction)
        if client is None or transaction.authentication.user:
            return
        for domain in {transaction.sender.address.domain, transaction.helo} - {""}:
            self._post(partial(prefetch_spf, domain, client, self._prefetch))

    def field_seen(self, transaction: Transaction, field: HeaderField) -> None:
        """Ask for the key of a signature, or for the policy of the author's domain."""
        if field.key not in _INTERESTING or transaction.prefetched >= _MAX_PREFETCHED_FIELDS:
            return
        transaction.prefetched += 1
        if field.key in _SIGNATURES:
            self._post(partial(self._fetch_key, field.value))
        else:
            self._post(partial(prefetch_dmarc, field.value, self._prefetch))

    def _fetch_key(self, value: bytes) -> None:
        name = key_query_name(value)
        if name is not None:
            self._prefetch(name, RecordType.TXT)

    def _judged_client(self, transaction: Transaction) -> IpAddress | None:
        """The client that SPF and iprev will most likely be about; None where none will be."""
        address = transaction.connection.address
        if address is None:
            return None
        client = effective_address(address)
        settings = self._settings
        own = transaction.connection.daemon_name in settings.outbound_daemon_names
        if own or client.is_loopback or is_within(client, settings.local_networks + settings.trusted_relays):
            return None
        return client
