# SPDX-License-Identifier: GPL-3.0-or-later
"""Generate From fields: what RFC 5322, its obsolete forms, RFC 6532 and RFC 6854 allow, and what forgers write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

_DOMAINS = (
    "example.com", "example.com", "EXAMPLE.com", "mail.example.com", "evil.example", "b\u00fccher.example",
    "localhost",
)  # fmt: skip
_ODD_DOMAINS = ("example.com.", "[192.0.2.1]", "-a.example", "exa_mple.com", "a..example", "")
_LOCALS = (
    "a", "a.b", '"a b"', '"a@evil.example"', '"a\\"b"', "a+b", "\u00fc", '"a,b"', '"<x@evil.example>"',
    "=?utf-8?q?a?=",
)  # fmt: skip
_ODD_LOCALS = ("a..b", ".a", "a.", "a b", '"a"b', "")
_NAMES = (
    "", "", "A", "A B", '"A, B"', '"x@evil.example"', "=?utf-8?q?x=40evil.example?=", "M\u00fcller", '"A \\" B"',
    "A (c)", '"A" "B"',
)  # fmt: skip
_ODD_NAMES = ("x@evil.example", "Tom @ Acme", "A <b>", "A:", "A;", "A.B.", "A, B")
_COMMENTS = ("", "", "", "", "(c)", "(x@evil.example)", "(a (b) c)", "(\\))", "( <x@evil.example> )")
_SPACES = ("", "", "", " ", "\r\n ", "\t")
_ODD_CHARACTERS = '"\\<>()[]@,;: \t.\x00\x7f%=?a'
_ROUTES = ("@relay.example:", "@a.example,@b.example:", "@evil.example:")


@dataclass(frozen=True, slots=True)
class FromMaker:
    """Makes the values of fields; characters beyond ASCII stand for their UTF-8."""

    random: Random
    oddity: float = 0.0
    """Probability that a part is not well-formed."""

    def field(self) -> str:
        """Make one value; a group only where all is well-formed."""
        text = self._list()
        if not self.oddity and self.random.random() < 0.15:
            name = self._pick(("G", '"G"', "G H"))
            return f"{name}:{self._pick(_SPACES)}{text}{self._pick(_SPACES)};"
        return self._spoiled(text) if self._is_odd() else text

    def _pick(self, usual: tuple[str, ...], odd: tuple[str, ...] = ()) -> str:
        return self.random.choice(odd if odd and self._is_odd() else usual)

    def _is_odd(self) -> bool:
        return self.random.random() < self.oddity

    def _list(self) -> str:
        count = self.random.choice((1, 1, 1, 1, 2, 3))
        return self._pick((",", ", ", " , "), (",,", ";")).join(self._mailbox() for _ in range(count))

    def _mailbox(self) -> str:
        mailbox = self._address()
        if self.random.random() < 0.7:
            route = self._pick(_ROUTES) if self.random.random() < 0.1 else ""
            mailbox = f"{self._pick(_NAMES, _ODD_NAMES)} <{self._pick(_SPACES)}{route}{mailbox}{self._pick(_SPACES)}>"
        return f"{self._pick(_COMMENTS)}{self._pick(_SPACES)}{mailbox}{self._pick(_SPACES)}{self._pick(_COMMENTS)}"

    def _address(self) -> str:
        domain = self._pick(_DOMAINS, _ODD_DOMAINS)
        if self._is_odd():
            domain = domain.replace(".", f"{self._pick(_SPACES)}.{self._pick(_COMMENTS)}", 1)
        return f"{self._pick(_LOCALS, _ODD_LOCALS)}{self._pick(('@', '@', '@ ', ' @', '(c)@(c)'), ('@@', ''))}{domain}"

    def _spoiled(self, text: str) -> str:
        """Drop, double or insert a character."""
        position = self.random.randrange(len(text) + 1)
        before, character, after = text[:position], text[position : position + 1], text[position + 1 :]
        return before + self.random.choice(("", character * 2, self._pick(tuple(_ODD_CHARACTERS)) + character)) + after
