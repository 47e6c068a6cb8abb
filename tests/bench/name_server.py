# SPDX-License-Identifier: GPL-3.0-or-later
"""A quick name server of one's own: unbound on loopback, so that the bench measures milters and not a server."""

from __future__ import annotations

import itertools
import os
import socket
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import dns.exception
import dns.message
import dns.query

from tests.mailhost.failure import MailHostError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.mailhost.world import ZoneMapping

_START_TIMEOUT_S = 10
_PORT = 53
"""Most resolver libraries read no port from /etc/resolv.conf; a loopback address of our own is free of others."""
_STRING_BYTES = 250
_CONFIGURATION = """\
server:
  interface: {address}@{port}
  access-control: 127.0.0.0/8 allow
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
  logfile: "{folder}/log"
  num-threads: 1
  module-config: "iterator"
  local-zone: "." static
  local-data: ". 3600 IN SOA ns.invalid. hostmaster.invalid. 1 3600 600 86400 3600"
"""


@dataclass(slots=True)
class UnboundServer:
    """One unbound process in ``folder`` that knows ``zone`` and nothing else."""

    folder: Path
    zone: ZoneMapping
    address: str = field(init=False)
    _process: subprocess.Popen[bytes] = field(init=False)

    def __enter__(self) -> Self:
        self.folder.mkdir(exist_ok=True)
        self.address = _free_address()
        configuration = self.folder / "unbound.conf"
        lines = [f"  local-data: '{record}'\n" for record in unbound_records(self.zone)]
        head = _CONFIGURATION.format(address=self.address, port=_PORT, folder=self.folder)
        configuration.write_text(head + "".join(lines))
        self._process = subprocess.Popen(
            ["unbound", "-c", str(configuration)], env=os.environ | {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
        )
        try:
            self._wait_until_it_answers()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        self._process.terminate()
        self._process.wait()

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    @property
    def server(self) -> str:
        """What Postward's dns.servers wants."""
        return f"{self.address}:{_PORT}"

    def _wait_until_it_answers(self) -> None:
        query = dns.message.make_query(next(iter(self.zone)), "TXT")
        deadline = time.monotonic() + _START_TIMEOUT_S
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                dns.query.udp(query, self.address, timeout=0.2, port=_PORT)
            except (dns.exception.Timeout, OSError):
                continue
            return
        log = self.folder / "log"
        raise MailHostError(f"unbound did not start: {log.read_text() if log.exists() else ''}")


def unbound_records(zone: ZoneMapping) -> Iterator[str]:
    """Write a zone mapping in the form of unbound's local-data."""
    for name, entries in zone.items():
        for entry in entries:
            for record_type, data in entry.items():
                yield f"{name}. 3600 IN {record_type} {_data(record_type, data)}"


def _data(record_type: str, data: object) -> str:
    match record_type, data:
        case "TXT", list():
            return _strings("".join(data))
        case "TXT", str():
            return _strings(data)
        case "MX", [preference, host]:
            return f"{preference} {host}."
        case "PTR", _:
            return f"{data}."
    return str(data)


def _strings(text: str) -> str:
    return " ".join(f'"{text[start : start + _STRING_BYTES]}"' for start in range(0, len(text), _STRING_BYTES))


def _free_address() -> str:
    """Return a loopback address whose port 53 nobody holds."""
    for number in itertools.count(1):
        address = f"127.53.0.{number}"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind((address, _PORT))
            except OSError as error:
                if number >= 250:
                    raise MailHostError(f"no loopback address has port {_PORT} free: {error}") from error
            else:
                return address
    raise AssertionError("the count does not end")
