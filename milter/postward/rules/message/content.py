# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of a message and its parts, read when a rule first asks for them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from postward.mime.flags import flags_of
from postward.mime.message import MimeMessage
from postward.mime.text import body_text
from postward.rules.patterns.comparison import folded_case

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.mime.part import Part
    from postward.model.body import Body
    from postward.model.header import Headers

TOO_LARGE = "the message is larger than what is looked into"


class Content:
    """Shared by all copies of one message; ``headers`` are those with which it came."""

    def __init__(
        self,
        headers: Headers,
        body: Body,
        *,
        max_inspected_bytes: int,
        text_bytes: int,
        mime: Callable[[], MimeMessage] | None = None,
    ) -> None:
        """``max_inspected_bytes``: of a larger body no part is looked into; ``text_bytes`` of text are searched.

        ``mime`` gives the parts where somebody has read them already.
        """
        self._read_mime = mime
        self._headers = headers
        self._body = body
        self._max_inspected_bytes = max_inspected_bytes
        self.text_bytes = text_bytes

    @property
    def headers(self) -> Headers:
        """The header with which the body came."""
        return self._headers

    @property
    def body(self) -> Body:
        """The octets."""
        return self._body

    @cached_property
    def header_bytes(self) -> int:
        """Size of that header."""
        # Name, colon, value and line end of each.
        return sum(len(field.name) + len(field.value) + 3 for field in self._headers)

    @property
    def is_too_large(self) -> bool:
        """Nothing is said of its parts."""
        return self._body.size_bytes > self._max_inspected_bytes

    @cached_property
    def mime(self) -> MimeMessage:
        """The parts; of a body that is too large none."""
        if self._read_mime is not None and not self.is_too_large:
            return self._read_mime()
        return MimeMessage(self._headers, b"" if self.is_too_large else bytes(self._body))

    @property
    def parts(self) -> tuple[Part, ...]:
        """All that are no multipart, in their order."""
        return self.mime.parts

    @cached_property
    def attachments(self) -> tuple[Part, ...]:
        """Parts that a reader sees as files."""
        return tuple(part for part in self.mime.parts if part.is_attachment)

    @cached_property
    def text(self) -> str:
        """What a reader sees, with runs of white space as one space."""
        return body_text(self.mime, self.text_bytes)

    @cached_property
    def compared_text(self) -> str:
        """The same in the form in which text is compared."""
        return folded_case(self.text)

    @cached_property
    def flags(self) -> frozenset[str]:
        """See ``mime.flags``."""
        flags = flags_of(self._headers, self.mime)
        return flags | {"uninspectable"} if self.is_too_large else flags

    @property
    def problems(self) -> tuple[str, ...]:
        """Why something could not be looked into."""
        return (TOO_LARGE,) if self.is_too_large else self.mime.problems


def replaced_content(content: Content, headers: Headers, body: Body) -> Content:
    """The same message with another body."""
    return Content(
        headers,
        body,
        max_inspected_bytes=content._max_inspected_bytes,  # noqa: SLF001 - a copy of its own kind
        text_bytes=content.text_bytes,
    )
