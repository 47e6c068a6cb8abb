# SPDX-License-Identifier: GPL-3.0-or-later
"""One signature, read and checked for what can be known without DNS (RFC 6376 sections 3.5 and 6.1.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.authn.dkim.errors import SignatureError
from postward.authn.dkim.identity import decode_identity, identity_domain
from postward.authn.dkim.signature_fields import (
    check_query_methods,
    read_algorithm,
    read_base64,
    read_body_hash,
    read_canonicalizations,
    read_domain,
    read_header_names,
    read_length,
    read_time,
    required,
    unreadable,
)
from postward.model.dkim import DkimStatus

if TYPE_CHECKING:
    from postward.authn.dkim.settings import SignatureLimits
    from postward.authn.dkim.signature_fields import Tags


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What a DKIM-Signature or an ARC-Message-Signature says, in the form in which it is used."""

    algorithm: str
    signature: bytes
    body_hash: bytes
    header_canonicalization: str
    body_canonicalization: str
    domain: str
    """d=, A-label."""
    selector: str
    """s=, A-label."""
    header_names: tuple[bytes, ...]
    """h=, in lower case."""
    body_length: int | None
    """l=."""
    signed_s: int | None
    """t=, Unix time."""
    expires_s: int | None
    """x=, Unix time."""
    strict_identity: bool = True
    """The domain of i= is d= itself, as a key with t=s asks for."""


def read_dkim_signature(tags: Tags, limits: SignatureLimits) -> Signature:
    """Read a DKIM-Signature; raises ``SignatureError``."""
    # RFC 6376 section 3.5: v= is required, and is compared as a string.
    if required(tags, "v") != b"1":
        raise unreadable("v= is not 1")
    check_query_methods(tags)
    signature = read_common_tags(tags, limits, strict_identity=_is_identity_strict(tags))
    # RFC 6376 section 6.1.1: a signature that does not cover From is ignored.
    if b"from" not in signature.header_names:
        raise SignatureError(DkimStatus.PERMERROR, "From is not signed")
    return signature


def read_common_tags(
    tags: Tags, limits: SignatureLimits, *, strict_identity: bool = True, default_c: bytes = b"simple/simple"
) -> Signature:
    """Read what a DKIM-Signature and an ARC-Message-Signature have in common; raises ``SignatureError``."""
    header_canonicalization, body_canonicalization = read_canonicalizations(tags, default_c)
    return Signature(
        algorithm=read_algorithm(tags),
        signature=read_base64(tags, "b"),
        body_hash=read_body_hash(tags),
        header_canonicalization=header_canonicalization,
        body_canonicalization=body_canonicalization,
        domain=read_domain(tags, "d"),
        selector=read_domain(tags, "s"),
        header_names=read_header_names(tags, limits.max_header_names),
        body_length=read_length(tags),
        signed_s=read_time(tags, "t"),
        expires_s=read_time(tags, "x"),
        strict_identity=strict_identity,
    )


def check_times(signature: Signature, limits: SignatureLimits, now_s: float) -> None:
    """Raise ``SignatureError`` where t= and x= do not fit each other or the present."""
    signed_s, expires_s = signature.signed_s, signature.expires_s
    # RFC 6376 section 3.5: x= must be greater than t= if both are there.
    if signed_s is not None and expires_s is not None and expires_s <= signed_s:
        raise unreadable("x= is not after t=")
    if signed_s is not None and signed_s > now_s + limits.max_future_s:
        raise unreadable("signed in the future")
    if expires_s is not None and expires_s < now_s - limits.expiry_grace_s:
        raise unreadable("signature has expired")


def _is_identity_strict(tags: Tags) -> bool:
    value = tags.get(b"i")
    if value is None:
        return True
    domain = read_domain(tags, "d")
    return identity_domain(decode_identity(value), domain) == domain
