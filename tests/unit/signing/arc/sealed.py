# SPDX-License-Identifier: GPL-3.0-or-later
"""Seal messages of bytes as they leave, and validate them, for the tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dkim

from postward.authn.arc import ArcSettings, validate_chain
from postward.authn.dkim import BodyDigests
from postward.signing.arc import Sealer
from postward.signing.loaded_key import LoadedKey, PrivateKey
from tests.signatures import keys
from tests.signatures.message import crlf, read_message, zone_lookup
from tests.signatures.sealer import SEALER, SELECTOR

if TYPE_CHECKING:
    from postward.model.arc import ArcResult
    from postward.signing.arc import Sealing

DOMAIN = "gateway.example"
NOW_S = 1_700_000_000.9
RESULTS = (
    b"mx.gateway.example;\r\n\tspf=pass (192.0.2.1 is allowed; really) smtp.mailfrom=ann@example.org;\r\n"
    b'\tdkim=fail (signature mismatch) reason="a;b" header.d=example.org;\r\n\tarc=none'
)
RAW = crlf("""\
Received: from mail.example.org by mx.gateway.example; Mon, 21 Sep 2026 12:00:01 +0000
Authentication-Results: mx.gateway.example; spf=pass smtp.mailfrom=ann@example.org
Date: Mon, 21 Sep 2026 12:00:00 +0000
From: Ann Author <ann@example.org>
To: Bob <bob@gateway.example>
Subject: The minutes of the  last
 meeting
Message-ID: <20260921120000.1@example.org>

Hello  Bob,\x20
here they are.


""")
RECORDS = {
    f"{SELECTOR}._domainkey.{SEALER}": [keys.record("rsa2048")],
    **{f"{name}._domainkey.{DOMAIN}": [keys.record(name)] for name in ("rsa2048", "ed25519")},
}


def judged(raw: bytes) -> ArcResult:
    """What our own validator says."""
    headers, body = read_message(raw)
    return validate_chain(headers, BodyDigests(body), zone_lookup(RECORDS), ArcSettings(), NOW_S)


def sealer(key: str = "rsa2048", domain: str = DOMAIN) -> Sealer:
    return Sealer(key=LoadedKey(domain=domain, selector=key, private_key=PrivateKey(keys.private_key(key))))


def seal_over(raw: bytes, arc: ArcResult | None, key: str = "rsa2048", results: bytes = RESULTS) -> Sealing:
    """What is made for a message that is to leave as ``raw``."""
    headers, body = read_message(raw)
    return sealer(key).seal(headers, BodyDigests(body), arc, results, NOW_S)


def sealed(raw: bytes, key: str = "rsa2048", *, came_as: bytes | None = None, results: bytes = RESULTS) -> bytes:
    """The message with our set on top, as the MTA writes it; ``came_as``: what it was before we changed it."""
    sealing = seal_over(raw, judged(raw if came_as is None else came_as), key, results)
    assert sealing.unsealed_reason == ""
    assert all(field.index == 0 and not field.at_bottom for field in sealing.fields)
    return b"".join(field.name.encode() + b": " + field.value + b"\r\n" for field in sealing.fields) + raw


def dkimpy_says(raw: bytes) -> str:
    def record(name: bytes, timeout: int = 5) -> bytes | None:
        found = RECORDS.get(name.decode().removesuffix("."))
        return found[0].encode() if found else None

    status, _, _ = dkim.ARC(raw).verify(dnsfunc=record)
    return str(status.decode())
