# SPDX-License-Identifier: GPL-3.0-or-later
"""Header fields as text: unfolded and decoded, and the octets beside it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from postward.mime.address_list import read_mailboxes
from postward.mime.words import decode_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.mime.address_list import Mailbox
    from postward.model.header import HeaderField, Headers

_MAX_MAILBOXES = 200
MAX_VALUE_BYTES = 65_536
"""Of one field that are decoded; what stands behind it is not seen by rules."""


class HeaderText:
    """One field."""

    def __init__(self, field: HeaderField) -> None:
        self._field = field

    @property
    def name(self) -> str:
        """As it stands in the message."""
        return self._field.name.decode("utf-8", "surrogateescape").rstrip()

    @property
    def raw(self) -> bytes:
        """All behind the colon, as it came."""
        return self._field.value

    @cached_property
    def value(self) -> str:
        """Unfolded, encoded words (RFC 2047) decoded, without white space around it."""
        return decode_words(self._field.value[:MAX_VALUE_BYTES]).strip()


class HeaderView:
    """All fields, from the top down; names without regard to case."""

    def __init__(self, headers: Headers) -> None:
        self._headers = headers
        self._texts: dict[int, HeaderText] = {}
        self._mailboxes: dict[str, tuple[Mailbox, ...]] = {}

    @property
    def fields(self) -> Headers:
        """The fields as octets."""
        return self._headers

    def __iter__(self) -> Iterator[HeaderText]:
        return (self._text(index) for index in range(len(self._headers)))

    def __len__(self) -> int:
        return len(self._headers)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and bool(self._headers.indexes(_key(name)))

    def get(self, name: str) -> str | None:
        """Value of the topmost field of that name; None where there is none."""
        texts = self.all(name)
        return texts[0].value if texts else None

    def get_all(self, name: str) -> tuple[str, ...]:
        """Values of all fields of that name, from the top down."""
        return tuple(text.value for text in self.all(name))

    def all(self, name: str) -> tuple[HeaderText, ...]:
        """All fields of that name, from the top down."""
        return tuple(self._text(index) for index in self._headers.indexes(_key(name)))

    def mailboxes(self, name: str) -> tuple[Mailbox, ...]:
        """The mailboxes of all fields of that name, up to a bound."""
        found = self._mailboxes.get(name)
        if found is None:
            found = self._mailboxes[name] = self._read(name)
        return found

    def _read(self, name: str) -> tuple[Mailbox, ...]:
        found: list[Mailbox] = []
        for text in self.all(name):
            found.extend(read_mailboxes(text.raw[:MAX_VALUE_BYTES], _MAX_MAILBOXES - len(found)))
            if len(found) >= _MAX_MAILBOXES:
                break
        return tuple(found)

    def _text(self, index: int) -> HeaderText:
        text = self._texts.get(index)
        if text is None:
            text = self._texts[index] = HeaderText(self._headers[index])
        return text


def _key(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape").lower()
