# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask an operator's plugins what they are, without letting them into this process."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from postward.observability.escape import escape, shorten
from postward.plugin_host.errors import HostFailure, HostFailureKind
from postward.plugin_host.frames import Frame
from postward.plugin_host.process import HostedProcess
from postward.rules.plugins.description import description_from_values
from postward.rules.plugins.loading import LoadFault
from postward.rules.plugins.remote import host_settings, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from postward.rules.plugins.description import PluginDescription
    from postward.rules.plugins.plugin_source import PluginSource

_CHECK_S = 5.0
_MAX_TEXT_CHARS = 500


class Inspector:
    """A process of its own with all plugins in it, for as long as it is asked something; used by one thread."""

    def __init__(
        self,
        sources: Sequence[PluginSource],
        *,
        memory_bytes: int,
        load_timeout_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sources = sources
        self._memory_bytes = memory_bytes
        self._load_timeout_s = load_timeout_s
        self._clock = clock
        self._process: HostedProcess | None = None

    def descriptions(self) -> tuple[list[PluginDescription], list[LoadFault]]:
        """Give what all plugins declare, and what is wrong with their files."""
        return self._described(self._sources)

    def refusal(self, plugin: str, settings: Mapping[str, object]) -> str:
        """Why the plugin's own class refuses settings of the right types; "" where it takes them."""
        order = {"plugin": plugin, "settings": plain(settings)}
        try:
            process = self._process or self._started(self._sources)[0]
            self._process = process
            answer = process.call(Frame({"check": order}), lambda _: {}, self._clock() + _CHECK_S)
        except HostFailure as failure:
            self.close()
            return f"cannot be checked: {failure}"
        return _line_of(answer.get("fault", ""))

    def close(self) -> None:
        """End the process; it is started again when it is needed."""
        if self._process is not None:
            self._process.close()
            self._process.bury()
            self._process = None

    def _described(self, sources: Sequence[PluginSource]) -> tuple[list[PluginDescription], list[LoadFault]]:
        try:
            process, answer = self._started(sources)
        except HostFailure as failure:
            return self._one_by_one(sources, failure)
        if sources is self._sources:
            self._process = process
        else:
            _end(process)
        try:
            plugins = [_named(description_from_values(values), sources) for values in answer["plugins"]]
            faults = [_told(values, sources) for values in answer["faults"]]
        except (KeyError, TypeError, ValueError) as error:
            return self._one_by_one(sources, HostFailure(HostFailureKind.GARBAGE, f"it declares rubbish: {error}"))
        return plugins, faults

    def _one_by_one(
        self, sources: Sequence[PluginSource], failure: HostFailure
    ) -> tuple[list[PluginDescription], list[LoadFault]]:
        """Find out which file it was."""
        if len(sources) == 1:
            return [], [_fault(sources[0], failure)]
        found = [self._described((source,)) for source in sources]
        plugins = [plugin for one, _ in found for plugin in one]
        faults = [fault for _, some in found for fault in some]
        if not faults:
            faults.append(
                LoadFault(path=sources[0].path, line=0, message=f"cannot be loaded with the others: {failure}")
            )
        return plugins, faults

    def _started(self, sources: Sequence[PluginSource]) -> tuple[HostedProcess, dict[str, Any]]:
        host = host_settings(sources, memory_bytes=self._memory_bytes, load_timeout_s=self._load_timeout_s)
        process = HostedProcess(host, clock=self._clock)
        try:
            return process, process.begin()
        except HostFailure:
            _end(process)
            raise


def _end(process: HostedProcess) -> None:
    process.close()
    process.bury()


def _named(description: PluginDescription, sources: Sequence[PluginSource]) -> PluginDescription:
    if description.path not in {source.path for source in sources}:
        raise ValueError("a file of which nobody knows")
    return description


def _told(values: Sequence[Any], sources: Sequence[PluginSource]) -> LoadFault:
    path, line, message, hint = values
    if path not in {source.path for source in sources}:
        raise ValueError("a file of which nobody knows")
    return LoadFault(path=path, line=int(line), message=_line_of(message), hint=_line_of(hint))


def _line_of(text: object) -> str:
    return escape(shorten(str(text), _MAX_TEXT_CHARS))


def _fault(source: PluginSource, failure: HostFailure) -> LoadFault:
    if failure.kind is HostFailureKind.TIMEOUT:
        return LoadFault(
            path=source.path, line=_line(source, failure.output), message="does not come to an end when it is imported"
        )
    return LoadFault(path=source.path, line=_line(source, failure.output), message=f"cannot be imported: {failure}")


def _line(source: PluginSource, output: bytes) -> int:
    """Where the plugin was, as ``faulthandler`` tells it: the innermost frame comes first."""
    mark = f'File "{source.path}", line '
    text = output.decode("utf-8", "replace")
    digits = text.partition(mark)[2].split(maxsplit=1)[:1]
    return int(digits[0]) if digits and digits[0].isascii() and digits[0].isdigit() and len(digits[0]) < 8 else 0  # noqa: PLR2004 - of a file that is bounded
