# SPDX-License-Identifier: GPL-3.0-or-later
"""Begin to evaluate the transport rules; where there are none, nothing that they need is imported."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from postward.pipeline.rule_engine import RuleEngine

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.app.rule_loading import LoadedRules
    from postward.config import Configuration
    from postward.directory.directory import Directory
    from postward.model.rule_outcome import RuleMatch
    from postward.model.transaction import Transaction
    from postward.rules.plugins.runner import PluginWatcher
    from postward.store.timed_calls import TimedCalls

_ENVELOPE_KINDS = frozenset({"add_recipient", "redirect", "change_sender", "discard", "quarantine", "moderate"})
_BODY_KINDS = frozenset({"strip_attachment"})


def open_rule_engine(
    config: Configuration,
    loaded: LoadedRules,
    directory: Directory,
    secret: bytes,
    *,
    report: Callable[[Transaction, tuple[RuleMatch, ...], str], None],
    watcher: PluginWatcher | None = None,
    calls: TimedCalls | None = None,
    counts_here: bool = False,
    wall_clock: Callable[[], float] = time.time,
) -> RuleEngine:
    """See ``rule_engine.make_rule_engine``."""
    if not loaded.rule_set.rules:
        return RuleEngine()
    from postward.app.rule_engine import make_rule_engine  # noqa: PLC0415 - see above

    return make_rule_engine(
        config,
        loaded,
        directory,
        secret,
        report=report,
        watcher=watcher,
        calls=calls,
        counts_here=counts_here,
        wall_clock=wall_clock,
    )


def rules_change_envelope(loaded: LoadedRules) -> bool:
    """Whether any rule may change senders or recipients."""
    return any(not rule.kinds.isdisjoint(_ENVELOPE_KINDS) for rule in loaded.rule_set.rules)


def rules_change_body(loaded: LoadedRules) -> bool:
    """Whether any rule may replace the body."""
    return any(not rule.kinds.isdisjoint(_BODY_KINDS) for rule in loaded.rule_set.rules)
