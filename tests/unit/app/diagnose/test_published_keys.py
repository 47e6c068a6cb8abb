# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.diagnose.finding import Level
from postward.app.diagnose.published_keys import check_published_keys
from postward.app.signing_keys import ListedKey
from postward.dns.zone import ZoneLookup
from postward.errors import ConfigError
from postward.signing.keyring import KeyBinding
from postward.signing.loaded_key import PrivateKey
from tests.signatures import keys
from tests.signatures.message import txt_zone

NOW_S = 1_800_000_000.0
NAME = "sel._domainkey.example.org"


def listed(pattern="example.org", key="rsa2048", **more):
    private_key = PrivateKey(keys.private_key(key)) if key else None
    binding = KeyBinding(pattern=pattern, selector="sel", private_key=private_key, **more)
    return ListedKey(binding=binding, at=ConfigError("/k/keys.yaml", 4, "keys[0].file", ""))


def check(zone, *items):
    findings = check_published_keys(items, ZoneLookup(zone), NOW_S)
    return [(finding.level, finding.message) for finding in findings]


def test_published_keys():
    zone = txt_zone({NAME: [keys.record("rsa2048")], "sel._domainkey.esp.example": [keys.record("ed25519")]})
    items = listed(), listed("*", "ed25519", signing_domain="esp.example")
    assert check(zone, *items) == [(Level.OK, "receivers find the keys that sign")]


@pytest.mark.parametrize(
    ("zone", "level", "message"),
    [
        ({}, Level.ERROR, f"/k/keys.yaml:4: keys[0].file: {NAME}: no key for signature"),
        (
            txt_zone({NAME: [keys.record("rsa2048-other")]}),
            Level.ERROR,
            f"/k/keys.yaml:4: keys[0].file: {NAME}: another key is published there",
        ),
        ({NAME: "SERVFAIL"}, Level.WARNING, f"/k/keys.yaml:4: keys[0].file: {NAME}: key look-up failed (servfail)"),
        (
            txt_zone({NAME: [keys.record("rsa2048", "t=y; ")]}),
            Level.WARNING,
            f"{NAME} says t=y: receivers may ignore the signature",
        ),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(zone, level, message):
    assert check(zone, listed()) == [(level, message)]


def test_a_key_that_is_yet_to_sign_must_be_published_already():
    assert [level for level, _ in check({}, listed(signs_from_s=NOW_S + 1))] == [Level.ERROR]


@pytest.mark.parametrize("item", [listed(key=None), listed("*"), listed(signs_until_s=NOW_S)])
def test_what_has_no_record_to_look_for(item):
    assert check({}, item) == []
