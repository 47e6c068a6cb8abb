# SPDX-License-Identifier: GPL-3.0-or-later
"""One case of the suite, and the message that most of them start from."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.signatures import keys
from tests.signatures.message import crlf
from tests.signatures.sealer import SEALER, SELECTOR, Hop, seal
from tests.signatures.signer import Recipe, Tags

KEY_NAME = f"{SELECTOR}._domainkey.{SEALER}"

BASE = crlf("""\
MIME-Version: 1.0
Received: from mail.example.org by lists.example.net; Thu, 14 Jan 2021 15:00:01 -0800
Message-ID: <54B84785.1060301@example.org>
Date: Thu, 14 Jan 2021 15:00:00 -0800
From: Ann Author <ann@example.org>
To: arc@lists.example.net
Subject: Example  one

Hello,
this is a  test message.\x20
--
Ann
""")


def usual_records() -> dict[str, list[str]]:
    return {KEY_NAME: [keys.record("rsa2048")]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A message and the status that its chain has."""

    id: str
    section: str
    """Of RFC 8617, if no other is named."""
    expect: str
    raw: bytes
    records: dict[str, list[str]] = field(default_factory=usual_records)


def chain(length: int, **last: object) -> bytes:
    """A sound chain; ``last`` are arguments of the last hop."""
    hops = [Hop(instance=instance) for instance in range(1, length)]
    return seal(BASE, *hops, Hop(instance=length, **last))  # type: ignore[arg-type]


def with_message_signature(tags: Tags, recipe: Recipe | None = None) -> bytes:
    """One set whose message signature has these tags."""
    return seal(BASE, Hop(instance=1, message_signature=tags, recipe=recipe or Recipe()))


def with_seal(tags: Tags, **hop: object) -> bytes:
    """One set whose seal has these tags."""
    return seal(BASE, Hop(instance=1, seal=tags, **hop))  # type: ignore[arg-type]
