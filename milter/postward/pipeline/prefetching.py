# SPDX-License-Identifier: GPL-3.0-or-later
"""Start look-ups as soon as their input is known, so that at the end of the message the answers are there.

The hooks are called on libmilter's threads: they only post a callable to the DNS thread, where the names are
worked out and asked for; and not even that where the same was asked a moment ago, for the answer is in the cache then.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Protocol

from postward.authn.dkim import key_query_name
from postward.authn.dmarc import prefetch_dmarc
from postward.authn.iprev import prefetch_iprev
from postward.authn.spf import prefetch_spf
from postward.dns.answer import RecordType
from postward.dns_lists.zone import Subject
from postward.model.ip_address import is_within, plain_address
from postward.pipeline.recently_asked import RecentlyAsked

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from postward.checks.origin import OriginSettings
    from postward.dns.resolver import Prefetch
    from postward.model.header import HeaderField
    from postward.model.ip_address import IpAddress
    from postward.model.transaction import Transaction
    from postward.pipeline.list_prefetching import ListPrefetching

_MAX_PREFETCHED_FIELDS = 32
_SIGNATURES = frozenset({b"dkim-signature", b"arc-seal", b"arc-message-signature"})
_INTERESTING = _SIGNATURES | {b"from"}
_MAX_HINT_BYTES = 255


class Poster(Protocol):
    """The part of a resolver that takes work for its own thread."""

    def post(self, work: Callable[[], None]) -> None:
        """Run ``work`` on the DNS thread; never blocks."""
        ...


class Prefetching:
    """Hooks for the stages of a session."""

    def __init__(
        self,
        poster: Poster,
        prefetch: Prefetch,
        settings: OriginSettings,
        *,
        lists: ListPrefetching | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``lists`` asks DNS lists ahead; None asks none."""
        self._post = poster.post
        self._prefetch = prefetch
        self._settings = settings
        self._lists = lists
        self._is_news = RecentlyAsked(clock).is_news

    def connected(self, transaction: Transaction) -> None:
        """Ask for the client's names, and lists about it."""
        client = self._judged_client(transaction)
        if client is not None and self._is_news(client):
            self._post(partial(prefetch_iprev, client, self._prefetch))
            if self._lists is not None:
                self._post(partial(self._lists.client_known, client))

    def sender_given(self, transaction: Transaction) -> None:
        """Ask for the SPF records of the envelope sender's domain and of the HELO name."""
        client = self._judged_client(transaction)
        if client is None or transaction.authentication.user:
            return
        for domain in {transaction.sender.address.domain, transaction.helo}:
            # A longer one is no name, and would only be remembered.
            if 0 < len(domain) <= _MAX_HINT_BYTES and self._is_news((domain, client)):
                self._post(partial(prefetch_spf, domain, client, self._prefetch))
        if self._lists is not None:
            self._ask_lists(Subject.SENDER, transaction.sender.address.domain)
            self._ask_lists(Subject.HELO, transaction.helo)

    def field_seen(self, transaction: Transaction, field: HeaderField) -> None:
        """Ask for the key of a signature, or for the policy of the author's domain."""
        key = field.key
        if key not in _INTERESTING or transaction.prefetched >= _MAX_PREFETCHED_FIELDS:
            return
        transaction.prefetched += 1
        if key in _SIGNATURES:
            if self._is_news(_key_hint(field.value)):
                self._post(partial(self._fetch_key, field.value))
        elif self._is_news(_author_hint(field.value)):
            self._post(partial(prefetch_dmarc, field.value, self._prefetch))

    def _ask_lists(self, kind: Subject, domain: str) -> None:
        if self._lists is not None and 0 < len(domain) <= _MAX_HINT_BYTES and self._is_news((kind, domain)):
            self._post(partial(self._lists.domain_known, kind, domain))

    def _fetch_key(self, value: bytes) -> None:
        name = key_query_name(value)
        if name is not None:
            self._prefetch(name, RecordType.TXT)
            if self._lists is not None:
                self._lists.domain_known(Subject.DKIM, name.partition("._domainkey.")[2])

    def _judged_client(self, transaction: Transaction) -> IpAddress | None:
        """The client that SPF and iprev will most likely be about; None where none will be."""
        address = transaction.connection.address
        if address is None:
            return None
        client = plain_address(address)
        settings = self._settings
        own = transaction.connection.daemon_name in settings.outbound_daemon_names
        if own or client.is_loopback or is_within(client, settings.local_networks + settings.trusted_relays):
            return None
        return client


def _key_hint(signature: bytes) -> Hashable:
    """What most likely names the key; a mistake costs one look-up ahead, for the evaluation reads the signature."""
    domain, selector = _tag_hint(signature, b"d="), _tag_hint(signature, b"s=")
    return (domain, selector) if domain and selector else signature[:_MAX_HINT_BYTES]


def _tag_hint(signature: bytes, tag: bytes) -> bytes:
    for before in (b" ", b";", b"\t"):
        start = signature.find(before + tag)
        if start >= 0:
            return signature[start + 1 : signature.find(b";", start + 1)][:_MAX_HINT_BYTES]
    return b""


def _author_hint(from_value: bytes) -> bytes:
    """What follows the last at sign is most likely the author's domain."""
    return from_value[max(from_value.rfind(b"@"), 0) :][:_MAX_HINT_BYTES]
