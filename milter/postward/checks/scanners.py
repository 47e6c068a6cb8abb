# SPDX-License-Identifier: GPL-3.0-or-later
"""Show a message to other people's scanners, and take over what they say."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Protocol

from postward.model.origin import Direction
from postward.model.scan_result import ScanStatus
from postward.model.symbol import Finding, SymbolDefinition
from postward.scanners.scanned_message import scanned_message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.checks.examination import Examination
    from postward.model.origin import Origin
    from postward.model.scan_result import ScanResult
    from postward.model.transaction import Facts, Transaction
    from postward.scanners.pending_scan import PendingScan
    from postward.scanners.scanner import Scanner

VIRUS = SymbolDefinition(name="VIRUS", score=10.0, group="scanners", meaning="a virus was found in it")
SPAMASSASSIN = SymbolDefinition(
    name="SPAMASSASSIN", score=0.0, group="scanners", meaning="SpamAssassin has scored it by its own rules"
)
RSPAMD = SymbolDefinition(name="RSPAMD", score=0.0, group="scanners", meaning="rspamd has scored it by its own rules")
SCANNER_SYMBOLS = (VIRUS, SPAMASSASSIN, RSPAMD)
"""The weights of the last two come with each message: a share of what the scanner has counted."""
_LAST = ("spf", "dkim", "arc", "dmarc", "iprev", "sender", "content", "dns_lists")
"""Checks that run while the scanners are at work."""
_MAX_TAKEN_OVER = 100
_MAX_NAME = 50
_MAX_LATE = 100


class Reading(Protocol):
    """What one kind of scanner means by its answers."""

    @property
    def directions(self) -> frozenset[Direction]:
        """Mail that is shown to it."""
        ...

    def findings(self, result: ScanResult) -> tuple[Finding, ...]:
        """What an answer counts."""
        ...


class VirusReading:
    """A virus is one, whoever sends it."""

    def __init__(self, *, outbound: bool) -> None:
        """``outbound``: mail of our own users is scanned too."""
        own = {Direction.OUTBOUND} if outbound else set()
        self.directions = frozenset({Direction.INBOUND, Direction.LOOPBACK, *own})

    def findings(self, result: ScanResult) -> tuple[Finding, ...]:
        """One finding for all viruses."""
        return (Finding(VIRUS.name, ", ".join(result.viruses)),) if result.status is ScanStatus.VIRUS else ()


class SpamReading:
    """A score counts as a share of it; each symbol is taken over under a prefix, and counts nothing by itself."""

    directions = frozenset({Direction.INBOUND})

    def __init__(self, symbol: SymbolDefinition, prefix: str, *, share: float, max_points: float) -> None:
        """``share`` of the scanner's score counts, up to ``max_points`` for or against the message."""
        self._symbol = symbol
        self._prefix = prefix
        self._share = share
        self._max_points = max_points

    def findings(self, result: ScanResult) -> tuple[Finding, ...]:
        """The score first."""
        if result.score is None:
            return ()
        points = max(-self._max_points, min(self._max_points, result.score * self._share))
        of = "" if result.required is None else f" of {result.required:g}"
        return (
            Finding(self._symbol.name, f"{result.score:g}{of}", points=round(points, 3)),
            *(
                Finding(f"{self._prefix}{name}"[:_MAX_NAME], points=0.0)
                for name, _points in result.symbols[:_MAX_TAKEN_OVER]
            ),
        )


class ScannerCheck:
    """Sets ``facts.scans`` and ``facts.findings``; the message is shown before other checks run, and collected last."""

    requires = _LAST

    def __init__(self, scanner: Scanner, reading: Reading) -> None:
        self.name = scanner.settings.name
        self._scanner = scanner
        self._reading = reading
        self._pending: dict[str, PendingScan] = {}
        self._late: deque[tuple[str, ScanResult]] = deque(maxlen=_MAX_LATE)
        """What was said of messages that had been given up by then, by their ids."""

    def applies(self, origin: Origin) -> bool:
        """Show it the mail that it is meant for; what comes back from a content filter has been shown before."""
        return origin.direction in self._reading.directions

    def begin(self, examination: Examination) -> None:
        """Have the scanner begin, without waiting."""
        transaction = examination.transaction
        self._pending[transaction.id] = self._scanner.begin(scanned_message(transaction))

    def run(self, examination: Examination) -> None:
        """Wait for the answer, as long as is agreed."""
        transaction = examination.transaction
        if transaction.id not in self._pending:
            self.begin(examination)
        try:
            result = self._scanner.collect(self._pending[transaction.id])
            self._note(result, transaction.facts)
            if transaction.is_given_up:
                # Whoever has given it up has not seen these facts, and is about to ask.
                self._late.append((transaction.id, result))
        finally:
            del self._pending[transaction.id]

    def give_up(self, transaction: Transaction, reason: str) -> None:
        """Take what the scanner has said by now, which nobody may have come to collect, or nothing for an answer."""
        pending = self._pending.get(transaction.id)
        late = next((result for each, result in tuple(self._late) if each == transaction.id), None)
        size_bytes = transaction.body.size_bytes
        self._note(late or self._scanner.said(pending, reason, size_bytes), transaction.facts)

    def _note(self, result: ScanResult, facts: Facts) -> None:
        facts.scans[self.name] = result
        facts.findings[self.name] = self._reading.findings(result)
        if result.status in (ScanStatus.SKIPPED, ScanStatus.FAILED):
            facts.not_checked[self.name] = result.reason
        else:
            facts.not_checked.pop(self.name, None)

    def results(self, facts: Facts) -> Mapping[str, str]:
        """One word."""
        found = facts.scans.get(self.name)
        return {self.name: found.status.value} if found else {}
