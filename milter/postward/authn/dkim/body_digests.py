# SPDX-License-Identifier: GPL-3.0-or-later
"""Body hashes of one message, shared by all its signatures."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from postward.authn.dkim.canonical_body import RelaxedBody, SimpleBody

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from postward.model.body import Body


_PIECE_BYTES = 64 * 1024
_MAX_KEPT_BYTES = 1024 * 1024
"""A canonical body is kept for hashes of its beginning up to this size; of a larger one the memory is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyDigest:
    """SHA-256 of a canonical body, or of its beginning."""

    digest: bytes
    size_bytes: int
    """Octets of the whole canonical body, whatever part was hashed."""


class BodyDigests:
    """Computes each hash that signatures ask for once; the body must not grow any more."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._digests: dict[tuple[str, int | None], BodyDigest] = {}
        self._kept: dict[str, list[bytes]] = {}
        self._sizes_bytes: dict[str, int] = {}

    def digest(self, canonicalization: str, length: int | None = None) -> BodyDigest:
        """Hash of the body, canonicalised "simple" or "relaxed", or of its first ``length`` octets (the tag l=)."""
        key = (canonicalization, length)
        digest = self._digests.get(key)
        if digest is None:
            digest = self._digests[key] = self._compute(canonicalization, length)
        return digest

    def _compute(self, canonicalization: str, length: int | None) -> BodyDigest:
        if length is None:
            digest = _hash_whole(self._canonical(canonicalization))
        else:
            known_bytes = self._sizes_bytes.get(canonicalization)
            digest = _hash_beginning(self._pieces(canonicalization), length, known_bytes)
        self._sizes_bytes[canonicalization] = digest.size_bytes
        return digest

    def _pieces(self, canonicalization: str) -> Iterable[bytes]:
        """Give the canonical body: l= is rare, but a message may hold signatures with many different ones."""
        if self._body.size_bytes > _MAX_KEPT_BYTES:
            return self._canonical(canonicalization)
        kept = self._kept.get(canonicalization)
        if kept is None:
            kept = self._kept[canonicalization] = list(self._canonical(canonicalization))
        return kept

    def _canonical(self, canonicalization: str) -> Iterator[bytes]:
        canonical = SimpleBody() if canonicalization == "simple" else RelaxedBody()
        for chunk in self._body.chunks():
            # In pieces that stay in the processor's cache, and whose lists of words are short.
            for start in range(0, len(chunk), _PIECE_BYTES):
                yield canonical.update(chunk[start : start + _PIECE_BYTES])
        yield canonical.finish()


def _hash_whole(pieces: Iterator[bytes]) -> BodyDigest:
    hasher = sha256()
    size_bytes = 0
    for piece in pieces:
        hasher.update(piece)
        size_bytes += len(piece)
    return BodyDigest(digest=hasher.digest(), size_bytes=size_bytes)


def _hash_beginning(pieces: Iterable[bytes], length: int, known_bytes: int | None) -> BodyDigest:
    """Hash ``length`` octets; the rest is gone through only where the size of the whole is not known."""
    hasher = sha256()
    seen_bytes = 0
    for piece in pieces:
        if seen_bytes < length:
            hasher.update(memoryview(piece)[: length - seen_bytes])
        elif known_bytes is not None:
            break
        seen_bytes += len(piece)
    return BodyDigest(digest=hasher.digest(), size_bytes=seen_bytes if known_bytes is None else known_bytes)
