# SPDX-License-Identifier: GPL-3.0-or-later
"""What plugins say and how they fail, in the log and in the metrics; see ``rules.plugins.runner.PluginWatcher``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.observability.families import PLUGIN_FAILURES, PLUGIN_SUSPENSIONS

if TYPE_CHECKING:
    from postward.observability.logger import EventLog
    from postward.observability.metrics import WorkerMetrics


class PluginReporting:
    """Safe from every thread; not for libmilter's, for a line is written to the log."""

    def __init__(self, log: EventLog, metrics: WorkerMetrics) -> None:
        self._log = log
        self._metrics = metrics

    def said(self, plugin: str, line: str) -> None:
        """Log a line of a plugin's own."""
        self._log.info("plugin.said", plugin=plugin, text=line)

    def failed(self, plugin: str, kind: str, text: str, *, suspends: bool) -> None:
        """Log and count a call that has failed, and that it was one too many."""
        self._metrics.add(PLUGIN_FAILURES, plugin, kind)
        self._log.warning("plugin.failed", plugin=plugin, kind=kind, text=text)
        if suspends:
            self._metrics.add(PLUGIN_SUSPENSIONS, plugin)
            self._log.error("plugin.suspended", plugin=plugin)

    def not_kept(self, plugin: str, reason: str) -> None:
        """Log that the message on which it failed could not be stored."""
        self._log.warning("plugin.message_not_kept", plugin=plugin, text=reason)
