# SPDX-License-Identifier: GPL-3.0-or-later
"""The messages of the demo, and what became of each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from samples import infected, phishing

from tests.mailhost import letters
from tests.mailhost.host import AUTHSERV_ID

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mailhost.host import MailHost
    from tests.mailhost.letters import Letter
    from tests.mailhost.world import World


@dataclass(frozen=True, slots=True)
class Scene:
    """One message that a host of the demo's world sends."""

    title: str
    write: Callable[[World], Letter]


SCENES = (
    Scene("Genuine, signed by a bank", letters.genuine),
    Scene("The bank's From forged; its domain asks for p=reject", letters.forged_from),
    Scene("From a shop that does not sign; SPF alone", letters.spf_only),
    Scene("The bank's message changed by a mailing list, which sealed it (ARC)", letters.through_list),
    Scene("Forged, with an Authentication-Results field under our own name", letters.forged_results),
    Scene("Two From fields", letters.two_authors),
    Scene("Spam: a bank's name, a link and a form that lead elsewhere", phishing),
)
VIRUS = Scene("A bill with a virus (EICAR, the string that all scanners find)", infected)
"""Only where there is a scanner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one message."""

    scene: Scene
    event: dict[str, Any]
    """Postward's own log event about it."""
    delivered: bytes
    """The file in the mailbox; empty where the message is held."""
    claims_removed: int
    """How many Authentication-Results fields under our own name came with it and are gone."""


def play(scene: Scene, host: MailHost) -> Outcome:
    """Send the message over SMTP and wait for its delivery, or its being held, and for Postward's log line."""
    letter, recipient = scene.write(host.world), host.new_recipient()
    queue_id = host.send(letter, recipient).rpartition(" ")[2]
    event = json.loads(host.postward.log_line(f'"{queue_id}"'))
    if event["action"] == "quarantine":
        return Outcome(scene=scene, event=event, delivered=b"", claims_removed=0)
    (delivered,) = host.postfix.mailbox.wait_for(recipient)
    # One stands in the mailbox that did not come with the message: Postward's own.
    removed = _claims(letter.content) + 1 - _claims(delivered)
    return Outcome(scene=scene, event=event, delivered=delivered, claims_removed=removed)


def _claims(message: bytes) -> int:
    """Count the Authentication-Results fields under our own name."""
    header = message.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return sum(line.startswith(f"Authentication-Results: {AUTHSERV_ID};".encode()) for line in header.split(b"\n"))
