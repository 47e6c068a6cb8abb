# SPDX-License-Identifier: GPL-3.0-or-later
"""Make one ARC Set over a message as it will be delivered (RFC 8617 sections 4.1 and 5.1)."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from postward.authn.arc.errors import ChainError
from postward.authn.arc.hop import collect_hops
from postward.authn.arc.settings import ArcSettings
from postward.authn.dkim.canonical_header import canonical_field, canonical_signature_field
from postward.authn.dkim.header_digest import HeaderDigests
from postward.model.action import AddHeader
from postward.model.arc import ArcStatus
from postward.model.header import HeaderField
from postward.signing.arc.place import NotSealable, find_place
from postward.signing.signature_text import MAX_COLUMNS, encode_base64, unsigned_text, with_signature
from postward.signing.signed_fields import SignedFieldSettings, signed_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.authn.arc.hop import Hop
    from postward.authn.dkim.body_digests import BodyDigests
    from postward.model.arc import ArcResult
    from postward.model.header import Headers
    from postward.signing.arc.place import Place
    from postward.signing.signing_key import SigningKey

_SEAL = "ARC-Seal"
_MESSAGE_SIGNATURE = "ARC-Message-Signature"
_RESULTS = "ARC-Authentication-Results"
_RELAXED = "relaxed"
# RFC 8617 section 4.1.2: the message signature should cover the DKIM-Signature fields, and must cover neither ARC-Seal
# nor Authentication-Results.  Only From is oversigned: further hops may add whatever else there was none of.
_COVERED = SignedFieldSettings(oversigned=(b"from",), extra=(b"dkim-signature",))
_DEFAULT_MAX_FIELD_BYTES = ArcSettings().max_signature_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealing:
    """The set, or why there is none."""

    fields: tuple[AddHeader, ...] = ()
    """ARC-Seal, ARC-Message-Signature, ARC-Authentication-Results: for the top of the header, in this order."""
    unsealed_reason: str = ""
    """In words, for the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealer:
    """Seals with one key, RSA or Ed25519: a set has one seal, and so one algorithm."""

    key: SigningKey
    max_field_bytes: int = _DEFAULT_MAX_FIELD_BYTES
    """The same bound as when the chain was validated: longest ARC field of the message that is read."""

    @property
    def name(self) -> str:
        """``domain:selector``, for logs."""
        return f"{self.key.domain}:{self.key.selector}"

    def seal(
        self, headers: Headers, digests: BodyDigests, arc: ArcResult | None, results: bytes, now_s: float
    ) -> Sealing:
        """Seal the message of these final ``headers`` and the body of ``digests``, after all else is done to it.

        ``arc`` is what the chain was worth as the message came (None: not validated), ``results`` the value of our
        Authentication-Results, whether the message gets that field or not.
        """
        try:
            place = find_place(headers, arc)
            below = self._sealed_below(headers, place)
        except NotSealable as problem:
            return Sealing(unsealed_reason=problem.reason)
        hashes = HeaderDigests(headers)
        own_results = _field(_RESULTS, _results_text(place.instance, results))
        signature = self._message_signature(headers, hashes, digests, place, now_s)
        covered = [
            *_canonical_sets(below, hashes),
            *(canonical_field(field, _RELAXED) for field in (own_results, signature)),
        ]
        seal = self._seal(covered, place, now_s)
        return Sealing(fields=tuple(_addition(field) for field in (seal, signature, own_results)))

    def _sealed_below(self, headers: Headers, place: Place) -> Sequence[Hop]:
        # RFC 8617 section 5.1.2: with cv=fail the seal covers its own set, as if there were no other.
        if place.status is ArcStatus.FAIL:
            return ()
        try:
            hops = collect_hops(headers, self.max_field_bytes)
        except ChainError as problem:
            raise NotSealable(f"the chain is not the one that was validated: {problem.reason}") from problem
        if bool(hops) is not (place.status is ArcStatus.PASS):
            raise NotSealable("the chain is not the one that was validated")
        return hops

    def _message_signature(
        self, headers: Headers, hashes: HeaderDigests, digests: BodyDigests, place: Place, now_s: float
    ) -> HeaderField:
        names = signed_names(headers, _COVERED)
        tags = (
            ("i", str(place.instance)),
            ("a", self.key.algorithm),
            ("c", f"{_RELAXED}/{_RELAXED}"),
            ("d", self.key.domain),
            ("s", self.key.selector),
            ("t", str(int(now_s))),
            ("h", b":".join(names).decode("ascii")),
            ("bh", encode_base64(digests.digest(_RELAXED).digest)),
        )
        unsigned = unsigned_text(_MESSAGE_SIGNATURE, tags)
        digest = hashes.digest_with(names, _RELAXED, _field(_MESSAGE_SIGNATURE, unsigned))
        return _field(_MESSAGE_SIGNATURE, with_signature(unsigned, self.key.sign(digest)))

    def _seal(self, covered: Sequence[bytes], place: Place, now_s: float) -> HeaderField:
        tags = (
            ("i", str(place.instance)),
            ("a", self.key.algorithm),
            ("t", str(int(now_s))),
            ("cv", place.status.value),
            ("d", self.key.domain),
            ("s", self.key.selector),
        )
        unsigned = unsigned_text(_SEAL, tags)
        own_field = _field(_SEAL, unsigned)
        hasher = sha256(b"".join(covered))
        hasher.update(canonical_signature_field(own_field, own_field.value, _RELAXED))
        return _field(_SEAL, with_signature(unsigned, self.key.sign(hasher.digest())))


def _canonical_sets(hops: Sequence[Hop], hashes: HeaderDigests) -> list[bytes]:
    # RFC 8617 section 5.1.1: in the order of the instances, and in each results, message signature, seal.
    return [
        hashes.field(index, _RELAXED)
        for hop in hops
        for index in (hop.results_index, hop.message_signature_index, hop.seal_index)
    ]


def _results_text(instance: int, results: bytes) -> bytes:
    """The value of ARC-Authentication-Results; a line ends behind i= where the first would be too long."""
    begin = b"i=%d;" % instance
    first_line = results.partition(b"\r\n")[0]
    is_short = len(_RESULTS) + len(": ") + len(begin) + len(" ") + len(first_line) <= MAX_COLUMNS
    return begin + (b" " if is_short else b"\r\n ") + results


def _field(name: str, text: bytes) -> HeaderField:
    """The field as it is delivered: the MTA writes one space behind the colon."""
    return HeaderField(name.encode("ascii"), b" " + text)


def _addition(field: HeaderField) -> AddHeader:
    return AddHeader(name=field.name.decode("ascii"), value=field.value.removeprefix(b" "))
