# SPDX-License-Identifier: GPL-3.0-or-later
"""Content-Type and Content-Disposition with their parameters (RFC 2045 section 5.1, RFC 2183, RFC 2231)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote_to_bytes

from postward.mime.bounds import MAX_FIELD_BYTES
from postward.mime.charsets import decode_text
from postward.mime.lazy import lazy
from postward.mime.words import decode_words

if TYPE_CHECKING:
    from collections.abc import Mapping

_VALUE = re.compile(rb"[\s(]*+([^\s;()]*+)")
_PARAMETER = re.compile(
    rb";[\s;]*+([^\s=;\"()]++)\s*+=\s*+(?:\"((?>(?:[^\"\\]++|\\.|\\\Z)*))\"?+|((?>(?:[^;\r\n]++|\r?\n[ \t])*)))",
    re.DOTALL,
)
_QUOTED_PAIR = re.compile(rb"\\(.)", re.DOTALL)
_FOLD = re.compile(rb"\r?\n(?=[ \t])")
_SECTION = re.compile(r"(.+?)(?:\*(\d{1,4}))?(\*)?")
_MAX_PARAMETERS = 200
_WHOLE = -1


class _Piece(NamedTuple):
    """One parameter as it is written: a whole value, or one section of it."""

    section: int
    is_encoded: bool
    octets: bytes


class ContentField:
    """One field, read when it is asked."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        """All behind the colon."""

    @lazy
    def value(self) -> str:
        """Before the first semicolon, lower case: ``text/plain``, ``attachment``."""
        match = _VALUE.match(self.raw[:MAX_FIELD_BYTES])
        return match[1].decode("ascii", "replace").lower() if match is not None else ""

    @lazy
    def boundary(self) -> bytes:
        """The octets of that parameter; white space at its end does not count."""
        pieces = self._pieces.get("boundary", ())
        return b"".join(piece.octets for piece in _preferred(pieces)).rstrip()

    @lazy
    def parameters(self) -> Mapping[str, str]:
        """By name in lower case; of several forms of one that of RFC 2231."""
        return {name: _text(_preferred(pieces)) for name, pieces in self._pieces.items()}

    def variants(self, name: str) -> tuple[str, ...]:
        """Every text that some reader takes for the value, the one of RFC 2231 first."""
        pieces = self._pieces.get(name, ())
        encoded = [piece for piece in pieces if piece.section == _WHOLE and piece.is_encoded]
        sections = [piece for piece in pieces if piece.section != _WHOLE]
        plain = [piece for piece in pieces if piece.section == _WHOLE and not piece.is_encoded]
        texts = [_text([piece]) for piece in encoded]
        texts += [_text(sections)] if sections else []
        texts += [text for piece in plain for text in (_text([piece]), decode_text(piece.octets))]
        return tuple(dict.fromkeys(texts))

    @lazy
    def _pieces(self) -> dict[str, list[_Piece]]:
        pieces: dict[str, list[_Piece]] = {}
        for count, match in enumerate(_PARAMETER.finditer(self.raw[:MAX_FIELD_BYTES])):
            if count == _MAX_PARAMETERS:
                break
            section = _SECTION.fullmatch(match[1].decode("ascii", "replace").lower())
            if section is not None:
                number = int(section[2]) if section[2] is not None else _WHOLE
                piece = _Piece(number, section[3] is not None, _octets(match))
                pieces.setdefault(section[1], []).append(piece)
        return pieces


def _octets(match: re.Match[bytes]) -> bytes:
    if match[2] is None:
        # White space within is not allowed, but written; brackets behind it are a comment.
        octets = _FOLD.sub(b"", match[3]).strip()
        return octets.partition(b" (")[0].rstrip() if octets.endswith(b")") else octets
    octets = _FOLD.sub(b"", match[2])
    return _QUOTED_PAIR.sub(rb"\1", octets) if b"\\" in octets else octets


def _preferred(pieces: list[_Piece] | tuple[()]) -> list[_Piece]:
    """The form of RFC 2231 where there is one; of several equal ones the first."""
    for wanted in (
        [piece for piece in pieces if piece.section == _WHOLE and piece.is_encoded][:1],
        [piece for piece in pieces if piece.section != _WHOLE],
    ):
        if wanted:
            return sorted(wanted, key=lambda piece: piece.section)
    return list(pieces[:1])


def _text(pieces: list[_Piece]) -> str:
    pieces = sorted(pieces, key=lambda piece: piece.section)
    if len(pieces) == 1 and not pieces[0].is_encoded:
        return decode_words(pieces[0].octets).strip()
    charset, octets = "", []
    for index, piece in enumerate(pieces):
        value = piece.octets
        if piece.is_encoded and index == 0 and value.count(b"'") > 1:
            label, _, value = value.split(b"'", 2)
            charset = label.decode("ascii", "replace")
        octets.append(unquote_to_bytes(value) if piece.is_encoded else value)
    return decode_text(b"".join(octets), charset)
