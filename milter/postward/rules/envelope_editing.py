# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules change the envelope: who gets the message, and in whose name it goes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.model.envelope import EnvelopeAddress

if TYPE_CHECKING:
    from postward.model.rule_action import AddRecipient, ChangeSender, Redirect
    from postward.rules.working_copy import WorkingCopy

_ADDRESS = re.compile(
    r"[^\x00-\x20\x7f-\x9f<>@,;:\\()\[\]\"\ud800-\udfff]{1,64}@[^\x00-\x20\x7f-\x9f<>@,;\\()\"\ud800-\udfff]{1,255}"
)
_MAX_OCTETS = 320
"""RFC 5321 sections 4.5.3.1.1 and 4.5.3.1.2; they count octets."""
_MAX_ADDED = 100


def is_address(text: str) -> bool:
    """Whether a rule may put this into the envelope; only what needs no quotes."""
    return _ADDRESS.fullmatch(text) is not None and len(text.encode()) <= _MAX_OCTETS


def add_recipient(copy: WorkingCopy, action: AddRecipient) -> str:
    """Send a copy to one more address; returns why not, in words, or ""."""
    if _gets_it(copy, action.address):
        return "is a recipient already"
    if any(address.lower() == action.address.lower() for address in _kept_from(copy)):
        return "the message is kept from this recipient"
    objection = _addition_objection(copy, action.address)
    if objection:
        return objection
    copy.added[action.address] = action.notify_never
    return ""


def redirect(copy: WorkingCopy, action: Redirect, recipients: tuple[str, ...]) -> str:
    """Send the message to one address in place of some.

    Where it is kept for that one, to be let go later, there it is already.
    """
    target = action.address.lower()
    has_it = _gets_it(copy, target) or any(address.lower() == target for address in copy.kept_for)
    objection = "" if has_it else _addition_objection(copy, action.address)
    if objection:
        return objection
    moved = tuple(address for address in recipients if address.lower() != action.address.lower())
    copy.drop(moved, "redirect")
    if not has_it:
        copy.added[action.address] = False
    for address in [added for added in copy.added if added.lower() == target]:
        # What was a silent copy is what they get in place of others now.
        copy.added[address] = False
    return ""


def change_sender(copy: WorkingCopy, action: ChangeSender) -> str:
    """Give the envelope another sender."""
    if action.address and not is_address(action.address):
        return "that is no address"
    # RFC 5321 section 4.5.5: who would get the bounce of a bounce?
    if copy.came.sender.is_null and action.address:
        return "a bounce keeps its null sender"
    copy.change_sender(EnvelopeAddress(action.address))
    return ""


def _addition_objection(copy: WorkingCopy, address: str) -> str:
    if not is_address(address):
        return "that is no address"
    return "too many recipients were added already" if len(copy.added) >= _MAX_ADDED else ""


def _kept_from(copy: WorkingCopy) -> list[str]:
    return [address for address, kind in copy.dropped.items() if kind != "redirect"]


def _gets_it(copy: WorkingCopy, address: str) -> bool:
    present = {view.address.lower() for view in copy.remaining} | {added.lower() for added in copy.added}
    return address.lower() in present
