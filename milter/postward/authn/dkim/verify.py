# SPDX-License-Identifier: GPL-3.0-or-later
"""Verify the DKIM signatures of a message (RFC 6376 section 6)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from postward.authn.dkim.content import check_body, check_header
from postward.authn.dkim.errors import SignatureError
from postward.authn.dkim.header_digest import HeaderDigests
from postward.authn.dkim.key_check import check_key, check_strict_identity
from postward.authn.dkim.key_lookup import fetch_keys, query_name
from postward.authn.dkim.label import label
from postward.authn.dkim.signature import check_times, read_dkim_signature
from postward.authn.dkim.tag_list import TagListError, parse_tag_list
from postward.model.dkim import DkimResult, DkimStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.authn.dkim.body_digests import BodyDigests
    from postward.authn.dkim.key import KeyRecord
    from postward.authn.dkim.settings import DkimSettings
    from postward.authn.dkim.signature import Signature
    from postward.dns.resolver import Lookup
    from postward.model.header import Headers


def verify_signatures(
    headers: Headers, digests: BodyDigests, lookup: Lookup, settings: DkimSettings, now_s: float
) -> tuple[DkimResult, ...]:
    """Verify every DKIM-Signature from the top down, to the limit of the settings; never raises.

    One result a signature; those beyond the limit share one, ``policy``.  Empty where the message is not signed.
    """
    indexes = headers.indexes(b"dkim-signature")
    message = _Message(
        headers=headers,
        header_digests=HeaderDigests(headers),
        body_digests=digests,
        lookup=lookup,
        settings=settings,
        now_s=now_s,
    )
    results = [_verify(message, index) for index in indexes[: settings.max_signatures]]
    unverified = len(indexes) - len(results)
    if unverified:
        reason = f"too many signatures, {unverified} not verified"
        results.append(DkimResult(status=DkimStatus.POLICY, domain="", selector="", reason=reason))
    return tuple(results)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    """What the verification of each signature of one message needs."""

    headers: Headers
    header_digests: HeaderDigests
    body_digests: BodyDigests
    lookup: Lookup
    settings: DkimSettings
    now_s: float


def _verify(message: _Message, index: int) -> DkimResult:
    value = message.headers[index].value
    if len(value) > message.settings.max_signature_bytes:
        return DkimResult(status=DkimStatus.NEUTRAL, domain="", selector="", reason="signature is too long")
    try:
        tags = parse_tag_list(value)
    except TagListError as error:
        return DkimResult(status=DkimStatus.NEUTRAL, domain="", selector="", reason=str(error))
    labelled = label(tags)
    try:
        signature = read_dkim_signature(tags, message.settings)
        check_times(signature, message.settings, message.now_s)
        name = query_name(signature.selector, signature.domain)
        keys = fetch_keys(name, message.lookup, message.settings.max_key_records)
    except SignatureError as problem:
        return replace(labelled, status=problem.status, reason=problem.reason)
    return _verify_with_any(message, index, signature, keys, labelled)


def _verify_with_any(
    message: _Message, index: int, signature: Signature, keys: Sequence[KeyRecord], labelled: DkimResult
) -> DkimResult:
    """Try the keys in order; where none gives a pass, one that the signature does not fit says most."""
    results: list[DkimResult] = []
    for key in keys:
        result = _verify_with(message, index, signature, key, labelled)
        if result.status is DkimStatus.PASS:
            return result
        results.append(result)
    return next((result for result in results if result.status is DkimStatus.FAIL), results[0])


def _verify_with(
    message: _Message, index: int, signature: Signature, key: KeyRecord, labelled: DkimResult
) -> DkimResult:
    try:
        check_key(key, signature.algorithm, message.settings)
        check_strict_identity(key, strict_identity=signature.strict_identity)
        unsigned_bytes = check_body(signature, message.body_digests)
        check_header(signature, key, message.header_digests, index)
    except SignatureError as problem:
        return replace(labelled, key_bits=key.bits, testing=key.testing, status=problem.status, reason=problem.reason)
    return replace(
        labelled, key_bits=key.bits, testing=key.testing, status=DkimStatus.PASS, unsigned_bytes=unsigned_bytes
    )
