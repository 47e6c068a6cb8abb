"""Which peers stand in for Postward together, and starting those that are installed."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.bench.contender import Contender
from tests.bench.peer import PATH, Peer
from tests.bench.peer_programs import (
    DKIMPY_MILTER,
    OPENDKIM,
    OPENDMARC,
    OPENDMARC_BEHIND_SPF,
    PYSPF_MILTER,
    RSPAMD,
)

if TYPE_CHECKING:
    from contextlib import ExitStack
    from pathlib import Path

    from tests.bench.peer import PeerProgram

OPENDKIM_CHAIN, PYTHON_CHAIN, RSPAMD_ALONE = (
    "OpenDKIM + OpenDMARC",
    "dkimpy-milter + pyspf-milter + OpenDMARC",
    "rspamd",
)

CHAINS: dict[str, tuple[PeerProgram, ...]] = {
    OPENDKIM_CHAIN: (OPENDKIM, OPENDMARC),
    PYTHON_CHAIN: (DKIMPY_MILTER, PYSPF_MILTER, OPENDMARC_BEHIND_SPF),
    RSPAMD_ALONE: (RSPAMD,),
}
METHODS = ("spf", "dkim", "dmarc")
"""What every contender has to find; nothing in the corpus has an ARC chain."""


@dataclass(frozen=True, slots=True)
class MissingPackagesError(Exception):
    """Debian packages of a chain are not installed."""

    packages: tuple[str, ...]


def start_chain(name: str, folder: Path, name_server: str, running: ExitStack) -> Contender:
    """Start the milters of one chain; raises MissingPackagesError and MailHostError."""
    programs = CHAINS[name]
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
