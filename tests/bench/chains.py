# SPDX-License-Identifier: GPL-3.0-or-later
"""Which peers stand in for Postward together, and starting those that are installed."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.contender import Contender
from tests.bench.peer import PATH, Peer, PeerProgram
from tests.bench.peer_programs import (
    DKIMPY_MILTER,
    OPENDKIM,
    OPENDMARC,
    OPENDMARC_BEHIND_SPF,
    PYSPF_MILTER,
    RSPAMD,
    RSPAMD_WITHOUT_RULES,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import ExitStack

OPENDKIM_CHAIN = "OpenDKIM + OpenDMARC"
PYTHON_CHAIN = "dkimpy-milter + pyspf-milter + OpenDMARC"
RSPAMD_ALONE, RSPAMD_BARE = "rspamd", "rspamd without its rules"

IDLE = "a pymilter that does nothing"
"""What no milter in Python can be cheaper than."""
_IDLE_PROGRAM = PeerProgram(
    name=IDLE,
    package="",
    command=(sys.executable, str(Path(__file__).with_name("idle_milter.py")), "unix:{folder}/milter.sock"),
    files={},
)

CHAINS: dict[str, tuple[PeerProgram, ...]] = {
    OPENDKIM_CHAIN: (OPENDKIM, OPENDMARC),
    PYTHON_CHAIN: (DKIMPY_MILTER, PYSPF_MILTER, OPENDMARC_BEHIND_SPF),
    RSPAMD_ALONE: (RSPAMD,),
    RSPAMD_BARE: (RSPAMD_WITHOUT_RULES,),
}
METHODS = ("spf", "dkim", "dmarc")
"""What every contender has to find; nothing in the corpus has an ARC chain."""


@dataclass(frozen=True, slots=True)
class MissingPackagesError(Exception):
    """Debian packages of a chain are not installed."""

    packages: tuple[str, ...]


def start_idle(folder: Path, name_server: str, running: ExitStack) -> Contender:
    """Start the milter that does nothing."""
    peer = running.enter_context(Peer(_IDLE_PROGRAM, folder, name_server))
    return Contender(name=IDLE, milters=(peer.address,), roots=(peer.pid,), methods=())


def start_chain(
    name: str, programs: Sequence[PeerProgram], folder: Path, name_server: str, running: ExitStack
) -> Contender:
    """Start the milters of one chain; raises MissingPackagesError and MailHostError."""
    missing = tuple(program.package for program in programs if shutil.which(program.command[0], path=PATH) is None)
    if missing:
        raise MissingPackagesError(missing)
    folder.mkdir()
    folder.chmod(0o711)
    peers = [
        running.enter_context(Peer(program, folder / str(number), name_server))
        for number, program in enumerate(programs)
    ]
    return Contender(
        name=name,
        milters=tuple(peer.address for peer in peers),
        roots=tuple(peer.pid for peer in peers),
        methods=METHODS,
    )
