# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep mail from leaving by automatic forwards that users have set up for themselves.

A forward has no mark of its own outside Exchange.  What gives it away: fields that forwarding systems add, a foreign
author under an envelope sender of ours, a return path that was rewritten (SRS), and Resent fields.  Out-of-office notes
and other answers of machines pass, and so do lists that live here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from postward.rules.api import Action, Audit, Context, Discard, Message, Notify, Quarantine, Reject, Tag, rule

_SRS = re.compile(r"srs[01][=+-]", re.IGNORECASE)
_MARKS = (
    "X-MS-Exchange-Inbox-Rules-Loop",
    "X-MS-Exchange-ForwardingLoop",
    "X-MS-Exchange-Organization-AutoForwarded",
    "X-Forwarded-For",
    "X-Forwarded-To",
    "X-Sieve-Redirected-From",
    "X-Zimbra-Forwarded",
)
_ANSWERS = ("X-Autoreply", "X-Autorespond")
_MAX_LABELS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardSettings:
    """See docs/plugins/auto_forward_block.md."""

    action: Literal["reject", "discard", "quarantine", "tag"] = "reject"
    text: str = "Automatic forwarding to other hosts is not allowed here"
    tag: str = "auto-forward"
    notify: tuple[str, ...] = ()
    own_domains: tuple[str, ...] = ()
    allowed_groups: tuple[str, ...] = ()
    allowed_senders: tuple[str, ...] = ()
    allowed_domains: tuple[str, ...] = ()
    resent: bool = True


@rule(
    id="auto_forward_block",
    needs={"client", "envelope", "headers", "directory"},
    may={"reject", "discard", "quarantine", "tag", "notify", "audit"},
    config=ForwardSettings,
)
def auto_forward_block(message: Message, config: ForwardSettings, _context: Context) -> list[Action]:
    """Refuse automatic forwards of our own users to other hosts."""
    leaving = _leaving(message, config)
    if not leaving or message.origin == "inbound" or _is_answer(message) or _is_allowed(message, config):
        return []
    sign = _sign(message, config)
    if not sign:
        return []
    actions: list[Action] = [Tag(name=config.tag), Audit(severity="high")]
    if config.action == "reject":
        actions.append(Reject(code=550, enhanced="5.7.1", text=config.text))
    elif config.action == "discard":
        actions.append(Discard(recipients=leaving))
    elif config.action == "quarantine":
        actions.append(Quarantine(reason=f"automatic forward: {sign}", recipients=leaving))
    return [*actions, Notify(to=config.notify)] if config.notify else actions


def _leaving(message: Message, config: ForwardSettings) -> tuple[str, ...]:
    allowed = {domain.lower() for domain in config.allowed_domains}
    return tuple(
        view.address
        for view in message.recipients
        if view.direction not in {"inbound", "internal"}
        and view.domain not in allowed
        and not _is_ours(view.domain, message, config)
    )


def _is_ours(domain: str, message: Message, config: ForwardSettings) -> bool:
    named = {own.lower() for own in config.own_domains}
    return domain.lower() in named or bool(message.directory.is_hosted(domain.lower()))


def _is_answer(message: Message) -> bool:
    """Exchange's out-of-office notes carry its mark of forwards too, and say ``auto-generated``."""
    if message.sender.is_null or any(name in message.headers for name in _ANSWERS):
        return True
    submitted = (message.headers.get("Auto-Submitted") or "no").lower()
    is_answer = submitted.startswith("auto-generated") and "X-Auto-Response-Suppress" in message.headers
    return is_answer or submitted.startswith("auto-replied")


def _is_allowed(message: Message, config: ForwardSettings) -> bool:
    if message.sender_address.lower() in {sender.lower() for sender in config.allowed_senders}:
        return True
    profile = message.sender_profile if config.allowed_groups else None
    return profile is not None and not profile.groups.isdisjoint({group.lower() for group in config.allowed_groups})


def _sign(message: Message, config: ForwardSettings) -> str:
    """Say what gives the forward away; "" where nothing does."""
    sender, headers = message.sender, message.headers
    if _is_own_list(message, config):
        return ""
    # An address: web forms put the visitor's IP address into a field of the same name.
    marks = [name for name in _MARKS if any("@" in value or value == "true" for value in headers.get_all(name))]
    if marks or not (message.origin == "own" or _is_ours(sender.domain, message, config)):
        return marks[0] if marks else ""
    if not _is_foreign(message, config):
        return ""
    if "Resent-From" in headers or "Resent-Sender" in headers:
        return "resent" if config.resent else ""
    return "return path rewritten" if _SRS.match(sender.local_part) else "foreign author"


def _is_foreign(message: Message, config: ForwardSettings) -> bool:
    """No author is ours, nor the sender by another address of his or her own."""
    profile, domain = message.sender_profile, message.sender.domain.lower()
    own = {address.lower() for address in profile.other_addresses} if profile is not None else set()
    # Where nobody says what is ours, a user writes from the domain of the envelope sender.
    named = domain if not config.own_domains and message.directory.is_hosted(domain) is None else None
    return bool(message.from_all) and not any(
        author.domain == named or author.address.lower() in own or _is_ours(author.domain, message, config)
        for author in message.from_all
    )


def _is_own_list(message: Message, config: ForwardSettings) -> bool:
    """Whether a list of ours sends it; a user may as well forward what other lists send."""
    for value in (*message.headers.get_all("List-Id"), *message.headers.get_all("List-Post")):
        labels = value.rpartition("<")[2].rpartition("@")[2].rstrip("> ").split(".")[-_MAX_LABELS:]
        if any(_is_ours(".".join(labels[start:]), message, config) for start in range(len(labels))):
            return True
    return False
