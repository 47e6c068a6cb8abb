"""Header fields that only we may write: any that a message brings along are removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.authn.results import claims_authserv_id
from postward.model.action import RemoveHeader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.model.header import HeaderField, Headers

_OWN_PREFIXES = (b"x-spam-", b"x-postward-")


def forged_fields(
    headers: Headers, authserv_id: str, *, remove_subdomain_results: bool = False
) -> tuple[RemoveHeader, ...]:
    """Find the fields that claim to be ours, from the top down (RFC 8601 section 5)."""
    return tuple(
        RemoveHeader(name=headers[position].name, occurrence=occurrence, position=position)
        for position, occurrence in _numbered(headers)
        if _claims_to_be_ours(headers[position], authserv_id, remove_subdomain_results=remove_subdomain_results)
    )


def _claims_to_be_ours(field: HeaderField, authserv_id: str, *, remove_subdomain_results: bool) -> bool:
    key = field.key
    if key == b"authentication-results":
        return claims_authserv_id(field.value, authserv_id, subdomains=remove_subdomain_results)
    return key.startswith(_OWN_PREFIXES)


def _numbered(headers: Headers) -> Iterator[tuple[int, int]]:
    """Each position with its number among the fields of that name, as the milter protocol counts them."""
    seen: dict[bytes, int] = {}
    for position, field in enumerate(headers):
        seen[field.key] = seen.get(field.key, 0) + 1
        yield position, seen[field.key]
