# SPDX-License-Identifier: GPL-3.0-or-later
"""What the transport rules made of one message."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.model.action import AddHeader, HeaderChange, Reply  # noqa: TC001 - field types of a dataclass
from postward.model.rule_action import RuleAction  # noqa: TC001 - a field type of a dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping


class RuleMode(StrEnum):
    """Whether a rule acts."""

    ENFORCE = "enforce"
    AUDIT = "audit"
    """Its actions are told, and nothing is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedAction:
    """An action that could not be taken, and why, in words."""

    action: RuleAction
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleMatch:
    """One rule that matched, or that failed: what an audit line tells."""

    rule: str
    mode: RuleMode = RuleMode.ENFORCE
    severity: str = ""
    recipients: tuple[str, ...] = ()
    """For whom it matched, as they came."""
    seen: tuple[tuple[str, str], ...] = ()
    """What was asked, and what was seen; may hold text from outside."""
    taken: tuple[RuleAction, ...] = ()
    """In audit mode those that would have been."""
    refused: tuple[RefusedAction, ...] = ()
    error: str = ""
    """Why the rule could not be evaluated, in words; its ``on_error`` was taken then."""
    spent_ms: float = 0.0


class DepositKind(StrEnum):
    """What is kept, before the MTA is answered."""

    QUARANTINE = "quarantine"
    MODERATE = "moderate"
    ARCHIVE = "archive"
    NOTIFY = "notify"


_KEEPING = frozenset({DepositKind.QUARANTINE, DepositKind.MODERATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """A copy to be kept, or a notice to be sent: the message is answered for when that is safe on disk."""

    kind: DepositKind
    rule: str
    action: RuleAction
    recipients: tuple[str, ...]
    """Of the envelope, that it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResult:
    """All that the rules of enforce mode want together, conflicts settled."""

    reply: Reply | None = None
    discards: bool = False
    hold_reason: str = ""
    junk: bool = False
    bypasses_spam: bool = False
    removed_positions: tuple[int, ...] = ()
    """Of fields, in the header as it came."""
    changed: tuple[HeaderChange, ...] = ()
    added: tuple[AddHeader, ...] = ()
    new_sender: str | None = None
    new_recipients: tuple[str, ...] = ()
    silent_recipients: tuple[str, ...] = ()
    """New ones too, of whose copy the sender is never told."""
    dropped_recipients: tuple[str, ...] = ()
    new_body: bytes | None = None
    route: str = ""
    deposits: tuple[Deposit, ...] = ()
    decided_by: str = ""
    """The rule to which reply, discard or hold goes back."""

    @property
    def kept_for(self) -> tuple[str, ...]:
        """Recipients for whom the message is kept, to be let go to them later."""
        keeping = (deposit for deposit in self.deposits if deposit.kind in _KEEPING)
        return tuple(address for deposit in keeping for address in deposit.recipients)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleOutcome:
    """The matches, and what comes of them."""

    digest: str = ""
    """Of the rules in force."""
    matches: tuple[RuleMatch, ...] = ()
    tags: frozenset[str] = frozenset()
    points: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """What each rule adds to the score."""
    result: RuleResult = field(default_factory=RuleResult)


NO_RULES = RuleOutcome()
