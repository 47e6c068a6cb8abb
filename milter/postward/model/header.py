# SPDX-License-Identifier: GPL-3.0-or-later
"""A header field exactly as it came, and the ordered list of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class HeaderField:
    """One field of RFC 5322 section 2.2, unaltered.

    ``name`` is all before the colon (white space before the colon included), ``value`` all after it,
    with the folds as CRLF and without the closing CRLF.  ``name + b":" + value + CRLF`` is what was sent.
    """

    name: bytes
    value: bytes

    @property
    def key(self) -> bytes:
        """The name folded for comparison: lower case, without white space before the colon."""
        return self.name.rstrip(b" \t").lower()

    @property
    def raw(self) -> bytes:
        """The field as it stood in the message, closing CRLF included."""
        return self.name + b":" + self.value + b"\r\n"


class Headers:
    """The header fields of one message, from the top down; cannot be changed."""

    __slots__ = ("_by_key", "_fields")

    def __init__(self, fields: Iterable[HeaderField]) -> None:
        self._fields = tuple(fields)
        by_key: dict[bytes, list[int]] = {}
        for index, field in enumerate(self._fields):
            by_key.setdefault(field.key, []).append(index)
        self._by_key = by_key

    def __iter__(self) -> Iterator[HeaderField]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __getitem__(self, index: int) -> HeaderField:
        return self._fields[index]

    def names(self) -> Iterable[bytes]:
        """Each name once, in lower case."""
        return self._by_key.keys()

    def has_any(self, keys: Iterable[bytes]) -> bool:
        """Tell whether there is a field of one of these names (given in lower case)."""
        return not self._by_key.keys().isdisjoint(keys)

    def all(self, key: bytes) -> tuple[HeaderField, ...]:
        """All fields of that name (given in lower case), from the top down."""
        return tuple(self._fields[index] for index in self._by_key.get(key, ()))

    def indexes(self, key: bytes) -> tuple[int, ...]:
        """Positions of the fields of that name (given in lower case), from the top down."""
        return tuple(self._by_key.get(key, ()))

    def first(self, key: bytes) -> HeaderField | None:
        """The topmost field of that name (given in lower case)."""
        indexes = self._by_key.get(key)
        return self._fields[indexes[0]] if indexes else None
