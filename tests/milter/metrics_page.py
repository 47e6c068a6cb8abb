# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking ``postward run`` for its metrics."""

from __future__ import annotations

import threading
from contextlib import suppress
from urllib.request import urlopen

from tests.mailhost.loopback import free_ports
from tests.milter.server import PATIENCE_S, wait_until


def free_port() -> int:
    """A port on loopback that nothing listens on."""
    return free_ports(1)[0]


def scrape(port: int) -> dict[str, float]:
    """The page, by series; raises OSError where it cannot be had."""
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE_S) as answer:
        lines = answer.read().decode().splitlines()
    pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {series: float(value) for series, value in pairs}


def messages(page: dict[str, float]) -> float:
    """All messages, whatever was done with them."""
    return sum(value for series, value in page.items() if series.startswith("postward_messages_total"))


def wait_for_page(port: int, condition, what: str) -> dict[str, float]:
    """Ask until the page is as it should be."""

    def page():
        with suppress(OSError):
            return (found := scrape(port)) and condition(found) and found
        return None

    return wait_until(page, what)


class Scraper(threading.Thread):
    """Asks again and again; remembers what it was shown, and every request that failed."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port
        self.counts: list[float] = []
        self.errors: list[str] = []
        self._enough = threading.Event()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._enough.set()
        self.join()

    def run(self) -> None:
        while not self._enough.wait(0.02):
            try:
                self.counts.append(messages(scrape(self.port)))
            except OSError as error:
                self.errors.append(repr(error))
