# SPDX-License-Identifier: GPL-3.0-or-later
"""One message as the checks of header and content see it: each thing is read once, when it is first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.checks.content.wording import read_wording
from postward.dns.names import to_ascii
from postward.mime.address_list import read_mailboxes
from postward.mime.html.view import view_of
from postward.mime.lazy import lazy
from postward.mime.links.link import LinkSource
from postward.mime.links.links import LinkBounds, links_of
from postward.mime.text import body_text
from postward.mime.words import decode_words, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.checks.content.wording import Wording
    from postward.checks.examination import Examination
    from postward.dns.public_suffix import PublicSuffixes
    from postward.dns.resolver import Lookup
    from postward.mime.address_list import Mailbox
    from postward.mime.html.view import HtmlView
    from postward.mime.links.link import Link
    from postward.mime.message import MimeMessage
    from postward.mime.part import Part
    from postward.model.envelope import EnvelopeAddress
    from postward.model.header import HeaderField, Headers
    from postward.model.origin import Origin
    from postward.model.transaction import Facts

_MAX_FIELD_BYTES = 4_096
_MAX_RECIPIENTS = 20
_WEB = frozenset({"http", "https", "ftp"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentBounds:
    """How much of a message is looked into."""

    max_inspected_bytes: int = 10_000_000
    """Of a larger body nothing is looked at."""
    text_characters: int = 262_144
    html_bytes: int = 524_288
    """Of all parts together."""
    links: int = 200


class Letter:
    """Made for each message; nothing of it raises for anything that a sender has written."""

    def __init__(self, examination: Examination, suffixes: PublicSuffixes, bounds: ContentBounds) -> None:
        self._examination = examination
        self._bounds = bounds
        self.suffixes = suffixes
        self.now_s = examination.now_s
        """Unix time."""

    @property
    def lookup(self) -> Lookup:
        """Asks DNS; each question counts against the message's budget, and the answer may be that it failed."""
        return self._examination.lookup

    @lazy
    def headers(self) -> Headers:
        """The header as it came."""
        return self._examination.transaction.headers

    @property
    def facts(self) -> Facts:
        """What SPF, DKIM, DMARC and iprev have found by now; any of it may be None."""
        return self._examination.transaction.facts

    @property
    def origin(self) -> Origin:
        """The client that is judged, its HELO name, and the relay before us."""
        return self._examination.transaction.origin

    @property
    def sender(self) -> EnvelopeAddress:
        """MAIL FROM."""
        return self._examination.transaction.sender.address

    @property
    def recipients(self) -> tuple[EnvelopeAddress, ...]:
        """RCPT TO."""
        return tuple(recipient.address for recipient in self._examination.transaction.recipients)

    @property
    def size_bytes(self) -> int:
        """Of the body."""
        return self._examination.transaction.body.size_bytes

    @property
    def is_looked_into(self) -> bool:
        """False where the body is too large: then there are no parts, links and text."""
        return self.size_bytes <= self._bounds.max_inspected_bytes

    def field(self, key: bytes) -> bytes | None:
        """Value of the first field of that name (lower case), unfolded, without blanks around it; None for none."""
        found = self.headers.first(key)
        return _unfolded(found) if found is not None else None

    def text_of(self, key: bytes) -> str:
        """The same decoded (RFC 2047) and in one line; "" for none."""
        value = self.field(key)
        return one_line(decode_words(value)) if value else ""

    @lazy
    def subject(self) -> str:
        """Decoded, in one line; "" for none."""
        return self.text_of(b"subject")

    @lazy
    def authors(self) -> tuple[Mailbox, ...]:
        """Of the first From field."""
        return self.mailboxes(b"from")

    @lazy
    def author_domain(self) -> str:
        """Domain of the first author in A-labels; "" where there is none, or it cannot be written so."""
        domain = self.authors[0].domain if self.authors else ""
        return (to_ascii(domain) or "") if domain else ""

    @lazy
    def own_domains(self) -> frozenset[str]:
        """Registered domains of the recipients, ``_MAX_RECIPIENTS`` of them at most: they are ours."""
        domains = {address.domain for address in self.recipients[:_MAX_RECIPIENTS]} - {""}
        return frozenset(self.organizational(to_ascii(domain) or "") for domain in domains) - {""}

    def mailboxes(self, key: bytes) -> tuple[Mailbox, ...]:
        """Of the first field of that name."""
        value = self.field(key)
        return read_mailboxes(value) if value else ()

    def organizational(self, host: str) -> str:
        """The domain under a public suffix that a host name belongs to; "" for a suffix, an address and no name."""
        return self.suffixes.organizational_domain(host)

    @property
    def mime(self) -> MimeMessage:
        """The parts; of a body that is too large there is one empty part."""
        return self._examination.mime

    @property
    def parts(self) -> tuple[Part, ...]:
        """All that are no multipart; none where the body is not looked into."""
        return self.mime.parts if self.is_looked_into else ()

    @lazy
    def files(self) -> tuple[Part, ...]:
        """All but multiparts, attached messages and text without a name."""
        return tuple(
            part
            for part in self.parts
            if not part.is_message and (part.is_attachment or bool(part.filenames) or not part.is_text)
        )

    @lazy
    def text(self) -> str:
        """What a reader sees, with runs of white space as one space."""
        if not self.is_looked_into:
            return ""
        views = self.html
        # Of HTML that has been read once.
        seen = {path: view.visible_text for path, view in views.items() if not view.problem and not view.is_cut}
        return body_text(self.mime, self._bounds.text_characters, seen)

    @lazy
    def wording(self) -> Wording:
        """The words with which the text begins."""
        return read_wording(self.text)

    @lazy
    def html(self) -> Mapping[str, HtmlView]:
        """What is in each HTML part that a reader sees, by the part's path."""
        views: dict[str, HtmlView] = {}
        left = self._bounds.html_bytes
        for part in self.parts:
            if left > 0 and part.is_body and part.content_type in {"text/html", "application/xhtml+xml"}:
                views[part.path] = view_of(part, left)
                left -= min(part.end - part.body_start, left)
        return views

    @lazy
    def links(self) -> tuple[Link, ...]:
        """Of text and HTML, each once, in their order."""
        return links_of(self.parts, self.html, LinkBounds(links=self._bounds.links))

    @lazy
    def clicked(self) -> tuple[Link, ...]:
        """Those to the web that a reader may follow, of text, anchors and forms; none that only his program fetches."""
        return tuple(link for link in self.links if link.scheme in _WEB and link.source is not LinkSource.RESOURCE)

    @lazy
    def anchors(self) -> tuple[Link, ...]:
        """The same without those that merely stand in text, where people write about links."""
        return tuple(link for link in self.clicked if link.source is not LinkSource.TEXT)

    @lazy
    def anchor_hosts(self) -> frozenset[str]:
        """Hosts of the anchors; "" where one has an address."""
        return frozenset(link.host for link in self.anchors)


def letter_of(examination: Examination, suffixes: PublicSuffixes, bounds: ContentBounds) -> Letter:
    """The letter of an examination, made once: all checks share what is read of it."""
    if examination.letter is None:
        examination.letter = Letter(examination, suffixes, bounds)
    return examination.letter


def _unfolded(field: HeaderField) -> bytes:
    return b" ".join(field.value[:_MAX_FIELD_BYTES].split())
