# SPDX-License-Identifier: GPL-3.0-or-later
"""Call one plugin, here and now; the same in a worker and in a plugin process."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from postward.errors import TemporaryFailure
from postward.rules.errors import PluginFailure
from postward.rules.plugins.capability import checked_actions
from postward.rules.plugins.definition import PluginDefinition, PluginError
from postward.rules.plugins.error_text import error_text
from postward.rules.plugins.plugin_code import run_plugin_code

if TYPE_CHECKING:
    from postward.model.rule_action import RuleAction
    from postward.rules.message.message import Message
    from postward.rules.plugins.context import Context

_MAX_TEXT_CHARS = 300


def call_plugin(
    definition: PluginDefinition, message: Message, settings: Any, context: Context
) -> tuple[RuleAction, ...]:
    """Give the actions that it wants, checked; raises PluginFailure, and TemporaryFailure of what it has asked."""
    return run_plugin_code(
        lambda: checked_actions(definition.function(message, settings, context), definition.may), _raise_failure
    )


def _raise_failure(error: BaseException) -> NoReturn:
    if isinstance(error, PluginFailure | TemporaryFailure):
        raise error
    text = error_text(error, _MAX_TEXT_CHARS)
    if isinstance(error, PluginError):
        raise PluginFailure(text) from error
    raise PluginFailure(f"it raised {type(error).__name__}: {text}{_place(error)}", kind="raised") from error


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
