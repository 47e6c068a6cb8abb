# SPDX-License-Identifier: GPL-3.0-or-later
"""A plugin as its author declares it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, is_dataclass
from typing import Any, TypeVar, overload

from postward.errors import PostwardError
from postward.model.rule_action import ACTION_KINDS, RuleAction
from postward.rules.message.message import Message
from postward.rules.needs import Need
from postward.rules.plugins.context import Context

ON_ERROR = ("ignore", "defer", "reject", "quarantine")
MAX_TIMEOUT_S = 120.0
_ID = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}", re.ASCII)
_MARK = "__postward_rule__"

Settings = TypeVar("Settings")
RuleFunction = Callable[[Message, Settings, Context], Iterable[RuleAction] | None]


class PluginError(PostwardError):
    """What a plugin raises when it cannot tell, and what is raised where it declares itself wrongly."""


@dataclass(frozen=True, slots=True)
class NoSettings:
    """Of a plugin that has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginDefinition:
    """What ``@rule`` was told."""

    id: str
    version: int
    needs: frozenset[Need]
    may: frozenset[str]
    """Kinds of actions, by their names in ``ACTION_KINDS``."""
    timeout_s: float
    on_error: str
    """One of ``ON_ERROR``; "" leaves it to what the plugin may do."""
    config: type[Any]
    """A frozen dataclass; its fields are the plugin's settings."""
    function: RuleFunction[Any]
    description: str
    """The first line of the function's docstring."""


@overload
def rule(
    *,
    id: str,
    version: int = 1,
    needs: Collection[str] = (),
    may: Collection[str] = (),
    timeout_s: float = 2.0,
    on_error: str = "",
) -> Callable[[RuleFunction[NoSettings]], RuleFunction[NoSettings]]: ...


@overload
def rule(
    *,
    id: str,
    version: int = 1,
    needs: Collection[str] = (),
    may: Collection[str] = (),
    timeout_s: float = 2.0,
    on_error: str = "",
    config: type[Settings],
) -> Callable[[RuleFunction[Settings]], RuleFunction[Settings]]: ...


def rule(
    *,
    id: str,  # noqa: A002 - the word that authors write
    version: int = 1,
    needs: Collection[str] = (),
    may: Collection[str] = (),
    timeout_s: float = 2.0,
    on_error: str = "",
    config: type[Any] = NoSettings,
) -> Callable[[RuleFunction[Any]], RuleFunction[Any]]:
    """Make a function a plugin, which rules name as ``plugin: ID``; the function itself stays as it is.

    Nothing is filled into the message but what ``needs`` names, and no action is taken but of the kinds in ``may``.
    The function returns a list of actions, or None, or yields them.  Raises PluginError.
    """
    _check(id, version, timeout_s, on_error, config)

    def declare(function: RuleFunction[Any]) -> RuleFunction[Any]:
        definition = PluginDefinition(
            id=id,
            version=version,
            needs=frozenset(Need(need) for need in _known(needs, {need.value for need in Need}, "needs")),
            may=_known(may, ACTION_KINDS.keys(), "may"),
            timeout_s=float(timeout_s),
            on_error=on_error,
            config=config,
            function=function,
            description=(function.__doc__ or "").strip().partition("\n")[0],
        )
        setattr(function, _MARK, definition)
        return function

    return declare


def definition_of(value: object) -> PluginDefinition | None:
    """What a function was declared as; None for all else."""
    definition = getattr(value, _MARK, None) if callable(value) else None
    return definition if isinstance(definition, PluginDefinition) else None


def _check(name: str, version: int, timeout_s: float, on_error: str, config: type[Any]) -> None:
    if not isinstance(name, str) or not _ID.fullmatch(name):
        raise PluginError(f"id {name!r:.100} must be lower case letters, digits, and . _ - between them")
    if not isinstance(version, int) or isinstance(version, bool) or version < 0:
        raise PluginError("version must be a whole number")
    if not isinstance(timeout_s, int | float) or not math.isfinite(timeout_s) or not 0 < timeout_s <= MAX_TIMEOUT_S:
        raise PluginError(f"timeout_s must be more than 0 and at most {MAX_TIMEOUT_S:.0f}")
    if on_error and on_error not in ON_ERROR:
        raise PluginError(f"on_error must be one of {', '.join(ON_ERROR)}")
    parameters = getattr(config, "__dataclass_params__", None)
    if not isinstance(config, type) or not is_dataclass(config) or not getattr(parameters, "frozen", False):
        raise PluginError("config must be a frozen dataclass")


def _known(words: Collection[str], all_words: Collection[str], key: str) -> frozenset[str]:
    if isinstance(words, str):
        raise PluginError(f"{key} must be a set of words, not one text")
    unknown = sorted(str(word) for word in words if word not in all_words)
    if unknown:
        raise PluginError(f"{key}: {unknown[0]!r:.100} is not one of {', '.join(sorted(all_words))}")
    return frozenset(str(word) for word in words)
