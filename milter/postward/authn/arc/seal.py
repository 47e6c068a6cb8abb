# SPDX-License-Identifier: GPL-3.0-or-later
"""Validate the ARC-Seals of a chain (RFC 8617 sections 4.1.3 and 5.1.1)."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from postward.authn.dkim.errors import SignatureError
from postward.authn.dkim.key_check import is_signed_by
from postward.authn.dkim.signature_fields import read_algorithm, read_base64, read_domain, read_time, unreadable
from postward.model.dkim import DkimStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.authn.arc.evidence import Evidence
    from postward.authn.arc.hop import Hop
    from postward.authn.dkim.header_digest import HeaderDigests


def seal_digests(hops: Sequence[Hop], headers: HeaderDigests) -> list[bytes]:
    """SHA-256 of what each seal covers: all sets below its own, its own results and signature, and itself.

    Section 5.1.1: in the order of the instances, and in each results, message signature, seal; always relaxed.
    """
    digests: list[bytes] = []
    below = sha256()
    for hop in hops:
        below.update(headers.field(hop.results_index, "relaxed"))
        below.update(headers.field(hop.message_signature_index, "relaxed"))
        sealed = below.copy()
        sealed.update(headers.signature_field(hop.seal_index, "relaxed"))
        digests.append(sealed.digest())
        below.update(headers.field(hop.seal_index, "relaxed"))
    return digests


def check_seal(hop: Hop, digest: bytes, evidence: Evidence) -> None:
    """Raise ``SignatureError`` where the hop's seal is not its sealer's work over ``digest``."""
    tags = hop.seal
    # RFC 8617 section 4.1.3: h= in a seal makes the chain fail.
    if b"h" in tags:
        raise unreadable("h= is not allowed")
    algorithm = read_algorithm(tags)
    signature = read_base64(tags, "b")
    selector, domain = read_domain(tags, "s"), read_domain(tags, "d")
    read_time(tags, "t")
    keys = evidence.keys.usable(selector, domain, algorithm)
    if not any(is_signed_by(key, signature, digest) for key in keys):
        raise SignatureError(DkimStatus.FAIL, "signature mismatch")
