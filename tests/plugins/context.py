# SPDX-License-Identifier: GPL-3.0-or-later
"""Call a plugin as Postward does: settings as a rule has them, a context that answers, actions checked."""

from __future__ import annotations

import time

from postward.errors import DirectoryUnavailable, TemporaryFailure
from postward.rules.counted_here import CountedHere
from postward.rules.message.static_directory import StaticDirectory
from postward.rules.plugins.calling import call_plugin
from postward.rules.plugins.definition import definition_of
from postward.rules.plugins.names import NameIndex
from postward.rules.plugins.service_context import ServiceContext
from postward.rules.plugins.settings import build_settings
from postward.rules.services import RuleServices


class Counters(CountedHere):
    """Counters that remember what they were asked."""

    def __init__(self):
        super().__init__()
        self.keys = []

    def count(self, key, **window):
        self.keys.append(key.rpartition(":")[2])
        return super().count(key, **window)


class NoDirectory:
    """A directory that cannot be reached."""

    def profile(self, _address):
        raise DirectoryUnavailable("nobody is there")

    def people(self):
        raise DirectoryUnavailable("nobody is there")

    def is_hosted(self, _domain):
        raise DirectoryUnavailable("nobody is there")


class NoCounters:
    """Counters that cannot be reached."""

    def count(self, _key, **_window):
        raise TemporaryFailure("nobody counts")


class Desk:
    """Calls one plugin, with a directory and counters that last from call to call."""

    def __init__(self, plugin, *, profiles=(), people=None, hosted=(), directory=None, rates=None):
        self._definition = definition_of(plugin)
        directory = directory or StaticDirectory(profiles=profiles, people=people, hosted=hosted)
        self.rates = rates or Counters()
        self._services = RuleServices(directory=directory, rates=self.rates)
        self._names = NameIndex()
        self.now_s = 1_000_000_000.0
        self.limit_s = self._definition.timeout_s
        self.lines = []

    def call(self, message, /, **settings):
        """Give the actions; raises PluginFailure, and PluginError for settings that are none."""
        context = ServiceContext(
            plugin=self._definition.id,
            needs=self._definition.needs,
            services=self._services,
            names=self._names,
            now_s=self.now_s,
            deadline_s=time.monotonic() + self.limit_s,
            lines=self.lines,
        )
        return list(call_plugin(self._definition, message, build_settings(self._definition.config, settings), context))


def mail(**fields):
    """Octets of a message with these header fields; ``body`` is no field, and ``_`` in names stands for a dash."""
    body = fields.pop("body", "Hello\r\n")
    header = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return f"{header}\r\n{body}".encode()
