# SPDX-License-Identifier: GPL-3.0-or-later
"""A Prometheus that scrapes and evaluates every second, on loopback, with nothing kept."""

from __future__ import annotations

import json
import subprocess
import time
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from tests.mailhost.loopback import HOST, free_ports

PATIENCE_S = 60.0


class Prometheus:
    """Runs while it is open; ``folder`` is its own."""

    def __init__(self, folder, configuration):
        self.folder = folder
        [self._port] = free_ports(1)
        path = folder / "prometheus.yml"
        path.write_text(configuration, encoding="utf-8")
        self._log = (folder / "log").open("wb")
        self._process = subprocess.Popen(
            [
                "prometheus",
                f"--config.file={path}",
                f"--storage.tsdb.path={folder / 'data'}",
                f"--web.listen-address={HOST}:{self._port}",
            ],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait()
        self._log.close()

    def ask(self, path, **values):
        """What its API answers; raises OSError where it does not."""
        with urlopen(f"http://{HOST}:{self._port}/api/v1/{path}?{urlencode(values)}", timeout=PATIENCE_S) as answer:
            told = json.load(answer)
        assert told["status"] == "success", told
        return told["data"]

    def query(self, expression):
        """The series that an expression gives just now."""
        return self.ask("query", query=expression)["result"]

    def wait_for(self, expression):
        """Ask until there is a series, which is what it scrapes once a second, and give all that there are."""
        patient_until = time.monotonic() + PATIENCE_S
        while time.monotonic() < patient_until:
            assert self._process.poll() is None, (self.folder / "log").read_text(encoding="utf-8")
            try:
                if found := self.query(expression):
                    return found
            except (URLError, ConnectionError):
                pass  # it has not opened its port yet
            # Nobody tells when a scrape is stored.
            time.sleep(0.2)
        raise TimeoutError(f"there is never anything in {expression}")
