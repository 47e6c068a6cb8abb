# SPDX-License-Identifier: GPL-3.0-or-later
"""Open the scanners that the configuration names: in the process that asks them, for threads survive no fork."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.checks.scanners import RSPAMD, SPAMASSASSIN, ScannerCheck, SpamReading, VirusReading
from postward.scanners.clamav import ClamavScanner
from postward.scanners.rspamd import RspamdScanner
from postward.scanners.scanner import Scanner
from postward.scanners.settings import OnFailure, ScannerSettings
from postward.scanners.spamassassin import SpamassassinScanner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.scanners import Reading
    from postward.config import Configuration
    from postward.config.schema.scanners import ClamavSection, RspamdSection, SpamassassinSection
    from postward.scanners.scanner import ScannerProtocol, ScannerWatcher

_BEFORE_DEADLINE_S = 1.0
"""A scanner is given up so long before the message is, so that the message can say what was not checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenScanners:
    """To be closed."""

    checks: tuple[ScannerCheck, ...]
    scanners: tuple[Scanner, ...]

    def close(self) -> None:
        """Ask no more."""
        for scanner in self.scanners:
            scanner.close()


class NobodyWatches:
    """Tells nobody how scanners fare, as for a command."""

    def failed(self, scanner: str, words: str, told: str) -> None:
        """Nothing."""

    def passed_over(self, scanner: str, seconds: float) -> None:
        """Nothing."""


def open_scanners(config: Configuration, watcher: ScannerWatcher | None = None) -> OpenScanners:
    """Make a check for each scanner that is switched on; none is connected to before there is a message."""
    told = watcher or NobodyWatches()
    scanners, checks = [], []
    for settings, protocol, reading in configured_scanners(config):
        scanner = Scanner(settings, protocol, clock=time.monotonic, watcher=told)
        scanners.append(scanner)
        checks.append(ScannerCheck(scanner, reading))
    return OpenScanners(checks=tuple(checks), scanners=tuple(scanners))


def configured_scanners(config: Configuration) -> Iterator[tuple[ScannerSettings, ScannerProtocol, Reading]]:
    """Give what each scanner that is switched on is asked by; nothing is open yet."""
    deadline_s = config.message.deadline_s
    clamav, spamassassin, rspamd = config.clamav, config.spamassassin, config.rspamd
    if (settings := _settings("clamav", clamav, deadline_s)) is not None:
        yield settings, ClamavScanner(settings, clock=time.monotonic), VirusReading(outbound=clamav.outbound)
    if (settings := _settings("spamassassin", spamassassin, deadline_s)) is not None:
        reading = SpamReading(SPAMASSASSIN, "SA_", share=spamassassin.share, max_points=spamassassin.max_points)
        yield settings, SpamassassinScanner(settings, user=spamassassin.user, clock=time.monotonic), reading
    if (settings := _settings("rspamd", rspamd, deadline_s)) is not None:
        reading = SpamReading(RSPAMD, "RSPAMD_", share=rspamd.share, max_points=rspamd.max_points)
        yield settings, RspamdScanner(settings, clock=time.monotonic), reading


def _settings(
    name: str, section: ClamavSection | SpamassassinSection | RspamdSection, deadline_s: float
) -> ScannerSettings | None:
    if section.socket is None:
        return None
    return ScannerSettings(
        name=name,
        socket=section.socket,
        timeout_s=min(section.timeout_s, max(deadline_s - _BEFORE_DEADLINE_S, deadline_s / 2)),
        max_bytes=section.max_bytes,
        concurrency=section.concurrency,
        on_failure=OnFailure(section.on_failure),
    )
