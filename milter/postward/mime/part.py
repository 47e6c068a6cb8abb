# SPDX-License-Identifier: GPL-3.0-or-later
"""One part of a message: what its header says at once, what its content says when somebody asks."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from postward.mime.archive import list_archive
from postward.mime.charsets import decode_text
from postward.mime.filenames import extensions_of
from postward.mime.html_text import charset_of_html, html_to_text
from postward.mime.lazy import lazy
from postward.mime.transfer import IDENTITY, decode_transfer, goes_on_behind_padding
from postward.mime.true_type import true_type_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.mime.archive import Allowance, ArchiveListing
    from postward.mime.fields import PartFields

DEFAULT_LIMIT = 1_048_576
"""Characters of text."""
_MARKUP_BYTES = 524_288
MESSAGE_TYPES = frozenset({"message/rfc822", "message/global", "message/news"})
_REPORT_TYPES = frozenset({
    "message/delivery-status", "message/global-delivery-status", "message/disposition-notification",
    "message/global-disposition-notification", "message/feedback-report", "message/global-headers",
})  # fmt: skip
_IMAGE_EXTENSIONS = frozenset({
    "png", "jpg", "jpeg", "jfif", "gif", "bmp", "svg", "webp", "tif", "tiff", "ico", "heic", "avif", "emz", "wmz",
    "emf", "wmf",
})  # fmt: skip
_TEXT_EXTENSIONS = frozenset({"txt", "text", "htm", "html"})


def source_limit(characters: int) -> int:
    """How many octets are read for that much text: letters take more than one, and there is markup."""
    return 2 * characters + _MARKUP_BYTES


@dataclass(frozen=True, eq=False, kw_only=True)
class Part:
    """A node of the tree; offsets are octets of the body of the whole message."""

    path: str
    """As in IMAP (RFC 9051 section 6.4.5): "1", "1.2"; "" for a multipart that is the whole message.

    The multipart that is the whole of an attached message 2 is "2.TEXT".
    """
    content_type: str
    """Type and subtype, lower case; what RFC 2045 section 5.2 says where there is none that can be read."""
    depth: int
    """0 for the root."""
    header_start: int
    body_start: int
    end: int
    """Behind the last octet; the line end before a boundary belongs to the boundary."""
    fields: PartFields = field(repr=False)
    body: bytes = field(repr=False)
    """Of the whole message."""
    allowance: Allowance = field(repr=False)
    """For archives; shared by all parts of the message."""
    parent_type: str = ""
    """content_type of the multipart it is in; "" for a root."""
    is_nested: bool = False
    """It is within an attached message (message/rfc822)."""
    children: tuple[Part, ...] = ()
    """Of a multipart its parts, of an attached message its root."""
    structure_problem: str = ""
    """What the reader of the structure found."""

    @property
    def parameters(self) -> Mapping[str, str]:
        """Of the Content-Type: names in lower case, values decoded (RFC 2231, RFC 2047)."""
        return self.fields.content_type.parameters

    @property
    def charset(self) -> str:
        """As it is written, lower case; "" where none is."""
        words = self.parameters.get("charset", "").lower().split()
        return words[0] if words else ""

    @property
    def disposition(self) -> str:
        """``attachment``, ``inline`` or ""; an unknown one is an attachment (RFC 2183 section 2.8)."""
        value = self.fields.disposition.value
        return value if value in {"", "inline"} else "attachment"

    @property
    def encoding(self) -> str:
        """Content-Transfer-Encoding, lower case; "" where there is none."""
        return self.fields.encoding

    @property
    def filename(self) -> str:
        """The name that a reader shows; "" for none."""
        return self.filenames[0] if self.filenames else ""

    @lazy
    def filenames(self) -> tuple[str, ...]:
        """Every name that some reader shows: of each field, in the form of RFC 2231, decoded and as it is written."""
        names = [name for field in self.fields.dispositions for name in field.variants("filename")]
        names += [name for field in self.fields.types for name in field.variants("name")]
        return tuple(dict.fromkeys(filter(None, names)))

    @lazy
    def extensions(self) -> tuple[str, ...]:
        """Of all file names, lower case; both of a double one; dots and blanks at the end and U+202E do not count."""
        return extensions_of(self.filenames)

    @property
    def is_multipart(self) -> bool:
        """It consists of parts that could be found."""
        return self.content_type.startswith("multipart/") and bool(self.children)

    @property
    def is_message(self) -> bool:
        """It is an attached message."""
        return self.content_type in MESSAGE_TYPES

    @property
    def is_text(self) -> bool:
        """Readers show it as text; a multipart without parts is shown so too."""
        return self.content_type.startswith("text/") or (
            self.content_type.startswith("multipart/") and not self.children
        )

    @property
    def is_body(self) -> bool:
        """A reader shows its text as the message, or below it."""
        return self.is_text and self.disposition != "attachment" and not self.is_nested

    @lazy
    def is_attachment(self) -> bool:
        """A reader shows it as a file.

        These are not: text without a name, the first text with a name that only a text has, pictures which the text
        refers to, and the parts of a report.  Those within an attached message are, beside that message.
        """
        if self.is_multipart:
            return False
        if self.disposition == "attachment":
            return True
        if self.is_text:
            return bool(self.filenames) and not (self._is_first and _TEXT_EXTENSIONS.issuperset(self.extensions))
        return not (self._is_picture_in_text or self._is_of_report)

    @property
    def _is_first(self) -> bool:
        return set(self.path) <= {"1", "."} and "11" not in self.path

    @property
    def _is_picture_in_text(self) -> bool:
        is_shown = self.fields.has_id or self.parent_type == "multipart/related"
        return self.content_type.startswith("image/") and is_shown and _IMAGE_EXTENSIONS.issuperset(self.extensions)

    @property
    def _is_of_report(self) -> bool:
        if self.filenames:
            return False
        return self.content_type in _REPORT_TYPES or (self.is_message and self.parent_type == "multipart/report")

    @property
    def problem(self) -> str:
        """Why it could not be looked into as a whole, in words; "" where it could."""
        return self.structure_problem or self.fields.problem

    @property
    def raw(self) -> bytes:
        """The content as it stands in the message."""
        return self.body[self.body_start : self.end]

    @lazy
    def _decoded(self) -> bytes:
        return decode_transfer(self.raw, self.encoding)

    def decoded(self, limit: int | None = None) -> bytes:
        """Content without its transfer encoding, ``limit`` octets at most; of a multipart what it consists of."""
        if self.encoding in IDENTITY or self.is_multipart or (self.is_message and self.children):
            return self.body[self.body_start : self.end if limit is None else min(self.end, self.body_start + limit)]
        return self._decoded if limit is None else self._decoded[:limit]

    @lazy
    def size_bytes(self) -> int:
        """Of the decoded content."""
        if self.encoding in IDENTITY or self.children:
            return self.end - self.body_start
        return len(self._decoded)

    @lazy
    def sha256(self) -> str:
        """Of the decoded content, in hex."""
        return hashlib.sha256(self.decoded()).hexdigest()

    @lazy
    def true_type(self) -> str:
        """What the content is by itself; see ``mime.true_type``.  "" where that cannot be told."""
        return "" if self.is_multipart else true_type_of(self.decoded())

    def text(self, limit: int = DEFAULT_LIMIT, source_bytes: int | None = None) -> str:
        """The content as text, ``limit`` characters at most; of HTML what a reader would see.

        ``source_bytes`` of the decoded content are read at most, by default twice the limit and what marks may need.
        """
        octets = self.decoded(source_limit(limit) if source_bytes is None else source_bytes)
        is_html = self.content_type in {"text/html", "application/xhtml+xml"}
        charset = self.charset or (charset_of_html(octets) if is_html else "")
        text = decode_text(octets, charset)
        return html_to_text(text, limit) if is_html else text[:limit]

    def archive(self, depth: int = 1) -> ArchiveListing:
        """What is in it where it is an archive, with archives within it to that depth; remembered."""
        listing = self._listings.get(depth)
        if listing is None:
            listing = list_archive(self.decoded(), self.true_type, depth=depth, allowance=self.allowance)
            if not listing.problem and self.encoding == "base64" and goes_on_behind_padding(self.raw):
                listing = replace(listing, problem="base64 goes on behind its end")
            self._listings[depth] = listing
        return listing

    @lazy
    def _listings(self) -> dict[int, ArchiveListing]:
        return {}
