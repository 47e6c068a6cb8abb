# SPDX-License-Identifier: GPL-3.0-or-later
"""DKIM signatures over a message as it leaves (RFC 6376 section 5, RFC 8463)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from postward.authn.dkim.header_digest import HeaderDigests
from postward.model.action import AddHeader
from postward.model.header import HeaderField
from postward.signing.signature_text import encode_base64, unsigned_text, with_signature
from postward.signing.signed_fields import SignedFieldSettings, signed_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from postward.authn.dkim.body_digests import BodyDigests
    from postward.model.header import Headers
    from postward.signing.signing_key import SigningKey

FIELD_NAME = "DKIM-Signature"


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimSigningSettings:
    """What signatures say and cover."""

    header_canonicalization: str = "relaxed"
    body_canonicalization: str = "relaxed"
    fields: SignedFieldSettings = field(default_factory=SignedFieldSettings)
    expires_after_s: int | None = None
    """x= is so much later than t=; None for no x=."""
    author_identity: bool = False
    """Name the author's domain in i= where it lies below d=."""


def sign_message(
    headers: Headers,
    digests: BodyDigests,
    keys: Sequence[SigningKey],
    settings: DkimSigningSettings,
    *,
    author_domain: str,
    now_s: float,
) -> tuple[AddHeader, ...]:
    """Sign the final header and body with each of ``keys``; the fields belong on top, in this order.

    ``author_domain`` is the domain of From, an A-label.  Each value stands behind exactly one space after the colon:
    so it is signed.
    """
    if not keys:
        return ()
    names = signed_names(headers, settings.fields)
    hashes = HeaderDigests(headers)
    body_digest = digests.digest(settings.body_canonicalization).digest
    covered = (("h", b":".join(names).decode("ascii")), ("bh", encode_base64(body_digest)))
    additions = []
    for key in keys:
        about = _about(key, settings, author_domain, int(now_s))
        unsigned = unsigned_text(FIELD_NAME, (*about, *covered))
        # RFC 6376 section 3.7: the hash covers the field itself, with an empty b=.
        own_field = HeaderField(FIELD_NAME.encode("ascii"), b" " + unsigned)
        digest = hashes.digest_with(names, settings.header_canonicalization, own_field)
        additions.append(AddHeader(name=FIELD_NAME, value=with_signature(unsigned, key.sign(digest))))
    return tuple(additions)


def _about(key: SigningKey, settings: DkimSigningSettings, author_domain: str, now_s: int) -> Iterator[tuple[str, str]]:
    """Give the tags that say whose signature it is, how it was made and when."""
    yield "v", "1"
    yield "a", key.algorithm
    yield "c", f"{settings.header_canonicalization}/{settings.body_canonicalization}"
    yield "d", key.domain
    yield "s", key.selector
    yield "t", str(now_s)
    if settings.expires_after_s is not None:
        yield "x", str(now_s + settings.expires_after_s)
    # RFC 6376 section 3.5: the domain of i= must be d= or lie below it.
    if settings.author_identity and author_domain.endswith(f".{key.domain}"):
        yield "i", f"@{author_domain}"
