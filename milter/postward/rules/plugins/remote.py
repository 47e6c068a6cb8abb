# SPDX-License-Identifier: GPL-3.0-or-later
"""Plugins of the operator, each call in a plugin process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from postward.errors import DirectoryUnavailable, TemporaryFailure
from postward.observability.escape import escape, shorten
from postward.plugin_host.errors import HostFailure
from postward.plugin_host.frames import Frame, FrameBounds
from postward.plugin_host.limits import ProcessLimits
from postward.plugin_host.pool import PoolSettings, ProcessPool
from postward.plugin_host.process import HostSettings
from postward.rules.errors import PluginFailure
from postward.rules.message.wire import to_wire
from postward.rules.plugins.capability import decode_actions
from postward.rules.plugins.definition import PluginError
from postward.rules.plugins.profile_values import profile_to_values
from postward.rules.plugins.service_context import MAX_LOG_CHARS, MAX_LOG_LINES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.model.rule_action import RuleAction
    from postward.rules.message.message import Message
    from postward.rules.plugins.description import PluginDescription
    from postward.rules.plugins.plugin_source import PluginSource
    from postward.rules.plugins.service_context import ServiceContext

PROGRAM = ("-m", "postward.rules.plugins.child")
_BOUNDS = FrameBounds(json_bytes=1_048_576)
_MAX_QUESTIONS = 64
_MAX_TEXT_CHARS = 500
_DUMP_SHARE = 0.5
"""Of the time for loading, after which it is noted where a plugin is."""


def host_settings(sources: Sequence[PluginSource], *, memory_bytes: int, load_timeout_s: float) -> HostSettings:
    """Give what a plugin process is, with these plugins in it."""
    values = [{"module": source.module, "path": source.path, "is_installed": source.is_installed} for source in sources]
    order = {"sources": values, "dump_after_s": load_timeout_s * _DUMP_SHARE}
    return HostSettings(
        program=PROGRAM,
        prepare=Frame({"load": order}, tuple(source.code for source in sources)),
        prepare_timeout_s=load_timeout_s,
        limits=ProcessLimits(memory_bytes=memory_bytes),
        bounds=_BOUNDS,
        max_questions=_MAX_QUESTIONS,
    )


class RemotePlugins:
    """A pool of plugin processes; safe from every thread, and not to be taken over a fork."""

    def __init__(self, host: HostSettings, pool: PoolSettings) -> None:
        self._pool = ProcessPool(host, pool)

    def start(self) -> None:
        """Begin to start the processes, so that the first message need not wait for them."""
        self._pool.start()

    def wait_until_ready(self, timeout_s: float) -> bool:
        """Wait until a process is there."""
        return self._pool.wait_until_ready(timeout_s)

    def run(
        self,
        plugin: PluginDescription,
        message: Message,
        settings: Mapping[str, object],
        *,
        context: ServiceContext,
    ) -> tuple[RuleAction, ...]:
        """Call a plugin, within the context's deadline; raises PluginFailure, and TemporaryFailure of what it asks."""
        values, octets = to_wire(message, plugin.needs)
        order = {
            "plugin": plugin.id,
            "settings": plain(settings),
            "message": values,
            "deadline_s": context.deadline_s,
        }
        try:
            answer = self._pool.call(
                Frame({"run": order}, octets), lambda question: _tell(context, question), timeout_s=context.remaining_s
            )
        except HostFailure as failure:
            raise PluginFailure(str(failure), kind=failure.kind.value) from failure
        _take_log(context, answer.pop("log", None))
        return _actions(answer, plugin)

    def close(self) -> None:
        """End the processes."""
        self._pool.close()


def plain(value: object) -> Any:
    """Settings as JSON takes them."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def _actions(answer: dict[str, Any], plugin: PluginDescription) -> tuple[RuleAction, ...]:
    match answer:
        case {"actions": actions}:
            return decode_actions(actions, plugin.may)
        case {"failure": str(text), "kind": str(kind)}:
            raise PluginFailure(_line(text), kind=kind if kind.isidentifier() else "error")
        case {"unavailable": str(text)}:
            raise DirectoryUnavailable(_line(text))
        case {"temporary": str(text)}:
            raise TemporaryFailure(_line(text))
    raise PluginFailure("it has said what is no answer", kind="garbage")


def _take_log(context: ServiceContext, lines: object) -> None:
    for line in lines[:MAX_LOG_LINES] if isinstance(lines, list) else ():
        if isinstance(line, str):
            context.log(line[:MAX_LOG_CHARS])


def _tell(context: ServiceContext, question: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"value": _answered(context, question)}
    except DirectoryUnavailable as failure:
        return {"unavailable": str(failure)}
    except TemporaryFailure as failure:
        return {"temporary": str(failure)}
    except PluginError as error:
        return {"refused": str(error)}


def _answered(context: ServiceContext, question: dict[str, Any]) -> Any:
    match question:
        case {"profile": address}:
            profile = context.profile(address)
            return None if profile is None else profile_to_values(profile)
        case {"find": name}:
            return [[person.name, sorted(person.addresses)] for person in context.find_by_display_name(name)]
        case {"hosted": domain}:
            return context.is_hosted(domain)
        case {"knows": address}:
            return context.knows(address)
        case {"rate": [key, window_s, windows]}:
            return context.rate(key, window_s=window_s, windows=windows)
    raise PluginError("the question was not understood")


def _line(text: str) -> str:
    return escape(shorten(text, _MAX_TEXT_CHARS))
