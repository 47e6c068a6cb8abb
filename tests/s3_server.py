# SPDX-License-Identifier: GPL-3.0-or-later
"""An S3 store: moto's server, as a program of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self
from xml.etree import ElementTree as ET

from tests.mailhost.failure import MailHostError
from tests.mailhost.loopback import HOST, free_ports

if TYPE_CHECKING:
    from pathlib import Path

_START_TIMEOUT_S = 60
_POLL_S = 0.1
_SIGNED = "AWS4-HMAC-SHA256 Credential=key/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
"""The server wants to see a signature, and does not check it."""
_NAMESPACE = "{http://s3.amazonaws.com/doc/2006-03-01/}"


@dataclass(slots=True)
class S3Server:
    """Used as a context manager; its buckets are in memory."""

    log: Path
    port: int = field(init=False)
    _process: subprocess.Popen[bytes] | None = field(init=False, default=None)

    def __enter__(self) -> Self:
        (self.port,) = free_ports(1)
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    @property
    def endpoint(self) -> str:
        """Its URL."""
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """Start, and wait until it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "moto.server", "-H", HOST, "-p", str(self.port)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + _START_TIMEOUT_S
        while time.monotonic() < deadline and self._process.poll() is None:
            with contextlib.suppress(OSError):
                self._ask("GET", "/")
                return
            time.sleep(_POLL_S)
        self.stop()
        raise MailHostError(f"moto's server did not start: {self.log.read_text()}")

    def stop(self) -> None:
        """End it, with all that it holds."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def make_bucket(self, name: str) -> None:
        """Make a bucket."""
        self._ask("PUT", f"/{name}")

    def objects(self, bucket: str) -> dict[str, bytes]:
        """All objects of a bucket by name, read without the library that wrote them."""
        found = ET.fromstring(self._ask("GET", f"/{bucket}?list-type=2"))  # noqa: S314 - our own server's
        names = [str(each.findtext(f"{_NAMESPACE}Key")) for each in found.iter(f"{_NAMESPACE}Contents")]
        return {name: self._ask("GET", f"/{bucket}/{name}") for name in names}

    def _ask(self, method: str, path: str) -> bytes:
        request = urllib.request.Request(f"{self.endpoint}{path}", method=method)  # noqa: S310 - an http URL
        request.add_header("Authorization", _SIGNED)
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return bytes(answer.read())
