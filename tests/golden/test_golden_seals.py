# SPDX-License-Identifier: GPL-3.0-or-later
"""Our set on top of the golden chains of ARC, as a forwarder that has validated them adds it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from postward.authn.arc.settings import ArcSettings
from postward.authn.arc.validate import validate_chain
from postward.authn.dkim.body_digests import BodyDigests
from postward.dns.zone import ZoneLookup
from postward.signing.arc import Sealer
from postward.signing.loaded_key import LoadedKey, PrivateKey
from tests.signatures import keys
from tests.signatures.checker import signature_tags
from tests.signatures.message import read_message

HERE = Path(__file__).parent / "arc"
NOW_S = 4_000_000_000.0
DOMAIN, SELECTOR = "forwarder.example", "own"
SEALER = Sealer(key=LoadedKey(domain=DOMAIN, selector=SELECTOR, private_key=PrivateKey(keys.private_key("rsa2048"))))
FOLDERS = sorted(path.parent.name for path in HERE.glob("*/expected.json"))
UNTOUCHED = {"dns-time-out": "the chain could not be validated for now"}


class Golden:
    """One case, with our key published in its zone."""

    def __init__(self, name: str) -> None:
        self.raw = (HERE / name / "message.eml").read_bytes()
        zone = yaml.safe_load((HERE / name / "zone.yaml").read_text(encoding="utf-8"))
        self.zone = {**zone, f"{SELECTOR}._domainkey.{DOMAIN}": [{"TXT": keys.record("rsa2048")}]}

    def judged(self, raw: bytes):
        headers, body = read_message(raw)
        return validate_chain(headers, BodyDigests(body), ZoneLookup(self.zone), ArcSettings(), NOW_S)

    def seal(self):
        headers, body = read_message(self.raw)
        results = b"mx.forwarder.example; spf=pass smtp.mailfrom=list@lists.example"
        return SEALER.seal(headers, BodyDigests(body), self.judged(self.raw), results, NOW_S)

    def sealed(self) -> bytes:
        fields = (field.name.encode() + b": " + field.value + b"\r\n" for field in self.seal().fields)
        return b"".join((*fields, self.raw))


@pytest.mark.parametrize("name", [name for name in FOLDERS if name not in UNTOUCHED])
def test_a_chain_is_carried_on_with_what_it_is_worth(name):
    golden = Golden(name)
    came = golden.judged(golden.raw)
    raw = golden.sealed()
    tags = signature_tags(read_message(raw)[0][0].value)
    assert tags["cv"] == came.status
    assert golden.judged(raw).status == ("pass" if came.status == "pass" else "fail")


@pytest.mark.parametrize(("name", "reason"), UNTOUCHED.items())
def test_a_chain_of_which_nothing_is_known_is_left_alone(name, reason):
    sealing = Golden(name).seal()
    assert (sealing.fields, sealing.unsealed_reason) == ((), reason)


def test_a_message_that_a_list_has_changed():
    golden = Golden("list-and-forwarder")
    raw = golden.sealed()
    judged = golden.judged(raw)
    assert [one.sealer for one in judged.sets] == ["gateway.example", "lists.example", DOMAIN]
    assert (judged.status, judged.oldest_pass) == ("pass", 2)
