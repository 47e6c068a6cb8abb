# SPDX-License-Identifier: GPL-3.0-or-later
"""What the engine needs of those who run plugins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.model.rule_action import RuleAction
    from postward.rules.message.message import Message
    from postward.rules.services import RuleServices


class PluginCaller(Protocol):
    """The part of the plugin runner that is needed here."""

    def run(
        self,
        name: str,
        message: Message,
        settings: Mapping[str, object],
        *,
        timeout_s: float,
        services: RuleServices,
    ) -> tuple[RuleAction, ...]:
        """Call a plugin; raises PluginFailure."""
        ...
