# SPDX-License-Identifier: GPL-3.0-or-later
"""A test that stands beside its rule: a message, an envelope, and what is expected."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from postward.rules.message.reputation_view import ReputationView


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTest:
    """One test; None among what is expected says nothing of it."""

    where: str
    """``rules.d/10.yaml:12``."""
    name: str = ""
    eml: Path | None = None
    """The file that holds the message."""
    message: str = ""
    """The message itself, where there is no file."""
    mail_from: str | None = None
    """None: the first author stands for the envelope sender; "" is the null path of a bounce."""
    recipients: tuple[str, ...] = ()
    ip: str = ""
    helo: str = ""
    user: str = ""
    """Login; "" for mail from outside."""
    at_s: float | None = None
    """Unix time of the evaluation."""
    auth: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Results of authentication by name, such as dmarc: fail."""
    reputation: ReputationView | None = None
    """None: the store does not answer."""
    score: float = 0.0
    tags: frozenset[str] = frozenset()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Addresses, and the groups of the directory that each is in."""
    hosted: tuple[str, ...] = ()
    """Domains that are ours."""
    matches: bool | None = None
    for_recipients: tuple[str, ...] | None = None
    """For whom it matches."""
    actions: tuple[str, ...] | None = None
    """Kinds of the rule's actions, in their order."""
    reply: str = ""
    """The answer's beginning, such as ``550 5.7.1``."""
