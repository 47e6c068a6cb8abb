# SPDX-License-Identifier: GPL-3.0-or-later
"""What a list has answered: only what it is known to say counts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from postward.dns.answer import Outcome
from postward.dns_lists.code import parse_code

if TYPE_CHECKING:
    from postward.dns.answer import Answer
    from postward.dns_lists.zone import ListCode, ListZone

_REFUSALS = parse_code("127.255.0-255.0-255")
"""Where lists say that they do not answer: 127.255.255.252 a slip in the name, .254 a public resolver, .255 too many
questions, and others for keys that are not good."""
_MAX_ADDRESSES = 16


class ListStatus(StrEnum):
    """How a question to a list ended."""

    LISTED = "listed"
    NOT_LISTED = "not_listed"
    UNANSWERED = "unanswered"
    """DNS gave no answer: nothing is known."""
    ERROR = "error"
    """The list refused the question, or said what it is not known to say: it is not to be believed for a while."""


@dataclass(frozen=True, slots=True)
class ListAnswer:
    """One question's answer."""

    status: ListStatus
    codes: tuple[ListCode, ...] = ()
    """Where it is listed."""
    fault: str = ""
    """Of an error, in words; holds nothing but an address that was answered."""


NOT_LISTED = ListAnswer(ListStatus.NOT_LISTED)
UNANSWERED = ListAnswer(ListStatus.UNANSWERED)


def read_answer(zone: ListZone, answer: Answer) -> ListAnswer:
    """Read the answer to a question for A records."""
    if answer.outcome is Outcome.OK:
        return _read_addresses(zone, answer)
    return UNANSWERED if answer.failed else NOT_LISTED


def _read_addresses(zone: ListZone, answer: Answer) -> ListAnswer:
    addresses = [address for address in answer.addresses()[:_MAX_ADDRESSES] if isinstance(address, IPv4Address)]
    for address in addresses:
        if _is_refusal(zone, address):
            return ListAnswer(ListStatus.ERROR, fault=f"it refused the question ({address})")
    codes: dict[ListCode, None] = {}
    unknown: list[IPv4Address] = []
    for address in addresses:
        known = [each for each in zone.codes if each.pattern.matches(address)]
        codes.update(dict.fromkeys(known))
        if not known:
            unknown.append(address)
    if codes:
        return ListAnswer(ListStatus.LISTED, tuple(codes))
    return (
        ListAnswer(ListStatus.ERROR, fault=f"it answered {unknown[0]}, which is not known of it")
        if unknown
        else NOT_LISTED
    )


def _is_refusal(zone: ListZone, address: IPv4Address) -> bool:
    if not address.is_loopback:
        # Whoever has taken over the name of a dead list, or the name service, answers with a host of his own.
        return True
    return _REFUSALS.matches(address) or any(error.matches(address) for error in zone.errors)
