# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.authn.arc.evidence import ChainKeys
from postward.authn.arc.settings import ArcSettings
from postward.authn.dkim.errors import SignatureError
from postward.dns.answer import Answer, Outcome
from postward.model.dkim import DkimStatus
from tests.signatures import keys


class Counted:
    """A look-up that always gives the same records, and counts."""

    def __init__(self, *records: str) -> None:
        self.answer = Answer(outcome=Outcome.OK, records=tuple(record.encode() for record in records))
        self.names: list[str] = []

    def __call__(self, name, _record_type):
        self.names.append(name)
        return self.answer


def test_each_key_is_asked_for_once():
    lookup = Counted(keys.record("rsa2048"))
    chain_keys = ChainKeys(lookup, ArcSettings())
    for _ in range(3):
        assert len(chain_keys.usable("arc", "example.org", "rsa-sha256")) == 1
    assert lookup.names == ["arc._domainkey.example.org"]


def test_only_so_many_keys_are_asked_for():
    lookup = Counted(keys.record("rsa2048"))
    chain_keys = ChainKeys(lookup, ArcSettings(max_key_lookups=2))
    chain_keys.usable("a", "example.org", "rsa-sha256")
    chain_keys.usable("b", "example.org", "rsa-sha256")
    with pytest.raises(SignatureError) as caught:
        chain_keys.usable("c", "example.org", "rsa-sha256")
    assert caught.value.status is DkimStatus.POLICY
    assert len(lookup.names) == 2
    assert chain_keys.usable("a", "example.org", "rsa-sha256")


def test_keys_that_cannot_be_used_are_passed_over():
    chain_keys = ChainKeys(Counted(keys.record("ed25519"), keys.record("rsa2048")), ArcSettings())
    assert [key.bits for key in chain_keys.usable("a", "example.org", "rsa-sha256")] == [2048]
    assert [key.bits for key in chain_keys.usable("a", "example.org", "ed25519-sha256")] == [256]


def test_no_key_can_be_used():
    chain_keys = ChainKeys(Counted(keys.record("rsa512"), keys.record("ed25519")), ArcSettings())
    with pytest.raises(SignatureError, match="too short"):
        chain_keys.usable("a", "example.org", "rsa-sha256")
