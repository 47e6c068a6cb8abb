# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a list answers as a list should: what must be listed is, and what cannot be listed is not.

A list that has died is sometimes made to list all the world, and one that is asked too often may answer that everybody
is to be trusted.  Neither can be told from a single answer about a message.
"""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from postward.dns_lists.answer import ListStatus, read_answer
from postward.dns_lists.question import question, reversed_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from postward.dns.answer import Answer
    from postward.dns_lists.asking import Asking
    from postward.dns_lists.health import ListHealth
    from postward.dns_lists.zone import ListZone

PROBE_TIMEOUT_S = 10.0
_TEST_NET = int(IPv4Address("192.0.2.0"))
_TEST_NET_SIZE = 256


class Prober:
    """Probes the lists whose turn it is; ``step`` is what a background loop repeats."""

    def __init__(
        self, zones: Sequence[ListZone], asking: Asking, health: ListHealth, random_below: Callable[[int], int]
    ) -> None:
        """``random_below(n)`` gives a number from 0 to n - 1."""
        self._zones = tuple(zones)
        self._asking = asking
        self._health = health
        self._random_below = random_below

    def step(self) -> None:
        """Ask all those lists at once, and note what has come of it."""
        due = [(zone, self._unlisted(zone)) for zone in self._zones if self._health.is_due(zone)]
        if not due:
            return
        names = {question(each, zone.suffix) for zone, unlisted in due for each in (*zone.listed, *unlisted)}
        answers = self._asking.answers(names, PROBE_TIMEOUT_S)
        for zone, unlisted in due:
            self._health.probed(zone, _fault(zone, unlisted, answers))

    def _unlisted(self, zone: ListZone) -> tuple[str, ...]:
        """An address of TEST-NET-1 (RFC 5737), which nobody has, is added for lists of addresses."""
        if zone.asks_for_domains:
            return zone.unlisted
        address = IPv4Address(_TEST_NET + self._random_below(_TEST_NET_SIZE))
        return (*zone.unlisted, reversed_address(address))


def _fault(zone: ListZone, unlisted: Iterable[str], answers: Mapping[str, Answer]) -> str:
    """Say what is wrong; "" for nothing."""
    for asked, wanted in (*((each, True) for each in zone.listed), *((each, False) for each in unlisted)):
        answer = answers.get(question(asked, zone.suffix))
        if answer is None:
            return f"it does not answer a probe ({asked})"
        found = read_answer(zone, answer)
        if found.status is ListStatus.UNANSWERED:
            return f"it does not answer a probe ({asked})"
        if found.status is ListStatus.ERROR:
            return f"probed with {asked}, {found.fault}"
        if (found.status is ListStatus.LISTED) != wanted:
            return f"{asked} {'should be listed and is not' if wanted else 'is listed and cannot be'}"
    return ""
