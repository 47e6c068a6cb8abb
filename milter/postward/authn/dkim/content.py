# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a message is the one that was signed (RFC 6376 section 6.1.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.authn.dkim.errors import SignatureError
from postward.authn.dkim.key_check import is_signed_by
from postward.model.dkim import DkimStatus

if TYPE_CHECKING:
    from postward.authn.dkim.body_digests import BodyDigests
    from postward.authn.dkim.header_digest import HeaderDigests
    from postward.authn.dkim.key import KeyRecord
    from postward.authn.dkim.signature import Signature


def check_body(signature: Signature, digests: BodyDigests) -> int:
    """Octets of the body that l= leaves unsigned; raises ``SignatureError`` where the body is another."""
    digest = digests.digest(signature.body_canonicalization, signature.body_length)
    length = signature.body_length if signature.body_length is not None else digest.size_bytes
    # RFC 6376 section 3.5: l= must not exceed the canonical body; the message was cut.
    if length > digest.size_bytes:
        raise SignatureError(DkimStatus.FAIL, "body is shorter than l=")
    if digest.digest != signature.body_hash:
        raise SignatureError(DkimStatus.FAIL, "body hash mismatch")
    return digest.size_bytes - length


def check_header(signature: Signature, key: KeyRecord, headers: HeaderDigests, signature_index: int) -> None:
    """Raise ``SignatureError`` where the signed fields, or the signature itself, are others."""
    digest = headers.digest(signature.header_names, signature.header_canonicalization, signature_index)
    if not is_signed_by(key, signature.signature, digest):
        raise SignatureError(DkimStatus.FAIL, "signature mismatch")
