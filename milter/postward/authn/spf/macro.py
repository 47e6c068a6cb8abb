# SPDX-License-Identifier: GPL-3.0-or-later
"""Macro strings and domain-specs of SPF records (RFC 7208 section 7): read once, expanded for each message."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from postward.errors import PermanentFailure

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_MACROS = 128
"""Macros in one domain-spec: a name of 253 octets has no use for more, and each costs time."""
MAX_NAME_CHARACTERS = 253

_MACRO = re.compile(r"%(?:\{([slodiphcrtv])([0-9]*)(r?)([.\-+,/_=]*)\}|([%_-]))", re.IGNORECASE)
_LITERAL = re.compile(r"[\x21-\x24\x26-\x7e]*")
_TOP_LABEL = re.compile(r"[0-9A-Za-z-]+")
_ESCAPES = {"%": "%", "_": " ", "-": "%20"}
_EXPLANATION_ONLY = frozenset("crt")
_LOCAL_PART = frozenset("sl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Macro:
    """One ``%{...}``."""

    letter: str
    """In lower case."""
    keep: int = 0
    """How many parts from the right are kept; 0 for all."""
    reverse: bool = False
    delimiters: str = ""
    url_escape: bool = False
    """The letter was written in upper case."""

    def expand(self, value: str) -> str:
        """Transform the value that the letter stands for (RFC 7208 section 7.3)."""
        if self.keep or self.reverse or self.delimiters:
            value = self._transform(value)
        return quote(value, safe="~", errors="replace") if self.url_escape else value

    def _transform(self, value: str) -> str:
        for delimiter in self.delimiters[1:]:
            value = value.replace(delimiter, self.delimiters[0])
        parts = value.split(self.delimiters[0] if self.delimiters else ".")
        if self.reverse:
            parts.reverse()
        # RFC 7208 section 7.3: joined with dots, whatever the value was split on.
        return ".".join(parts[-self.keep :])


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainSpec:
    """A domain-spec, ready to be expanded."""

    pieces: tuple[str | Macro, ...]

    @property
    def letters(self) -> frozenset[str]:
        """The macro letters in it."""
        return frozenset(piece.letter for piece in self.pieces if isinstance(piece, Macro))

    @property
    def names_local_part(self) -> bool:
        """True where the local part of the sender goes into the name."""
        return any(isinstance(piece, Macro) and piece.letter in _LOCAL_PART for piece in self.pieces)

    def expand(self, value_of: Callable[[str], str]) -> str:
        """Put in what each letter stands for; the name is cut to 253 octets from the left, without a closing dot.

        Only as many pieces are expanded, from the right, as can be part of the name.
        """
        name = ""
        for piece in reversed(self.pieces):
            name = (piece.expand(value_of(piece.letter)) if isinstance(piece, Macro) else piece) + name
            if len(name) > MAX_NAME_CHARACTERS + 1:
                break
        return _cut(name.removesuffix("."))


CURRENT_DOMAIN = DomainSpec(pieces=(Macro(letter="d"),))
"""What a, mx and ptr mean where they name no domain."""


def read_macro_string(text: str) -> tuple[str | Macro, ...]:
    """Read a macro-string; raises PermanentFailure on a syntax error."""
    pieces: list[str | Macro] = []
    position = 0
    for match in _MACRO.finditer(text):
        pieces.append(_literal(text[position : match.start()]))
        pieces.append(_ESCAPES[match[5]] if match[5] else _macro(match))
        position = match.end()
    pieces.append(_literal(text[position:]))
    return tuple(piece for piece in pieces if piece)


def read_domain_spec(text: str) -> DomainSpec:
    """Read a domain-spec; raises PermanentFailure on a syntax error."""
    pieces = read_macro_string(text)
    macros = [piece for piece in pieces if isinstance(piece, Macro)]
    if len(macros) > MAX_MACROS:
        raise PermanentFailure(f"more than {MAX_MACROS} macros in a domain")
    # RFC 7208 section 7.2: c, r and t stand in explanations only.
    if any(macro.letter in _EXPLANATION_ONLY for macro in macros):
        raise PermanentFailure(f"macro of an explanation in a domain: {text}")
    if not _has_domain_end(text):
        raise PermanentFailure(f"not a domain: {text}")
    return DomainSpec(pieces=pieces)


def _literal(text: str) -> str:
    if not _LITERAL.fullmatch(text):
        raise PermanentFailure(f"invalid macro or character: {text}")
    return text


def _macro(match: re.Match[str]) -> Macro:
    letter, digits = match[1], match[2].lstrip("0")
    # RFC 7208 section 7.3: the DIGIT value, where there is one, must not be zero.
    if match[2] and not digits:
        raise PermanentFailure(f"zero parts asked for: {match[0]}")
    return Macro(
        letter=letter.lower(),
        # More parts than a name can have are all parts; the digits may be too many for int().
        keep=int(digits[:4] or "0"),
        reverse=bool(match[3]),
        # Each of the seven once: a record may repeat them thousands of times.
        delimiters="".join(dict.fromkeys(match[4])),
        url_escape=letter.isupper(),
    )


def _has_domain_end(text: str) -> bool:
    """RFC 7208 section 7.1: domain-end = ( "." toplabel [ "." ] ) / macro-expand."""
    tail_start = 0
    for match in _MACRO.finditer(text):
        tail_start = match.end()
    tail = text[tail_start:]
    if not tail:
        return tail_start > 0
    _, dot, label = tail.removesuffix(".").rpartition(".")
    return bool(dot and _TOP_LABEL.fullmatch(label)) and "-" not in (label[0], label[-1]) and not label.isdigit()


def _cut(name: str) -> str:
    """RFC 7208 section 7.3: remove labels from the left until no more than 253 octets remain."""
    if len(name) <= MAX_NAME_CHARACTERS:
        return name
    dot = name.find(".", len(name) - MAX_NAME_CHARACTERS - 1)
    return name[dot + 1 :]
