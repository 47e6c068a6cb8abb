# SPDX-License-Identifier: GPL-3.0-or-later
"""What the suite in tests/suites/arc does not look at: everything but the status."""

from __future__ import annotations

import json
import time
from base64 import b64decode
from pathlib import Path

import pytest

from postward.authn.arc.settings import ArcSettings
from postward.authn.arc.validate import validate_chain
from postward.authn.dkim.body_digests import BodyDigests
from postward.dns.answer import Answer, Outcome
from postward.model.arc import ArcStatus
from tests.signatures import keys
from tests.signatures.message import crlf, read_message, zone_lookup
from tests.signatures.sealer import SEALER, SELECTOR, Hop, seal
from tests.signatures.signer import Recipe

VECTORS = json.loads((Path(__file__).parents[3] / "vectors/arc_extra.json").read_text(encoding="utf-8"))
KEY_NAME = f"{SELECTOR}._domainkey.{SEALER}"
RAW = crlf("From: ann@example.org\nTo: list@example.net\nSubject: One\nDate: today\n\nHello.\n")
NOW_S = 1_700_000_000.0


def chain(length, raw=RAW):
    return seal(raw, *(Hop(instance=instance) for instance in range(1, length + 1)))


def validate(raw, lookup=None, settings=None):
    headers, body = read_message(raw)
    lookup = lookup or zone_lookup({KEY_NAME: [keys.record("rsa2048")]})
    return validate_chain(headers, BodyDigests(body), lookup, settings or ArcSettings(), NOW_S)


class Counted:
    """A look-up that counts."""

    def __init__(self, outcome: Outcome = Outcome.NXDOMAIN, failing: str = "") -> None:
        self.names: list[str] = []
        self.outcome = outcome
        self.failing = failing
        self.zone = zone_lookup({KEY_NAME: [keys.record("rsa2048")]})

    def __call__(self, name, record_type):
        self.names.append(name)
        if self.failing in name:
            return Answer(outcome=self.outcome)
        return self.zone(name, record_type)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_vector(vector):
    result = validate(b64decode(vector["message"]), zone_lookup(vector["dns"]))
    assert vector["expect"] in {"any", result.status}
    assert bool(result.reason) == (result.status is ArcStatus.FAIL)


def test_sets():
    result = validate(chain(2))
    assert [one.instance for one in result.sets] == [1, 2]
    assert (result.sets[1].sealer, result.sets[1].selector) == (SEALER, SELECTOR)
    assert result.sets[1].authentication_results == b" sealer.example; spf=pass smtp.mailfrom=example.org; arc=none"
    assert result.sealer == SEALER


def test_a_broken_chain_still_names_its_sealers():
    result = validate(chain(2).replace(b"Hello", b"Hallo"))
    assert (result.status, result.sealer) == (ArcStatus.FAIL, SEALER)
    assert len(result.sets) == 2


def test_one_that_is_not_whole_does_not():
    result = validate(seal(RAW, Hop(instance=2)))
    assert (result.status, result.sealer, result.sets) == (ArcStatus.FAIL, None, ())


@pytest.mark.parametrize(
    ("tags", "names", "reason"),
    [
        ({"a": None}, ("from",), "no a="),
        ({"a": "rsa-sha1"}, ("from",), "rsa-sha1 is not accepted"),
        ({"a": "rsa-sha512"}, ("from",), "a= is not known"),
        ({}, ("from", "arc-seal"), "ARC-Seal is signed"),
    ],
)
def test_an_older_message_signature_that_can_never_have_held_ends_the_chain(tags, names, reason):
    oldest = Hop(instance=1, message_signature=tags, recipe=Recipe(names=names))
    result = validate(seal(RAW, oldest, Hop(instance=2)))
    assert (result.status, result.reason) == (ArcStatus.FAIL, f"ARC-Message-Signature 1: {reason}")


@pytest.mark.parametrize("tags", [{"h": None}, {"b": None}, {"x": "12350"}, {"s": "gone"}])
def test_any_other_older_message_signature_is_history(tags):
    result = validate(seal(RAW, Hop(instance=1, message_signature=tags), Hop(instance=2)))
    assert (result.status, result.oldest_pass) == (ArcStatus.PASS, 2)


def test_oldest_pass():
    raw = chain(2).replace(b"Hello", b"Hallo")
    raw = seal(raw, Hop(instance=3), Hop(instance=4))
    result = validate(raw)
    assert (result.status, result.oldest_pass) == (ArcStatus.PASS, 3)
    assert validate(chain(4)).oldest_pass == 0
    assert validate(chain(1)).oldest_pass == 0


def test_oldest_pass_is_not_guessed():
    assert validate(chain(5), settings=ArcSettings(max_older_signatures=0)).oldest_pass == 5
    settings = ArcSettings(max_older_signatures=2)
    assert validate(chain(5), settings=settings).oldest_pass == 3
    assert validate(chain(3), settings=settings).oldest_pass == 0


def test_a_wrong_structure_costs_no_look_up():
    for raw in (RAW, chain(51), seal(RAW, Hop(instance=2)), seal(RAW, Hop(instance=1, seal={"cv": "fail"}))):
        lookup = Counted()
        validate(raw, lookup)
        assert lookup.names == []


def test_a_changed_body_costs_no_look_up():
    lookup = Counted()
    assert validate(chain(3).replace(b"Hello", b"Hallo"), lookup).status is ArcStatus.FAIL
    assert lookup.names == []


def test_validation_stops_at_the_first_failure():
    hops = [Hop(instance=instance, seal={"s": f"s{instance}"}) for instance in range(1, 6)]
    lookup = Counted(Outcome.NXDOMAIN, failing="s5.")
    result = validate(seal(RAW, *hops), lookup)
    assert lookup.names == [KEY_NAME, f"s5._domainkey.{SEALER}"]
    assert result.reason == "ARC-Seal 5: no key for signature"


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.SERVFAIL, Outcome.BUDGET])
@pytest.mark.parametrize("selector", [SELECTOR, "other"])
def test_dns_failure_is_temporary(outcome, selector):
    raw = seal(RAW, Hop(instance=1, seal={"s": "other"}))
    result = validate(raw, Counted(outcome, failing=f"{selector}."))
    assert (result.status, result.temporary) == (ArcStatus.FAIL, True)


def test_other_failures_are_not():
    assert not validate(chain(1), Counted(Outcome.NXDOMAIN)).temporary


def test_fifty_sealers_with_keys_of_their_own():
    hops = [
        Hop(instance=instance, seal={"s": f"a{instance}"}, message_signature={"s": f"m{instance}"})
        for instance in range(1, 51)
    ]
    record = [keys.record("rsa2048")]
    names = [f"{kind}{instance}._domainkey.{SEALER}" for instance in range(1, 51) for kind in "am"]
    asked = []
    zone = zone_lookup(dict.fromkeys(names, record))

    def lookup(name, record_type):
        asked.append(name)
        return zone(name, record_type)

    result = validate(seal(RAW, *hops), lookup)
    assert result.status is ArcStatus.PASS
    assert len(asked) == len(set(asked)) == ArcSettings().max_key_lookups
    assert result.oldest_pass == 41


def test_large_fields_take_linear_time():
    filler = "x" * 30_000
    hops = [Hop(instance=instance, results=f" i={instance}; {filler}") for instance in range(1, 51)]
    raw = seal(RAW, *hops)
    started_s = time.monotonic()
    assert validate(raw).status is ArcStatus.PASS
    assert time.monotonic() - started_s < 10
