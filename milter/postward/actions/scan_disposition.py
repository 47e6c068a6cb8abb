# SPDX-License-Identifier: GPL-3.0-or-later
"""What a virus, or a scanner that could not be asked, leads to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from postward.model.action import Reply
from postward.model.scan_result import ScanStatus
from postward.model.verdict import Decision, Verdict

if TYPE_CHECKING:
    from postward.model.transaction import Facts

_INFECTED = Reply(code=550, enhanced="5.7.1", text="Message refused: it holds a virus")
_NOT_SCANNED = Reply(code=451, enhanced="4.7.1", text="Message could not be scanned, please try again later")


class OnVirus(StrEnum):
    """What the operator wants done to a message with a virus in it."""

    JUNK = "junk"
    QUARANTINE = "quarantine"
    DISCARD = "discard"
    REJECT = "reject"


_VERDICTS = {
    OnVirus.JUNK: Verdict.JUNK,
    OnVirus.QUARANTINE: Verdict.QUARANTINE,
    OnVirus.DISCARD: Verdict.DISCARD,
    OnVirus.REJECT: Verdict.REJECT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanSettings:
    """The operator's settings."""

    on_virus: OnVirus = OnVirus.QUARANTINE


def scan_decision(facts: Facts, settings: ScanSettings, *, is_marked: bool = True) -> Decision | None:
    """Give what the scanners alone call for; None where that is nothing.  A virus counts more than a silent scanner.

    A virus in mail that is not marked as junk is held instead.
    """
    for check, result in facts.scans.items():
        if result.status is ScanStatus.VIRUS:
            verdict = _VERDICTS[settings.on_virus]
            if verdict is Verdict.JUNK and not is_marked:
                verdict = Verdict.QUARANTINE
            return Decision(
                verdict=verdict,
                reason=f"{check} has found {', '.join(result.viruses[:3]) or 'a virus'}",
                reply=_INFECTED if verdict is Verdict.REJECT else None,
                is_virus=True,
            )
    for check, result in facts.scans.items():
        if result.defers:
            return Decision(verdict=Verdict.DEFER, reason=f"{check}: {result.reason}", reply=_NOT_SCANNED)
    return None
