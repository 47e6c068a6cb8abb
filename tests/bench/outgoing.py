# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing what our own users send, beside OpenDKIM: the messages of the standard mix, without their signatures."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import dkim

from tests.bench.contender import Contender
from tests.bench.peer import PATH, Peer, PeerProgram
from tests.bench.postward_filter import WORKERS_AS_SHIPPED
from tests.bench.rounds import Course, run_rounds
from tests.mailhost.unprivileged import hand_over

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.bench.corpus import CorpusMessage, Sender
    from tests.bench.load import Answer
    from tests.bench.rounds import Figures
    from tests.bench.stand import Stand

SIGNING_POSTWARD, SIGNING_OPENDKIM = "Postward, signing", "OpenDKIM, signing"
SENDING_NETWORKS = ["198.51.100.0/24", "192.0.2.0/24"]
"""Of all clients in the corpus."""

_OPENDKIM = PeerProgram(
    name=SIGNING_OPENDKIM,
    package="opendkim",
    command=("opendkim", "-f", "-x", "{folder}/opendkim.conf"),
    files={
        "opendkim.conf": (
            "Mode s\nSocket local:{folder}/milter.sock\nUMask 000\nUserID nobody\nSyslog no\n"
            "InternalHosts {folder}/hosts\n"
            "KeyTable file:{folder}/keys\nSigningTable refile:{folder}/signers\nOversignHeaders From\n"
            "Canonicalization relaxed/relaxed\nRequireSafeKeys no\n"
        ),
        "hosts": "0.0.0.0/0\n",
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningFigures:
    """Who was timed, and who was not and why."""

    figures: dict[str, Figures]
    refused: dict[str, str]


def measure_signing(stand: Stand, messages: int, rounds: int, say: Callable[[str], None]) -> SigningFigures:
    """Time both on the same messages; whose signatures do not all verify is not timed."""
    outgoing = stand.outgoing
    files = outgoing.write(stand.root / "outgoing")
    keys = _write_keys(stand.root / "signing-keys", stand.senders)
    contenders, refused = [_postward(stand, keys)], {}
    if shutil.which(_OPENDKIM.command[0], path=PATH) is None:
        refused[SIGNING_OPENDKIM] = "opendkim is not installed (PEERS=1 installs it)"
    else:
        contenders.append(_opendkim(stand, keys))
    sound = []
    for contender in contenders:
        answers = stand.generator.answers(contender.milters, files)
        signed = count_signed(answers, outgoing.messages, outgoing.zone)
        if signed == len(files):
            sound.append(contender)
        else:
            refused[contender.name] = f"{signed} of {len(files)} signatures verify"
    course = Course(
        generator=stand.generator, files=files, name_server_pid=stand.names.pid, messages=messages, rounds=rounds
    )
    return SigningFigures(figures=run_rounds(sound, course, say), refused=refused)


def count_signed(answers: Sequence[Answer], messages: Sequence[CorpusMessage], zone: dict[str, list[dict]]) -> int:
    """Count the messages that dkimpy verifies with the first signature that they were given."""

    def txt(name: bytes, timeout: int = 5) -> bytes | None:
        records = zone.get(name.decode().rstrip("."), [])
        return next(("".join(record["TXT"]).encode() for record in records if "TXT" in record), None)

    signed = 0
    for answer, message in zip(answers, messages, strict=True):
        values = [value for name, value in answer.added if name.lower() == "dkim-signature"]
        if values:
            signed += dkim.verify(b"DKIM-Signature: " + values[0].encode() + b"\r\n" + message.content, dnsfunc=txt)
    return signed


def _write_keys(folder: Path, senders: Sequence[Sender]) -> dict[str, Path]:
    """Write the private key of each domain, for the account that both run as."""
    folder.mkdir()
    folder.chmod(0o711)
    paths = {}
    for sender in senders:
        path = paths[sender.domain] = folder / f"{sender.domain}.pem"
        path.touch(mode=0o600)
        path.write_bytes(sender.signing.pem)
        hand_over(path)
    return paths


def _postward(stand: Stand, keys: dict[str, Path]) -> Contender:
    listed = [{"domain": domain, "selector": "s1", "file": str(path)} for domain, path in keys.items()]
    settings = {
        "origin": {"local_networks": SENDING_NETWORKS},
        "signing": {"keys": listed, "keys_dir": str(stand.root / "no-keys")},
    }
    running = stand.running.enter_context(stand.filter(WORKERS_AS_SHIPPED, settings=settings))
    return Contender(name=SIGNING_POSTWARD, milters=(running.address,), roots=(running.pid,), methods=())


def _opendkim(stand: Stand, keys: dict[str, Path]) -> Contender:
    folder = stand.root / "signing-opendkim"
    files = {
        **_OPENDKIM.files,
        "keys": "".join(f"{domain} {domain}:s1:{path}\n" for domain, path in keys.items()),
        "signers": "".join(f"*@{domain} {domain}\n" for domain in keys),
    }
    program = PeerProgram(name=_OPENDKIM.name, package=_OPENDKIM.package, command=_OPENDKIM.command, files=files)
    peer = stand.running.enter_context(Peer(program, folder, stand.names.address))
    return Contender(name=SIGNING_OPENDKIM, milters=(peer.address,), roots=(peer.pid,), methods=())
