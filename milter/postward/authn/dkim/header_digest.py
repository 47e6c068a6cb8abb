# SPDX-License-Identifier: GPL-3.0-or-later
"""The hash over the header fields that a signature covers (RFC 6376 sections 3.7 and 5.4.2)."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from postward.authn.dkim.canonical_header import canonical_field, canonical_signature_field
from postward.authn.dkim.tag_list import without_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from postward.model.header import HeaderField, Headers

_NOT_THERE = -1


class HeaderDigests:
    """Hashes over one message's header; a field that several signatures cover is canonicalised once."""

    def __init__(self, headers: Headers) -> None:
        self._headers = headers
        self._relaxed: dict[int, bytes] = {}

    def digest(self, names: Sequence[bytes], canonicalization: str, signature_index: int) -> bytes:
        """SHA-256 over the fields ``names`` (lower case) and then the signature's own field."""
        pieces = [self.field(index, canonicalization) for index in self._select(names, signature_index)]
        pieces.append(self.signature_field(signature_index, canonicalization))
        return sha256(b"".join(pieces)).digest()

    def digest_with(self, names: Sequence[bytes], canonicalization: str, unsigned: HeaderField) -> bytes:
        """The same for a signature to be made, which is not in the header yet; its b= stands last and is empty."""
        pieces = [self.field(index, canonicalization) for index in self._select(names, _NOT_THERE)]
        pieces.append(canonical_signature_field(unsigned, unsigned.value, canonicalization))
        return sha256(b"".join(pieces)).digest()

    def field(self, index: int, canonicalization: str) -> bytes:
        """Field ``index`` from the top, canonical, with its closing CRLF."""
        if canonicalization == "simple":
            return canonical_field(self._headers[index], canonicalization)
        cached = self._relaxed.get(index)
        if cached is None:
            cached = self._relaxed[index] = canonical_field(self._headers[index], canonicalization)
        return cached

    def signature_field(self, index: int, canonicalization: str) -> bytes:
        """Field ``index``, canonical, with the value of its b= removed and without closing CRLF."""
        field = self._headers[index]
        return canonical_signature_field(field, without_value(field.value, b"b"), canonicalization)

    def _select(self, names: Sequence[bytes], signature_index: int) -> Iterator[int]:
        # RFC 6376 section 5.4.2: each mention of a name takes the next field from the bottom; one more than there are
        # takes nothing.  Section 3.5: the signature's own field is not among them.
        unused: dict[bytes, list[int]] = {}
        for name in names:
            if name not in unused:
                unused[name] = [index for index in self._headers.indexes(name) if index != signature_index]
            if unused[name]:
                yield unused[name].pop()
