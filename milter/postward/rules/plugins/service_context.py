# SPDX-License-Identifier: GPL-3.0-or-later
"""A plugin's questions, answered from the services that the rules have; in the worker, for every plugin."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from postward.rules.needs import Need
from postward.rules.plugins.definition import PluginError

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.model.profile import Person, Profile
    from postward.rules.plugins.names import NameIndex
    from postward.rules.services import RuleServices

MAX_LOG_LINES = 20
MAX_LOG_CHARS = 500
_MAX_ASKED_CHARS = 320
_MAX_WINDOWS = 100
_MAX_WINDOW_S = 31 * 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceContext:
    """Of one call; see ``Context``.  Raises PluginError for what the plugin has not declared, and what is absurd."""

    plugin: str
    needs: frozenset[Need]
    services: RuleServices
    names: NameIndex
    now_s: float
    deadline_s: float
    clock: Callable[[], float] = time.monotonic
    lines: list[str] = field(default_factory=list)
    """What the plugin wants told."""

    @property
    def directory(self) -> ServiceContext:
        """Itself."""
        self._insist(Need.DIRECTORY)
        return self

    @property
    def remaining_s(self) -> float:
        """Seconds until the plugin is given up."""
        return max(0.0, self.deadline_s - self.clock())

    def profile(self, address: str) -> Profile | None:
        """What is known of an address."""
        self._insist(Need.DIRECTORY)
        return self.services.directory.profile(_asked(address))

    def find_by_display_name(self, name: str) -> tuple[Person, ...]:
        """All people whose name looks like this one."""
        self._insist(Need.DIRECTORY)
        return self.names.find(self.services.directory, _asked(name))

    def is_hosted(self, domain: str) -> bool | None:
        """Whether a domain is ours."""
        self._insist(Need.DIRECTORY)
        return self.services.directory.is_hosted(_asked(domain))

    def knows(self, address: str) -> bool | None:
        """Whether a recipient exists."""
        self._insist(Need.DIRECTORY)
        return self.services.directory.knows(_asked(address))

    def rate(self, key: str, *, window_s: float, windows: int = 1) -> tuple[int, ...]:
        """Count under a key of this plugin's own."""
        self._insist(Need.RATE)
        if type(windows) is not int or not 0 < windows <= _MAX_WINDOWS:
            raise PluginError(f"windows must be from 1 to {_MAX_WINDOWS}")
        if not isinstance(window_s, int | float) or not math.isfinite(window_s) or not 0 < window_s <= _MAX_WINDOW_S:
            raise PluginError("window_s must be more than 0 and at most 31 days")
        own = f"plugin:{self.plugin}:{_asked(key)}"
        return self.services.rates.count(own, windows=windows, window_s=float(window_s), now_s=self.now_s)

    def log(self, text: str) -> None:
        """Keep a line, unless there are too many already."""
        if len(self.lines) < MAX_LOG_LINES:
            self.lines.append(str(text)[:MAX_LOG_CHARS])

    def _insist(self, need: Need) -> None:
        if need not in self.needs:
            raise PluginError(f"the plugin does not declare that it needs {need}")


def _asked(text: str) -> str:
    if not isinstance(text, str) or len(text) > _MAX_ASKED_CHARS:
        raise PluginError(f"what is asked for must be text of at most {_MAX_ASKED_CHARS} characters")
    return text
