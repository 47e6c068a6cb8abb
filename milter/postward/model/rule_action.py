# SPDX-License-Identifier: GPL-3.0-or-later
"""What a transport rule wants done: data, not effects.  The engine checks, merges and settles it.

``recipients`` are envelope addresses as they came; empty means those for whom the rule matched.  Actions that have none
concern the message as a whole, for it has one header and one body for all its recipients.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """Refuse for good (5xx)."""

    code: int = 550
    enhanced: str = "5.7.1"
    text: str = "Message refused by policy"
    """One line, or several with LF between them; what is not printable ASCII is replaced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Defer:
    """Refuse for now (4xx)."""

    code: int = 451
    enhanced: str = "4.7.1"
    text: str = "Please try again later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Discard:
    """Take the message and deliver it to nobody; the audit line is all that is left of it."""

    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantine:
    """Keep the message back: in Postward's own store for these recipients, or whole in the MTA's hold queue."""

    own_store: bool = True
    reason: str = ""
    """In words, for the operator."""
    notify: tuple[str, ...] = ()
    """Addresses that are told."""
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Junk:
    """Deliver marked as junk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddHeader:
    """Add a field below those that the message has."""

    name: str
    value: str
    """As text; what is not ASCII is written as encoded words (RFC 2047)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetHeader:
    """Give the first field of that name this value, and remove its others; add it where there is none."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveHeader:
    """Remove fields."""

    name: str
    """A name, or the beginning of names with ``*`` behind it; without regard to case."""
    when_matches: str = ""
    """RE2 pattern that the decoded value must match; "" removes all of that name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefixSubject:
    """Put text before the subject, once, however often the message comes back."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRecipient:
    """Send the message to one more address, without its senders learning of it."""

    address: str
    notify_never: bool = True
    """Ask the MTA never to tell the sender whether that copy was delivered (RFC 3461 NOTIFY=NEVER)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """Send the message to this address in place of the recipients."""

    address: str
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSender:
    """Give the envelope another sender; "" is the null path."""

    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Send the message by another way, which the configuration knows by this name."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddScore:
    """Add points to the spam score; fewer than 0 take some away."""

    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SetScore:
    """Let the spam score be this, whatever was found."""

    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BypassSpam:
    """Never treat the message as junk.  Neither a virus nor a refusal is bypassed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """Mark the message for later rules and for the log."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """Keep a copy in an archive, which the configuration knows by this name."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """Tell somebody that the rule has matched."""

    to: tuple[str, ...]
    """Addresses.

    ``sender``, ``recipient`` and ``admin`` stand for the one who sent it, those it is for, and whoever the
    configuration names.
    """
    template: str = ""
    """Name of a text of the configuration; "" is the usual one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moderate:
    """Keep the message until somebody lets it go on."""

    by: tuple[str, ...]
    """Addresses of those who decide."""
    expire_s: float = 172_800.0
    on_expire: str = "bounce"
    """bounce, deliver or discard."""
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StripAttachment:
    """Put a notice in place of parts."""

    paths: tuple[str, ...]
    """Of the parts, as in ``Part.path``."""
    notice: str = "An attachment was removed from this message by the mail server."


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Have the match told with this weight."""

    severity: str = "high"
    """low, medium or high."""


RuleAction = (
    Reject | Defer | Discard | Quarantine | Junk | AddHeader | SetHeader | RemoveHeader | PrefixSubject | AddRecipient
    | Redirect | ChangeSender | Route | AddScore | SetScore | BypassSpam | Tag | Archive | Notify | Moderate
    | StripAttachment | Audit
)  # fmt: skip

ACTION_KINDS: dict[str, type[RuleAction]] = {
    "reject": Reject,
    "defer": Defer,
    "discard": Discard,
    "quarantine": Quarantine,
    "junk": Junk,
    "add_header": AddHeader,
    "set_header": SetHeader,
    "remove_header": RemoveHeader,
    "prefix_subject": PrefixSubject,
    "add_recipient": AddRecipient,
    "redirect": Redirect,
    "change_sender": ChangeSender,
    "route": Route,
    "score": AddScore,
    "set_score": SetScore,
    "bypass_spam": BypassSpam,
    "tag": Tag,
    "archive": Archive,
    "notify": Notify,
    "moderate": Moderate,
    "strip_attachment": StripAttachment,
    "audit": Audit,
}
"""Each kind of action by its name in logs, and in what a plugin declares that it may do."""

_NAMES = {kind: name for name, kind in ACTION_KINDS.items()}


def kind_of(action: RuleAction) -> str:
    """Name of an action's kind."""
    return _NAMES[type(action)]
