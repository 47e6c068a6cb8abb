# SPDX-License-Identifier: GPL-3.0-or-later
"""What a signature says of itself, for people: read tolerantly, whatever the signature is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.authn.dkim.errors import SignatureError
from postward.authn.dkim.identity import decode_identity
from postward.authn.dkim.key_lookup import query_name
from postward.authn.dkim.signature_fields import read_domain
from postward.authn.dkim.tag_list import TagListError, parse_tag_list, without_white_space
from postward.dns.names import to_ascii
from postward.model.dkim import DkimResult, DkimStatus

if TYPE_CHECKING:
    from postward.authn.dkim.signature_fields import Tags

MAX_PREFETCHED_BYTES = 65_536
"""Longer values are not looked at before the end of the message."""

_PREFIX_CHARACTERS = 8


def label(tags: Tags) -> DkimResult:
    """A result that says whose signature it is; its status is still open (``neutral``)."""
    return DkimResult(
        status=DkimStatus.NEUTRAL,
        domain=_name(tags, b"d"),
        selector=_name(tags, b"s"),
        identity=decode_identity(tags[b"i"]) if b"i" in tags else "",
        algorithm=tags.get(b"a", b"").decode("ascii", "backslashreplace").lower(),
        # RFC 6008 section 4: the first eight characters or more.
        signature_prefix=without_white_space(tags.get(b"b", b""))[:_PREFIX_CHARACTERS].decode("ascii", "replace"),
        length_limited=b"l" in tags,
    )


def key_query_name(field_value: bytes) -> str | None:
    """DNS name of the key that a signature or seal needs; None where it names none.  Cheap, never raises."""
    if len(field_value) > MAX_PREFETCHED_BYTES:
        return None
    try:
        tags = parse_tag_list(field_value)
        return to_ascii(query_name(read_domain(tags, "s"), read_domain(tags, "d")))
    except (TagListError, SignatureError):
        return None


def _name(tags: Tags, tag: bytes) -> str:
    """An A-label where the value is a name, otherwise the value as it stands."""
    text = tags.get(tag, b"").decode("utf-8", "backslashreplace")
    return to_ascii(text) or text
