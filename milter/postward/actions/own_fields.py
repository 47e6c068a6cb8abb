# SPDX-License-Identifier: GPL-3.0-or-later
"""Header fields that only we may write: any that a message brings along are removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.authn.results import claims_authserv_id
from postward.model.action import RemoveHeader

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from postward.model.header import Headers
    from postward.model.transaction import Transaction

_RESULTS = b"authentication-results"
_MAX_UNREAD_FIELDS = 1000
"""For each removal an MTA reads the header from its beginning: ten thousand fields take Postfix ten seconds."""
_OWN_PREFIXES = (b"x-spam-", b"x-postward-")
_OWN_NAMES = frozenset({_RESULTS, b"x-virus-status"})


def forged_fields(
    headers: Headers,
    authserv_id: str,
    *,
    unread: Mapping[bytes, int] | None = None,
    remove_subdomain_results: bool = False,
) -> tuple[RemoveHeader, ...]:
    """Find the fields that claim to be ours, from the top down (RFC 8601 section 5).

    ``unread`` are fields that came after ``headers`` and were not kept (see ``note_unread``): all of them.
    """
    found = [
        RemoveHeader(name=headers[position].name, occurrence=occurrence, position=position)
        for key in headers.names()
        if _may_be_ours(key)
        # The milter protocol counts the fields of a name from one.
        for occurrence, position in enumerate(headers.indexes(key), start=1)
        if _claims_to_be_ours(key, headers[position].value, authserv_id, subdomains=remove_subdomain_results)
    ]
    return (*sorted(found, key=lambda removal: removal.position), *_unread_fields(headers, unread or {}))


def note_unread(transaction: Transaction, name: bytes) -> None:
    """Count a field that is not kept where it may claim to be ours.

    More such fields than anybody can mean well with are a flood.
    """
    key = name.rstrip(b" \t").lower()
    if not _may_be_ours(key):
        return
    unread = transaction.unread_fields
    if transaction.is_flooded or sum(unread.values()) >= _MAX_UNREAD_FIELDS:
        transaction.is_flooded = True
    else:
        unread[key] = unread.get(key, 0) + 1


def _unread_fields(headers: Headers, unread: Mapping[bytes, int]) -> Iterator[RemoveHeader]:
    position = len(headers)
    for key, count in unread.items():
        read = len(headers.indexes(key))
        for occurrence in range(read + 1, read + count + 1):
            yield RemoveHeader(name=key, occurrence=occurrence, position=position)
            position += 1


def _may_be_ours(key: bytes) -> bool:
    return key in _OWN_NAMES or key.startswith(_OWN_PREFIXES)


def _claims_to_be_ours(key: bytes, value: bytes, authserv_id: str, *, subdomains: bool) -> bool:
    return key != _RESULTS or claims_authserv_id(value, authserv_id, subdomains=subdomains)
