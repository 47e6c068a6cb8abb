# SPDX-License-Identifier: GPL-3.0-or-later
"""Telling systemd how we are (sd_notify(3)), without its library; without systemd nothing is told."""

from __future__ import annotations

import os
import socket
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_MICROSECONDS = 1_000_000


class Notifier:
    """Sends state changes to the socket in NOTIFY_SOCKET, and keeps the watchdog of WATCHDOG_USEC quiet."""

    def __init__(
        self, environment: Mapping[str, str], *, monotonic: Callable[[], float] = time.monotonic, pid: int | None = None
    ) -> None:
        self._address = _address(environment.get("NOTIFY_SOCKET", ""))
        self._watchdog_s = _watchdog_s(environment, os.getpid() if pid is None else pid)
        self._monotonic = monotonic
        self._fed_s = 0.0

    def ready(self) -> None:
        """The service works (again)."""
        self._send("READY=1")

    def reloading(self) -> None:
        """The configuration is being loaded; ``ready`` must follow, whatever comes of it."""
        self._send(f"RELOADING=1\nMONOTONIC_USEC={int(self._monotonic() * _MICROSECONDS)}")

    def stopping(self) -> None:
        """The service ends."""
        self._send("STOPPING=1")

    def status(self, words: str) -> None:
        """One line for ``systemctl status``."""
        self._send("STATUS=" + " ".join(words.split()))

    def feed_watchdog(self, *, is_healthy: bool) -> None:
        """Say that all is well, at half the watchdog's interval, and only if it is."""
        now = self._monotonic()
        if is_healthy and self._watchdog_s and now - self._fed_s >= self._watchdog_s / 2:
            self._fed_s = now
            self._send("WATCHDOG=1")

    def _send(self, state: str) -> None:
        if self._address is None:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as end:
            try:
                end.sendto(state.encode(), self._address)
            except OSError:
                # systemd is not there to be told; the mail flows on.
                return


def _address(text: str) -> str | None:
    """Return the socket's address; a leading @ stands for the abstract name space."""
    if text.startswith("@"):
        return "\0" + text[1:]
    return text if text.startswith("/") else None


def _watchdog_s(environment: Mapping[str, str], pid: int) -> float:
    interval = environment.get("WATCHDOG_USEC", "")
    meant_for_us = environment.get("WATCHDOG_PID", "") in {"", str(pid)}
    return int(interval) / _MICROSECONDS if interval.isdigit() and meant_for_us else 0.0
