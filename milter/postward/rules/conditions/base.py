# SPDX-License-Identifier: GPL-3.0-or-later
"""What a condition is, what it looks at, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from postward.rules.message.message import Message
    from postward.rules.needs import Need
    from postward.rules.services import RuleServices
    from postward.rules.stage import Stage

MAX_SEEN_CHARS = 200
NO_CAPTURES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A message, and one of its recipients where ``message.recipient`` is one."""

    message: Message
    services: RuleServices
    is_thorough: bool = False
    """Ask every condition, also where the first answers have decided: for explanations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a condition found; ``asked`` and ``seen`` are for people, and ``seen`` may hold text from outside."""

    matched: bool
    asked: str = ""
    seen: str = ""
    captures: Mapping[str, str] = field(default_factory=lambda: NO_CAPTURES)
    """Named groups of patterns."""
    children: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexKeys:
    """A condition can only hold where ``attribute`` of the message has one of ``values``; see ``rules.index``."""

    attribute: str
    values: frozenset[str]


class Condition(Protocol):
    """Evaluated for one message, or for one of its recipients."""

    @property
    def stage(self) -> Stage:
        """When all that it asks is known."""
        ...

    @property
    def needs(self) -> frozenset[Need]:
        """The parts of the message that it reads."""
        ...

    @property
    def is_per_recipient(self) -> bool:
        """Whether it may differ from one recipient to the next."""
        ...

    @property
    def captures(self) -> frozenset[str]:
        """Names of the groups that it may capture."""
        ...

    def test(self, subject: Subject) -> Finding:
        """Raise RuleFailure or a TemporaryFailure where that cannot be found out."""
        ...

    def keys(self) -> tuple[IndexKeys, ...] | None:
        """Any of these must be met; None where nothing can be said beforehand."""
        ...

    def leaves(self) -> Iterator[Condition]:
        """Conditions within it that hold no others; itself where it is one."""
        ...


def shown(text: str) -> str:
    """Text for a finding, bounded."""
    return text if len(text) <= MAX_SEEN_CHARS else text[: MAX_SEEN_CHARS - 1] + "…"
