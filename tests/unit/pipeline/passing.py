# SPDX-License-Identifier: GPL-3.0-or-later
"""A message on its way through the stages, and what a receiver makes of the message that comes out."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from postward.actions.decision import DecisionSettings, decide
from postward.actions.delivery import delivered_message
from postward.authn.arc import ArcSettings, validate_chain
from postward.authn.dkim import BodyDigests, DkimSettings, verify_signatures
from postward.checks.examination import Examination
from postward.checks.sender import SenderCheck
from postward.directory.directory import Directory
from postward.directory.entry import DomainEntry
from postward.directory.table import DomainRecord, SenderRecord, Table
from postward.dns.zone import ZoneLookup
from postward.mime.stored_message import take_message
from postward.model.connection import Authentication
from postward.model.envelope import EnvelopeAddress, Recipient, Sender
from postward.model.origin import Direction, Origin
from postward.model.transaction import Transaction
from postward.signing.keyring import DomainKeyring, KeyBinding
from postward.signing.loaded_key import PrivateKey
from tests.signatures import keys
from tests.signatures.message import crlf, read_message, zone_lookup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.actions.submission import SubmissionSettings
    from postward.model.action import Plan
    from postward.model.arc import ArcResult

DOMAIN = "example.org"
OWN = f"alice@{DOMAIN}"
NOW_S = 1_800_000_000.0
NO_DIRECTORY = Directory(())
HOSTED = Directory(
    [
        Table(
            [
                DomainRecord(
                    entry=DomainEntry(name=DOMAIN, tenant="acme"),
                    recipients=frozenset({"alice"}),
                    senders=(SenderRecord(patterns=(OWN,), logins=(OWN,)),),
                ),
                DomainRecord(entry=DomainEntry(name="example.net", tenant="other"), recipients=frozenset({"*"})),
            ]
        )
    ]
)
"""alice of ``DOMAIN`` may use her own address; example.net is hosted too."""
RAW = crlf("""\
Received: from pc.example.org by mx.example.org; Mon, 21 Sep 2026 12:00:01 +0000
From: Alice <alice@example.org>
To: Bob <bob@example.com>
Subject: The minutes
Date: Mon, 21 Sep 2026 12:00:00 +0000
Message-ID: <1@example.org>

Hello  Bob,\x20
here they are.

""")


def without(raw: bytes, *names: bytes) -> bytes:
    """The message without its fields of these names."""
    head, blank, body = raw.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if line.partition(b":")[0] not in names]
    return b"\r\n".join(lines) + blank + body


def examination(
    raw: bytes = RAW,
    *,
    direction: Direction = Direction.OUTBOUND,
    user: str = OWN,
    sender: str = OWN,
    recipients: Sequence[str] = ("bob@example.com",),
    arguments: tuple[str, ...] = (),
) -> Examination:
    """A whole message that no check has looked at."""
    transaction = Transaction("t1", started_s=0.0)
    transaction.authentication = Authentication(user=user)
    transaction.sender = Sender(address=EnvelopeAddress(sender), arguments=arguments)
    transaction.recipients += [Recipient(address=EnvelopeAddress(each)) for each in recipients]
    transaction.origin = Origin(direction=direction, reason="r", client=ip_address("192.0.2.9"), helo="")
    take_message(transaction, raw)
    return Examination(transaction, ZoneLookup({}), NOW_S)


def judge(one: Examination, directory: Directory, submission: SubmissionSettings) -> Examination:
    """Ask ``directory`` what the sender may use, and decide."""
    SenderCheck(directory).run(one)
    one.transaction.decision = decide(one.transaction, DecisionSettings(submission=submission))
    return one


def binding(key: str, domain: str = DOMAIN, **more: object) -> KeyBinding:
    """One of the tests' keys for a domain, under a selector of the same name."""
    private_key = PrivateKey(keys.private_key(key))
    return KeyBinding(**{"pattern": domain, "selector": key, "private_key": private_key, **more})  # type: ignore[arg-type]


def unusable(domain: str = DOMAIN) -> KeyBinding:
    """A key that is listed, and could not be loaded."""
    return KeyBinding(pattern=domain, selector="lost", private_key=None)


def keyring(*bindings: KeyBinding) -> DomainKeyring:
    return DomainKeyring(bindings)


def delivered(one: Examination, plan: Plan) -> bytes:
    """The message as the MTA delivers it."""
    return delivered_message(one.transaction, plan)


def verdicts(raw: bytes, domain: str = DOMAIN) -> list[str]:
    """What our verifier says of each signature of the message."""
    headers, body = read_message(raw)
    found = verify_signatures(headers, BodyDigests(body), _published(domain), DkimSettings(), NOW_S)
    return [str(result.status) for result in found]


def chain(raw: bytes, domain: str = DOMAIN) -> ArcResult:
    """What our validator says of the ARC chain of the message."""
    headers, body = read_message(raw)
    return validate_chain(headers, BodyDigests(body), _published(domain), ArcSettings(), NOW_S)


def _published(domain: str) -> ZoneLookup:
    names = ("rsa2048", "rsa2048-other", "ed25519")
    return zone_lookup({f"{name}._domainkey.{domain}": [keys.record(name)] for name in names})
