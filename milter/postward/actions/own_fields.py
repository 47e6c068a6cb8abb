"""Header fields that only we may write: any that a message brings along are removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.authn.results import claims_authserv_id
from postward.model.action import RemoveHeader

if TYPE_CHECKING:
    from postward.model.header import Headers

_RESULTS = b"authentication-results"
_OWN_PREFIXES = (b"x-spam-", b"x-postward-")


def forged_fields(
    headers: Headers, authserv_id: str, *, remove_subdomain_results: bool = False
) -> tuple[RemoveHeader, ...]:
    """Find the fields that claim to be ours, from the top down (RFC 8601 section 5)."""
    found = [
        RemoveHeader(name=headers[position].name, occurrence=occurrence, position=position)
        for key in headers.names()
        if _may_be_ours(key)
        # The milter protocol counts the fields of a name from one.
        for occurrence, position in enumerate(headers.indexes(key), start=1)
        if _claims_to_be_ours(key, headers[position].value, authserv_id, subdomains=remove_subdomain_results)
    ]
    return tuple(sorted(found, key=lambda removal: removal.position))


def _may_be_ours(key: bytes) -> bool:
    return key == _RESULTS or key.startswith(_OWN_PREFIXES)


def _claims_to_be_ours(key: bytes, value: bytes, authserv_id: str, *, subdomains: bool) -> bool:
    return key != _RESULTS or claims_authserv_id(value, authserv_id, subdomains=subdomains)
