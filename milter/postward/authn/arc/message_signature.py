# SPDX-License-Identifier: GPL-3.0-or-later
"""Validate one ARC-Message-Signature (RFC 8617 section 4.1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.authn.arc.hop import SEAL
from postward.authn.dkim.content import check_body
from postward.authn.dkim.errors import SignatureError
from postward.authn.dkim.key_check import is_signed_by
from postward.authn.dkim.signature import check_times, read_common_tags
from postward.authn.dkim.signature_fields import read_algorithm, read_header_names
from postward.model.dkim import DkimStatus

if TYPE_CHECKING:
    from postward.authn.arc.evidence import Evidence
    from postward.authn.arc.hop import Hop
    from postward.authn.dkim.signature import Signature

# RFC 8617 section 4.1.2 gives c= the default of DKIM.  The drafts before it said relaxed/relaxed; the public ARC
# validation suite (ams_fields_c_na) and sealers that follow the drafts still do.  Whichever verifies was made by the
# sealer over this message.
_DEFAULTS = (b"simple/simple", b"relaxed/relaxed")


def check_message_signature(hop: Hop, evidence: Evidence) -> None:
    """Raise ``SignatureError`` where the hop's message signature does not hold for the message as it is."""
    if b"c" in hop.message_signature:
        _check(hop, evidence, b"")
        return
    try:
        _check(hop, evidence, _DEFAULTS[0])
    except SignatureError as problem:
        if problem.status is not DkimStatus.FAIL:
            raise
        _check(hop, evidence, _DEFAULTS[1])


def check_older_signature(hop: Hop, evidence: Evidence) -> None:
    """Raise ``SignatureError`` where the message signature of a set below the newest cannot ever have held.

    RFC 8617 section 5.2 does not verify it, for the message may have changed since; but the seal above it says that
    it was verified when it was the newest.
    """
    tags = hop.message_signature
    read_algorithm(tags)
    if b"h" in tags and SEAL in read_header_names(tags, evidence.settings.max_header_names):
        raise _seal_is_signed()


def _check(hop: Hop, evidence: Evidence, default_c: bytes) -> None:
    signature = read_common_tags(hop.message_signature, evidence.settings, default_c=default_c)
    _check_signed_names(signature)
    check_times(signature, evidence.settings, evidence.now_s)
    # The body first: where it has changed, which is what lists do, no key needs to be asked for.
    check_body(signature, evidence.body_digests)
    keys = evidence.keys.usable(signature.selector, signature.domain, signature.algorithm)
    digest = evidence.header_digests.digest(
        signature.header_names, signature.header_canonicalization, hop.message_signature_index
    )
    if not any(is_signed_by(key, signature.signature, digest) for key in keys):
        raise SignatureError(DkimStatus.FAIL, "signature mismatch")


def _check_signed_names(signature: Signature) -> None:
    # RFC 8617 section 4.1.2: seals must not be covered.
    if SEAL in signature.header_names:
        raise _seal_is_signed()
    # RFC 6376 section 6.1.1 by way of RFC 8617 section 4.1.2.  A wholly empty h= is let through, though RFC 6376
    # section 3.5 forbids it: the public ARC validation suite (ams_fields_h_empty) wants it valid, and it vouches for no
    # header field at all.
    if signature.header_names and b"from" not in signature.header_names:
        raise SignatureError(DkimStatus.PERMERROR, "From is not signed")


def _seal_is_signed() -> SignatureError:
    return SignatureError(DkimStatus.PERMERROR, "ARC-Seal is signed")
