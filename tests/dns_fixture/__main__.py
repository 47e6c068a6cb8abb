# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tests.dns_fixture ZONE.yaml --port N``: serve a zone file until a signal ends it."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

import yaml

from tests.dns_fixture.server import DnsFixture


def main() -> None:
    """Serve the zone file of the command line; SIGHUP reads it again, SIGTERM and SIGINT end."""
    parser = argparse.ArgumentParser(prog="python -m tests.dns_fixture", description="Serve a zone file on loopback.")
    parser.add_argument("zone", type=Path, metavar="ZONE.yaml")
    parser.add_argument("--port", type=int, default=0, help="for UDP and TCP; any free one where it is not given")
    arguments = parser.parse_args()
    signals = {signal.SIGHUP, signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    with DnsFixture(_read(arguments.zone), port=arguments.port) as fixture:
        _say(f"listening on {fixture.address}")
        while signal.sigwait(signals) == signal.SIGHUP:
            fixture.set(_read(arguments.zone))
            _say("read again")


def _read(path: Path) -> object:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
