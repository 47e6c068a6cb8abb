# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a message is to be sealed."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable


class SealWhen(StrEnum):
    """What makes a message one to seal."""

    FORWARDED = "forwarded"
    """It goes on to a domain that is not hosted here, or of which nothing is known."""
    MODIFIED = "modified"
    """We change what somebody has signed."""
    ALWAYS = "always"


def reason_to_seal(when: Collection[SealWhen], *, forwarded: bool, modified: bool) -> SealWhen | None:
    """Why a message from outside is to be sealed; None where it is not."""
    if SealWhen.MODIFIED in when and modified:
        return SealWhen.MODIFIED
    if SealWhen.FORWARDED in when and forwarded:
        return SealWhen.FORWARDED
    return SealWhen.ALWAYS if SealWhen.ALWAYS in when else None


def is_forwarded(recipients: Iterable[str], is_hosted: Callable[[str], bool | None]) -> bool:
    """Whether a recipient, of those that the message will have, is not known to be in a hosted domain.

    ``is_hosted`` takes a domain as the recipient writes it, in lower case, and gives None where it is not known: a
    seal on mail that stays here harms nobody, but one that is missing on mail that goes on does.  A recipient
    without a domain is of this host.
    """
    domains = {recipient.rpartition("@")[2].lower() for recipient in recipients if "@" in recipient}
    return any(is_hosted(domain) is not True for domain in domains)
