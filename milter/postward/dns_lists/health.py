# SPDX-License-Identifier: GPL-3.0-or-later
"""Which lists can be believed now."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from postward.dns_lists.zone import ListZone

PROBED_AGAIN_S = 600.0
RETRIED_S = 60.0
"""After a probe has failed."""
PAUSE_S = 3600.0
"""After an answer that is an error: whoever refuses questions is not asked at all for a while."""
_UNPROBED = "it has not been probed yet"


class HealthWatcher(Protocol):
    """Is told when a list is switched off or on; on any thread."""

    def switched_off(self, zone: ListZone, why: str) -> None:
        """A list that was believed is not believed any more."""
        ...

    def switched_on(self, zone: ListZone) -> None:
        """A list that was switched off is believed again."""
        ...


@dataclass(slots=True)
class _State:
    fault: str = _UNPROBED
    """Why it is off; "" where it is on."""
    is_told: bool = False
    """That it is off."""
    probed_s: float = 0.0
    due_s: float = 0.0
    """When it is probed next."""


class ListHealth:
    """A list is off until it has been probed; safe from every thread."""

    def __init__(
        self,
        zones: Iterable[ListZone],
        clock: Callable[[], float],
        watcher: HealthWatcher | None = None,
        *,
        probed_again_s: float = PROBED_AGAIN_S,
        pause_s: float = PAUSE_S,
    ) -> None:
        self._states = {zone.name: _State() for zone in zones}
        self._clock = clock
        self._watcher = watcher
        self._probed_again_s = probed_again_s
        self._pause_s = pause_s
        self._lock = threading.Lock()

    def fault(self, zone: ListZone) -> str:
        """Why it is not asked, in words; "" where it is."""
        return self._states[zone.name].fault

    def is_due(self, zone: ListZone) -> bool:
        """Whether it is to be probed now."""
        return self._clock() >= self._states[zone.name].due_s

    def probed(self, zone: ListZone, fault: str) -> None:
        """Note how a probe has ended; "" is well."""
        with self._lock:
            state = self._states[zone.name]
            state.fault = fault
            state.probed_s = self._clock()
            state.due_s = state.probed_s + (min(RETRIED_S, self._probed_again_s) if fault else self._probed_again_s)
            is_news = bool(fault) != state.is_told
            state.is_told = bool(fault)
        if is_news:
            self._tell(zone, fault)

    def doubted(self, zone: ListZone) -> None:
        """Note that a message has had no answer in time: it is probed soon, lest each message wait for it."""
        with self._lock:
            state = self._states[zone.name]
            if not state.fault:
                state.due_s = min(state.due_s, state.probed_s + RETRIED_S)

    def refused(self, zone: ListZone, fault: str) -> None:
        """Note an error that it has answered with: it is off until a probe, some time from now, finds it well."""
        with self._lock:
            state = self._states[zone.name]
            state.fault = fault
            state.due_s = self._clock() + self._pause_s
            is_news = not state.is_told
            state.is_told = True
        if is_news:
            self._tell(zone, fault)

    def _tell(self, zone: ListZone, fault: str) -> None:
        if self._watcher is None:
            return
        if fault:
            self._watcher.switched_off(zone, fault)
        else:
            self._watcher.switched_on(zone)
