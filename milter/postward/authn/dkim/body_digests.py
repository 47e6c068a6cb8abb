"""Body hashes of one message, shared by all its signatures."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from postward.authn.dkim.canonical_body import RelaxedBody, SimpleBody

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.model.body import Body


_PIECE_BYTES = 64 * 1024


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
        self._pieces: dict[str, list[bytes]] = {}

    def digest(self, canonicalization: str, length: int | None = None) -> BodyDigest:
        """Hash of the body, canonicalised "simple" or "relaxed", or of its first ``length`` octets (the tag l=)."""
        key = (canonicalization, length)
        digest = self._digests.get(key)
        if digest is None:
            digest = self._digests[key] = self._compute(canonicalization, length)
        return digest

    def _compute(self, canonicalization: str, length: int | None) -> BodyDigest:
        if length is None:
            return _hash_whole(self._canonical(canonicalization))
        # l= is rare, but a message may hold signatures with many different ones: canonicalise once for all of them.
        pieces = self._pieces.get(canonicalization)
        if pieces is None:
            pieces = self._pieces[canonicalization] = list(self._canonical(canonicalization))
        return _hash_beginning(pieces, length)

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


def _hash_beginning(pieces: list[bytes], length: int) -> BodyDigest:
    hasher = sha256()
    wanted = length
    for piece in pieces:
        if not wanted:
            break
        part = piece if len(piece) <= wanted else memoryview(piece)[:wanted]
        hasher.update(part)
        wanted -= len(part)
    return BodyDigest(digest=hasher.digest(), size_bytes=sum(map(len, pieces)))
