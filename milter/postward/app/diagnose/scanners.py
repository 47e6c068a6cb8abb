# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that the scanners that are switched on answer, asked as the user that will ask them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from postward.app.diagnose.as_user import can_become, find_account, try_as
from postward.app.diagnose.finding import error, ok
from postward.app.scanners import configured_scanners
from postward.scanners.failure import ScannerFailure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.app.diagnose.finding import Finding
    from postward.config import Configuration
    from postward.scanners.scanner import ScannerProtocol

_TIMEOUT_S = 5.0
_BEYOND_S = 1.0


def check_scanners(config: Configuration, service_user: str) -> Iterator[Finding]:
    """Have each say that it lives; one that is switched off is not told of."""
    for settings, protocol, _reading in configured_scanners(config):
        problem = _problem(protocol, service_user)
        if problem:
            advice = f"see that it runs, that {settings.name}.socket says where, and that {service_user} may connect"
            yield error(settings.name, f"{settings.socket} {problem}", advice)
        else:
            yield ok(settings.name, f"{settings.socket} answers")


def _problem(protocol: ScannerProtocol, service_user: str) -> str:
    def ping() -> str:
        try:
            protocol.ping(time.monotonic() + _TIMEOUT_S)
        except ScannerFailure as failure:
            return f"{failure}: {failure.told}" if failure.told else str(failure)
        return ""

    account = find_account(service_user)
    if account is None or not can_become(account):
        return ping()
    return try_as(account, ping, timeout_s=_TIMEOUT_S + _BEYOND_S)
