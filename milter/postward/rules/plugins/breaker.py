# SPDX-License-Identifier: GPL-3.0-or-later
"""Suspends a plugin that keeps failing, so that no message waits for it."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.rules.errors import PluginFailure

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerSettings:
    """So many failures within a time suspend a plugin for another."""

    failures: int = 5
    within_s: float = 60.0
    suspended_s: float = 60.0


class PluginBreaker:
    """Of all plugins, each for itself; safe from every thread."""

    def __init__(self, settings: BreakerSettings, *, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._failed_s: dict[str, deque[float]] = {}
        self._until_s: dict[str, float] = {}

    def check(self, name: str) -> None:
        """Raise PluginFailure while a plugin is suspended."""
        with self._lock:
            until_s = self._until_s.get(name)
            if until_s is None:
                return
            if self._clock() < until_s:
                raise PluginFailure(f"plugin {name} is suspended, for it keeps failing", kind="suspended")
            del self._until_s[name]

    def failed(self, name: str) -> bool:
        """Count a failure; returns whether it suspends the plugin."""
        with self._lock:
            now_s = self._clock()
            times = self._failed_s.setdefault(name, deque(maxlen=self._settings.failures))
            times.append(now_s)
            if len(times) < self._settings.failures or now_s - times[0] > self._settings.within_s:
                return False
            times.clear()
            self._until_s[name] = now_s + self._settings.suspended_s
            return True

    def suspended(self) -> tuple[str, ...]:
        """Names of those that are suspended now."""
        with self._lock:
            now_s = self._clock()
            return tuple(sorted(name for name, until_s in self._until_s.items() if now_s < until_s))
