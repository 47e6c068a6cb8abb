"""Call one plugin, here and now; the same in a worker and in a plugin process."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from postward.errors import TemporaryFailure
from postward.rules.errors import PluginFailure
from postward.rules.plugins.capability import checked_actions
from postward.rules.plugins.definition import PluginDefinition, PluginError

if TYPE_CHECKING:
    from postward.model.rule_action import RuleAction
    from postward.rules.message.message import Message
    from postward.rules.plugins.context import Context

_MAX_TEXT_CHARS = 300


def call_plugin(
    definition: PluginDefinition, message: Message, settings: Any, context: Context
) -> tuple[RuleAction, ...]:
    """Give the actions that it wants, checked; raises PluginFailure, and TemporaryFailure of what it has asked."""
    try:
        return checked_actions(definition.function(message, settings, context), definition.may)
    except (PluginFailure, TemporaryFailure):
        raise
    except PluginError as error:
        raise PluginFailure(_text(error)) from error
    except Exception as error:
        raise PluginFailure(
            f"it raised {type(error).__name__}: {_text(error)}{_place(error)}", kind="raised"
        ) from error


def _text(error: Exception) -> str:
    try:
        return str(error)[:_MAX_TEXT_CHARS]
    except Exception:  # noqa: BLE001 - a plugin's own class of errors
        return ""


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
