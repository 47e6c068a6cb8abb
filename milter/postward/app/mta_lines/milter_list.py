# SPDX-License-Identifier: GPL-3.0-or-later
"""The value of smtpd_milters: which milters Postfix asks, and with what settings (postconf(5))."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SEPARATORS = ", \t\r\n"
_EQUALS = re.compile(r"\s*=\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class MilterEntry:
    """One milter of the list."""

    text: str
    """As written, braces included."""
    endpoint: str
    """``unix:path`` or ``inet:host:port``; ``$name`` where the list was not expanded."""
    settings: Mapping[str, str] = field(default_factory=dict)


def parse_milter_list(text: str) -> tuple[MilterEntry, ...]:
    """The milters in their order; text that Postfix would refuse gives entries that match nothing."""
    return tuple(_entry(token) for token in _split(text))


def _entry(token: str) -> MilterEntry:
    if not token.startswith("{"):
        return MilterEntry(text=token, endpoint=token)
    inner = list(_split(_EQUALS.sub("=", token.removeprefix("{").removesuffix("}"))))
    endpoint = inner[0] if inner else ""
    settings = dict(_setting(item) for item in inner[1:])
    return MilterEntry(text=token, endpoint=endpoint, settings=settings)


def _setting(item: str) -> tuple[str, str]:
    name, _, value = item.partition("=")
    return name.strip(), value.strip()


def _split(text: str) -> Iterator[str]:
    """Words between commas and white space; what stands in braces is one word."""
    word = ""
    depth = 0
    for char in text:
        depth += {"{": 1, "}": -1}.get(char, 0)
        if depth <= 0 and char in _SEPARATORS:
            if word:
                yield word
            word = ""
        else:
            word += char
    if word:
        yield word
