# SPDX-License-Identifier: GPL-3.0-or-later
"""What follows from whether the sender of a message of our own users may use its addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from postward.model.action import Reply
from postward.model.origin import Direction
from postward.model.sender_rights import Permission
from postward.model.verdict import Decision, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.model.sender_rights import SenderRights
    from postward.model.transaction import Transaction

# RFC 5322 section 2.3: what stands behind one may become a field of its own on the way, From for one.
_BROKEN_LINE = re.compile(rb"\x00|\r(?!\n[ \t])|(?<!\r)\n")
SENDER_REFUSED = Reply(code=550, enhanced="5.7.1", text="You may not use this sender address")
FROM_REFUSED = Reply(code=550, enhanced="5.7.1", text="You may not use this From address")
SEVERAL_AUTHORS = Reply(code=550, enhanced="5.6.0", text="Message must have one author in one From field")
SENDER_NOT_LOOKED_UP = Reply(code=451, enhanced="4.3.0", text="Sender could not be looked up, please try again later")


class Mismatch(StrEnum):
    """What becomes of an address that the sender may not use."""

    REJECT = "reject"
    HOLD = "hold"
    REPLACE = "replace"
    """By the sender's own address; REJECT where there is none."""
    ACCEPT = "accept"
    """In From: with a Sender field and without a signature."""


class MultipleFrom(StrEnum):
    """What becomes of a message with several authors."""

    REJECT = "reject"
    REJECT_JUDGED = "reject judged"
    """Only where the directory judges the sender."""
    ACCEPT = "accept"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionSettings:
    """The operator's settings; the defaults refuse nothing where there is no directory."""

    on_envelope_mismatch: Mismatch = Mismatch.REJECT
    on_from_mismatch: Mismatch = Mismatch.ACCEPT
    on_multiple_from: MultipleFrom = MultipleFrom.REJECT_JUDGED
    defer_on_directory_failure: bool = True
    complete: bool = True
    """Add Date and Message-ID where they are missing."""
    message_id_domain: str = "localhost"
    """The domain of the Message-IDs that we make; ours."""


def envelope_reply(rights: SenderRights, settings: SubmissionSettings) -> Reply | None:
    """What is answered to a recipient for the sake of the envelope sender; None takes it."""
    if rights.envelope is Permission.UNAVAILABLE and settings.defer_on_directory_failure:
        return SENDER_NOT_LOOKED_UP
    if rights.envelope is Permission.DENIED:
        outcome = _with_address(settings.on_envelope_mismatch, rights)
        return SENDER_REFUSED if outcome is Mismatch.REJECT else None
    return None


def decide_outbound(rights: SenderRights | None, settings: SubmissionSettings) -> Decision:
    """Give the verdict for a message of our own users; the reason is "" where nobody judged it.

    ``rights`` is None where they could not be established.
    """
    if rights is None:
        return Decision(verdict=Verdict.HAM, reason="")
    reason = "the sender may use its addresses" if rights.is_judged else ""
    found = (Decision(verdict=Verdict.HAM, reason=reason), *_objections(rights, settings))
    harshest = max(found, key=lambda decision: _SEVERITY[decision.verdict])
    # What is let through all the same is told too.
    return harshest if harshest.verdict is not Verdict.HAM else found[-1]


def may_sign(transaction: Transaction) -> str:
    """Why a message must not bear our signature, in words; "" where it may.

    Nothing is signed that the sender was not allowed to send, whatever else was decided about it.
    """
    if transaction.origin.direction is not Direction.OUTBOUND:
        return "not mail of our own users"
    decision, rights = transaction.decision, transaction.facts.sender_rights
    if decision is not None and decision.verdict in {Verdict.REJECT, Verdict.DEFER}:
        return "refused"
    if rights is None:
        return "its sender could not be judged"
    if any(_BROKEN_LINE.search(field.value) for field in transaction.headers):
        return "a header field holds a bare CR or LF, or a NUL"
    if rights.replaced_from:
        return ""
    return _unsignable_author(rights) or _UNSIGNABLE.get(rights.header_from, "")


def _unsignable_author(rights: SenderRights) -> str:
    if rights.from_fields != 1:
        return "more than one From field" if rights.from_fields else "no From field"
    if not rights.from_is_readable:
        return "From cannot be read"
    if len(rights.from_addresses) != 1:
        return "more than one author" if rights.from_addresses else "no author"
    return ""


_UNSIGNABLE = {
    Permission.DENIED: "the sender may not use the address in From",
    Permission.UNAVAILABLE: "the directory did not answer",
}
_SEVERITY = {verdict: rank for rank, verdict in enumerate(Verdict)}
"""From the mildest to the harshest."""


def _objections(rights: SenderRights, settings: SubmissionSettings) -> Iterator[Decision]:
    if Permission.UNAVAILABLE in {rights.envelope, rights.header_from}:
        reason = "the directory did not answer"
        is_deferred = settings.defer_on_directory_failure
        yield (
            Decision(verdict=Verdict.DEFER, reason=reason, reply=SENDER_NOT_LOOKED_UP)
            if is_deferred
            else Decision(verdict=Verdict.HAM, reason=reason)
        )
    if rights.has_several_authors and _refuses_several(rights, settings):
        yield Decision(verdict=Verdict.REJECT, reason="more than one author", reply=SEVERAL_AUTHORS)
    if rights.header_from is Permission.DENIED:
        outcome = _with_address(settings.on_from_mismatch, rights)
        yield _mismatch(outcome, "the sender may not use the address in From", FROM_REFUSED)
    if rights.envelope is Permission.DENIED:
        outcome = _with_address(settings.on_envelope_mismatch, rights)
        yield _mismatch(outcome, "the sender may not use the envelope sender", SENDER_REFUSED)


def _mismatch(outcome: Mismatch, reason: str, reply: Reply) -> Decision:
    if outcome is Mismatch.REJECT:
        return Decision(verdict=Verdict.REJECT, reason=reason, reply=reply)
    if outcome is Mismatch.HOLD:
        return Decision(verdict=Verdict.QUARANTINE, reason=reason)
    done = "replaced" if outcome is Mismatch.REPLACE else "let through"
    return Decision(verdict=Verdict.HAM, reason=f"{reason}: {done}")


def _with_address(wanted: Mismatch, rights: SenderRights) -> Mismatch:
    return Mismatch.REJECT if wanted is Mismatch.REPLACE and not rights.own_address else wanted


def _refuses_several(rights: SenderRights, settings: SubmissionSettings) -> bool:
    if settings.on_multiple_from is MultipleFrom.REJECT_JUDGED:
        return rights.is_judged
    return settings.on_multiple_from is MultipleFrom.REJECT
