# SPDX-License-Identifier: GPL-3.0-or-later
"""One message as every rule sees it, whether it comes from an MTA or from a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.model.envelope import EnvelopeAddress
from postward.rules.message.views import NOT_AUTHENTICATED, AuthView, Client, RecipientView
from postward.rules.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from postward.mime.address_list import Mailbox
    from postward.mime.part import Part
    from postward.model.profile import Profile
    from postward.rules.message.content import Content
    from postward.rules.message.header_view import HeaderView
    from postward.rules.message.reputation_view import ReputationView
    from postward.rules.message.views import DirectionWord
    from postward.rules.services import RuleDirectory

_NULL_PATH = EnvelopeAddress("")


@dataclass(frozen=True, kw_only=True)
class Message:
    """Frozen; what has to be parsed or asked for is so when it is first read, and once.

    Before ``Stage.HEADERS`` header and content are empty, before ``Stage.END`` so are authentication and score.
    Questions to the directory may raise DirectoryUnavailable.
    """

    id: str
    now_s: float
    """Unix time by which the rules are evaluated."""
    headers: HeaderView
    """Without what the message brought along and only we may write."""
    content: Content
    directory: RuleDirectory
    stage: Stage = Stage.END
    origin: str = "inbound"
    """inbound from outside, own from our own users, local from this host with nothing to show for itself."""
    tenant: str = ""
    """Whose mail it is; "" where nobody says."""
    client: Client = field(default_factory=Client)
    sender: EnvelopeAddress = _NULL_PATH
    """MAIL FROM, as later rules see it."""
    recipients: tuple[RecipientView, ...] = ()
    recipient: RecipientView | None = None
    """The one that is looked at; None while the message is looked at as a whole."""
    header_bytes: int | None = None
    """Of the header as it came; None where ``content`` has that."""
    positions: Sequence[int] = ()
    """Where each field of ``headers`` stood in the header as it came, before any rule changed it."""
    auth: AuthView = NOT_AUTHENTICATED
    reputation: ReputationView | None = None
    """What is known of whom it comes from; None where the store was not asked, or did not answer."""
    score: float = 0.0
    symbols: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    tags: frozenset[str] = frozenset()

    @property
    def direction(self) -> DirectionWord:
        """Of the recipient that is looked at; of the whole message outbound where it is for one of them."""
        if self.recipient is not None:
            return self.recipient.direction
        if self.origin != "own":
            return "local" if self.origin == "local" else "inbound"
        found = {recipient.direction for recipient in self.recipients}
        if found == {"internal"}:
            return "internal"
        return "unknown" if found and "outbound" not in found else "outbound"

    @property
    def size_bytes(self) -> int:
        """Of header and body as they came."""
        header_bytes = self.content.header_bytes if self.header_bytes is None else self.header_bytes
        return header_bytes + self.content.body.size_bytes

    @property
    def subject(self) -> str:
        """Decoded; "" where there is none."""
        return self.headers.get("subject") or ""

    @property
    def from_all(self) -> tuple[Mailbox, ...]:
        """Authors, of all From fields."""
        return self.headers.mailboxes("from")

    @property
    def from_(self) -> Mailbox | None:
        """The first author; None where there is none."""
        return self.from_all[0] if self.from_all else None

    @property
    def to(self) -> tuple[Mailbox, ...]:
        """Of the header, which says nothing of who gets the message."""
        return self.headers.mailboxes("to")

    @property
    def cc(self) -> tuple[Mailbox, ...]:
        """Of the header."""
        return self.headers.mailboxes("cc")

    @property
    def reply_to(self) -> tuple[Mailbox, ...]:
        """Of the header."""
        return self.headers.mailboxes("reply-to")

    @property
    def parts(self) -> tuple[Part, ...]:
        """All parts that are no multipart."""
        return self.content.parts

    @property
    def attachments(self) -> tuple[Part, ...]:
        """Parts that a reader sees as files."""
        return self.content.attachments

    @property
    def body_text(self) -> str:
        """What a reader sees of the body, bounded, with runs of white space as one space."""
        return self.content.text

    @property
    def flags(self) -> frozenset[str]:
        """What kind of message this is; see ``mime.flags``."""
        return self.content.flags

    @property
    def problems(self) -> tuple[str, ...]:
        """Why something could not be looked into, in words."""
        return self.content.problems

    @cached_property
    def sender_address(self) -> str:
        """Who sends, as far as we know it: the login where it is an address, else the envelope sender."""
        return self.client.user if "@" in self.client.user else self.sender.text

    @cached_property
    def sender_profile(self) -> Profile | None:
        """What the directory says of a sender of our own; None of all others, whatever they call themselves."""
        return self.directory.profile(self.sender_address) if self.origin == "own" and self.sender_address else None

    @cached_property
    def recipient_profile(self) -> Profile | None:
        """What the directory says of the recipient that is looked at."""
        return self.directory.profile(self.recipient.address) if self.recipient is not None else None

    def profile(self, address: str) -> Profile | None:
        """What the directory says of any address."""
        return self.directory.profile(address)
