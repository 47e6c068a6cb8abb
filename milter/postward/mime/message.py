# SPDX-License-Identifier: GPL-3.0-or-later
"""A message as a tree of parts, read when somebody first asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.mime.bounds import DEFAULT, MimeBounds
from postward.mime.fields import fields_of_message
from postward.mime.lazy import lazy
from postward.mime.structure import StructureReader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.mime.part import Part
    from postward.model.header import Headers


class MimeMessage:
    """Header and body of one message; nothing is read before it is asked for, and nothing raises."""

    def __init__(self, headers: Headers, body: bytes, bounds: MimeBounds = DEFAULT) -> None:
        self.headers = headers
        self.body = body
        self._bounds = bounds

    @lazy
    def _tree(self) -> tuple[Part, tuple[str, ...]]:
        reader = StructureReader(self.body, self._bounds)
        root = reader.read(fields_of_message(self.headers))
        return root, tuple(reader.problems)

    @property
    def root(self) -> Part:
        """The message itself."""
        return self._tree[0]

    @property
    def problems(self) -> tuple[str, ...]:
        """Why something in the structure could not be looked into, in words; archives speak for themselves."""
        return self._tree[1]

    @lazy
    def nodes(self) -> tuple[Part, ...]:
        """All parts, multiparts among them, in their order."""
        return tuple(_walk(self.root))

    @lazy
    def parts(self) -> tuple[Part, ...]:
        """All that are no multipart, in their order; an attached message stands before its own parts."""
        return tuple(part for part in self.nodes if not part.is_multipart)

    @lazy
    def by_path(self) -> dict[str, Part]:
        """Parts by their path."""
        return {part.path: part for part in self.nodes}


def _walk(part: Part) -> Iterator[Part]:
    yield part
    for child in part.children:
        yield from _walk(child)
