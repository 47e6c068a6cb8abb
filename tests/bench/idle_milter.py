# SPDX-License-Identifier: GPL-3.0-or-later
"""``python idle_milter.py SOCKET``: a milter made with pymilter that takes in everything and does nothing.

What it costs is the least that any milter in Python costs.
"""

from __future__ import annotations

import sys

import Milter


class IdleMilter(Milter.Base):
    """Is called at each stage, as one that looks at the whole message."""

    @Milter.noreply
    def connect(self, _name: str, _family: int, _address: object) -> int:
        """Take note of the client."""
        return Milter.CONTINUE

    @Milter.noreply
    def hello(self, _name: str) -> int:
        """Take note of the greeting."""
        return Milter.CONTINUE

    @Milter.noreply
    def envfrom(self, _path: str, *_arguments: str) -> int:
        """Take note of the sender."""
        return Milter.CONTINUE

    @Milter.noreply
    def envrcpt(self, _path: str, *_arguments: str) -> int:
        """Take note of a recipient."""
        return Milter.CONTINUE

    @Milter.noreply
    @Milter.decode("bytes")
    def header(self, _name: str, _value: bytes) -> int:
        """Take note of a field."""
        return Milter.CONTINUE

    @Milter.noreply
    def body(self, _chunk: bytes) -> int:
        """Take note of a piece of the body."""
        return Milter.CONTINUE

    def eom(self) -> int:
        """Accept the message."""
        return Milter.CONTINUE


def main(socket: str) -> None:
    """Serve until a signal ends the process."""
    Milter.factory = IdleMilter
    Milter.set_flags(Milter.ADDHDRS)
    Milter.runmilter("idle", socket, 240)


if __name__ == "__main__":
    main(sys.argv[1])
