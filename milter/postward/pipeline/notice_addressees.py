# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom a notice goes to: ``sender``, ``recipient`` and ``admin`` become addresses, and strangers are left out.

A sender from outside is never told anything, for the address may be forged: that would be backscatter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.pipeline.deposited_message import is_own_sender

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from postward.model.transaction import Transaction

_ADDRESS = re.compile(
    r"[^\x00-\x20\x7f-\x9f<>,;\"\\()\[\]:\ud800-\udfff]+@[^\x00-\x20\x7f-\x9f<>,;\"\\()\[\]:@\ud800-\udfff]+"
)
_MAX_ADDRESS_OCTETS = 320
_MAX_ADDRESSEES = 50
_STRANGER = "a sender who has not proved to be one of ours is told nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressees:
    """Addresses, each once; and those that are told nothing, each with the reason."""

    addresses: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


class NoticeAddressees:
    """Finds addressees; ``admins`` are those whom the configuration names."""

    def __init__(self, admins: Sequence[str]) -> None:
        self._admins = tuple(admins)

    def resolve(self, to: Iterable[str], recipients: Sequence[str], transaction: Transaction) -> Addressees:
        """Find the addresses that a rule means for a message; ``recipients`` are those that it is about."""
        stranger = "" if is_own_sender(transaction) else transaction.sender.address.text.lower()
        found: dict[str, None] = {}
        refused: dict[str, str] = {}
        for address in self._meant(to, recipients, transaction):
            reason = _reason_against(address, stranger)
            if not reason and len(found) >= _MAX_ADDRESSEES and address not in found:
                reason = f"a notice goes to {_MAX_ADDRESSEES} addresses at most"
            if reason:
                refused[address] = reason
            else:
                found[address] = None
        return Addressees(addresses=tuple(found), refused=tuple(refused.items())[:_MAX_ADDRESSEES])

    def _meant(self, to: Iterable[str], recipients: Sequence[str], transaction: Transaction) -> Iterator[str]:
        for each in to:
            match each:
                case "sender":
                    yield transaction.sender.address.text
                case "recipient":
                    yield from recipients
                case "admin":
                    yield from self._admins
                case _:
                    yield each


def is_notice_address(address: str) -> bool:
    """Whether a notice can be sent there: an address that needs no quotes anywhere, for it stands in a header too."""
    return len(address.encode("utf-8", "replace")) <= _MAX_ADDRESS_OCTETS and bool(_ADDRESS.fullmatch(address))


def _reason_against(address: str, stranger: str) -> str:
    if not address:
        return "the null path has no mailbox"
    if stranger and address.lower() == stranger:
        return _STRANGER
    if not is_notice_address(address):
        return "that is no address that a notice can be sent to"
    return ""
