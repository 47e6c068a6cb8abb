# SPDX-License-Identifier: GPL-3.0-or-later
"""Mailboxes in From, To, Cc and Reply-To, as generously as readers take them (RFC 5322 sections 3.4 and 4.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from postward.mime.charsets import decode_text
from postward.mime.words import decode_words

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_VALUE_BYTES = 65_536
"""Of one field that are read."""
MAX_MAILBOXES = 200
_TOKEN = re.compile(
    r"(?P<blank>[\s\0]++)|(?P<word>=\?[^?\s]{1,60}+\?[bBqQ]\?[^?\s]{0,1000}+\?=)|\"(?P<quoted>(?>(?:[^\"\\]++|\\.|\\\Z)*))\"?+"
    r"|(?P<literal>\[[^\[\]\s]{0,255}+\])|(?P<special>[(),<>;:])|(?P<atom>[^\s\"(),<>;:\[=\0]++)|(?P<other>.)",
    re.DOTALL,
)
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)
_PARENTHESIS = re.compile(r"[()\\]")
_DOT_ATOM = re.compile(r"[^\s\"(),:;<>@\[\\\]]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """One mailbox as a reader sees it."""

    name: str
    """Display name, decoded, without quotes; of a comment behind the address where there is no other; "" for none."""
    address: str
    """With its domain in lower case; "" where there is a name only."""
    domain: str
    """Lower case; "" where there is none."""


def read_mailboxes(value: bytes, most: int = MAX_MAILBOXES) -> tuple[Mailbox, ...]:
    """Read the value of one field, ``most`` mailboxes at most; members of groups count.  Linear, never raises."""
    if most <= 0:
        return ()
    reader = _Reader(most)
    reader.read(decode_text(value[:MAX_VALUE_BYTES]))
    return tuple(reader.mailboxes)


@dataclass(slots=True)
class _Draft:
    """What has been read of one mailbox."""

    words: list[list[tuple[str, str]]] = field(default_factory=lambda: [[]])
    """Outside of angle brackets: kind and text of each token, with blanks between the words."""
    angle: list[str] | None = None
    comments: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return self.angle is None and not self.comments and self.words == [[]]

    def name(self, words: list[list[tuple[str, str]]]) -> str:
        phrase = " ".join("".join(text for _, text in word) for word in words)
        return decode_words((phrase if phrase.strip() or not self.comments else self.comments[-1]).encode("utf-8"))

    def bare_address(self) -> int:
        """Index of the word that is an address without brackets; -1 for none."""
        for index in range(len(self.words) - 1, -1, -1):
            if any(kind != "quoted" and "@" in text for kind, text in self.words[index]):
                return index
        return -1


class _Reader:
    def __init__(self, most: int) -> None:
        self.mailboxes: list[Mailbox] = []
        self._most = most
        self._draft = _Draft()
        self._in_angle = False

    def read(self, text: str) -> None:
        for kind, token in _tokens(text):
            self._take(kind, token)
            if len(self.mailboxes) >= self._most:
                return
        self._finish()

    def _take(self, kind: str, token: str) -> None:
        draft = self._draft
        if kind == "comment":
            draft.comments.append(token)
        elif kind == "special" and self._special(token):
            return
        elif not self._in_angle or draft.angle is None:
            if kind == "blank":
                draft.words.append([])
            else:
                draft.words[-1].append((kind, token))
        elif kind != "blank":
            draft.angle.append(_quoted_local(token) if kind == "quoted" else token)

    def _special(self, mark: str) -> bool:
        """Tell whether the token ends or begins something."""
        if mark == "<" and not self._in_angle and self._draft.angle is None:
            self._in_angle, self._draft.angle = True, []
        elif mark == ">" and self._in_angle:
            self._in_angle = False
        elif mark in ",;" and not (self._in_angle and self._is_route()):
            self._finish()
        elif mark == ":" and not self._in_angle:
            # The name of a group.
            self._draft = _Draft()
        else:
            return False
        return True

    def _is_route(self) -> bool:
        # <@a.example,@b.example:user@c.example>, RFC 5322 section 4.4.
        return bool(self._draft.angle) and self._draft.angle is not None and self._draft.angle[0].startswith("@")

    def _finish(self) -> None:
        if self._draft.is_empty:
            return
        draft, self._draft, self._in_angle = self._draft, _Draft(), False
        words, address = draft.words, "".join(draft.angle or ())
        if draft.angle is None and (index := draft.bare_address()) >= 0:
            address = "".join(_quoted_local(text) if kind == "quoted" else text for kind, text in words[index])
            words = words[:index] + words[index + 1 :]
        name = draft.name(words)
        if address or name.strip():
            self.mailboxes.append(_mailbox(name, address))


def _mailbox(name: str, address: str) -> Mailbox:
    if address.startswith("@") and ":" in address:
        address = address.partition(":")[2]
    local, at, domain = address.rpartition("@")
    domain = domain.lower().rstrip(".") if at else ""
    whole = f"{local}@{domain}" if at else address
    return Mailbox(name=" ".join(name.split()), address=whole, domain=domain)


def _quoted_local(content: str) -> str:
    """A quoted local part keeps its quotes only where it needs them: "alice" and alice are the same."""
    if _DOT_ATOM.fullmatch(content):
        return content
    escaped = content.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    comments_close = True
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:  # pragma: no cover - one alternative takes any character
            return
        kind, token, position = match.lastgroup or "other", match[0], match.end()
        if kind == "special" and text[position - 1] == "(" and comments_close:
            end = _comment_end(text, position)
            comments_close = end >= 0
            if comments_close:
                yield "comment", _QUOTED_PAIR.sub(r"\1", text[position : end - 1])
                position = end
                continue
        if kind == "quoted":
            token = _QUOTED_PAIR.sub(r"\1", match["quoted"])
        yield kind, token


def _comment_end(text: str, position: int) -> int:
    """Position behind the comment whose content begins there; -1 where it does not end."""
    depth = 1
    while depth:
        found = _PARENTHESIS.search(text, position)
        if found is None:
            return -1
        position = found.end()
        if found[0] == "\\":
            position += 1
        else:
            depth += 1 if found[0] == "(" else -1
    return position
