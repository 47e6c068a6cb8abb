# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re

import pytest

from postward.authn.arc.hop import collect_hops
from tests.signatures import keys, reference
from tests.signatures.checker import signature_tags
from tests.signatures.message import crlf, read_message
from tests.signatures.sealer import Hop, seal
from tests.signatures.signer import base64, sign_dkim
from tests.unit.signing.arc.sealed import DOMAIN, RAW, RESULTS, dkimpy_says, judged, seal_over, sealed, sealer

KEYS = ["rsa2048", "ed25519"]
UNREAD_BY_DKIMPY = {"ed25519"}
"""In ARC; it reads it in DKIM."""
ARC_NAMES = [b"ARC-Seal", b"ARC-Message-Signature", b"ARC-Authentication-Results"]


def tags(raw, index):
    return signature_tags(read_message(raw)[0][index].value)


@pytest.mark.parametrize("key", KEYS)
def test_the_first_set(key):
    raw = sealed(RAW, key)
    assert [field.name for field in read_message(raw)[0]][:3] == ARC_NAMES
    assert (judged(raw).status, judged(raw).sealer, judged(raw).oldest_pass) == ("pass", DOMAIN, 0)
    assert key in UNREAD_BY_DKIMPY or dkimpy_says(raw) == "pass"


def test_what_a_set_says():
    raw = sealed(RAW)
    assert tags(raw, 0) | {"b": ""} == {
        "i": "1", "a": "rsa-sha256", "t": "1700000000", "cv": "none", "d": DOMAIN, "s": "rsa2048", "b": "",
    }  # fmt: skip
    assert tags(raw, 1) | {"b": "", "bh": ""} == {
        "i": "1", "a": "rsa-sha256", "c": "relaxed/relaxed", "d": DOMAIN, "s": "rsa2048", "t": "1700000000",
        "h": "from:from:to:subject:date:message-id", "bh": "", "b": "",
    }  # fmt: skip
    assert read_message(raw)[0][2].value == b" i=1; " + RESULTS


@pytest.mark.parametrize("key", KEYS)
def test_the_second_set_over_that_of_another_sealer(key):
    raw = sealed(seal(RAW, Hop(instance=1)), key)
    assert (tags(raw, 0)["i"], tags(raw, 0)["cv"], tags(raw, 1)["i"]) == ("2", "pass", "2")
    assert (judged(raw).status, judged(raw).oldest_pass) == ("pass", 0)
    assert key in UNREAD_BY_DKIMPY or dkimpy_says(raw) == "pass"


def test_another_sealer_can_go_on():
    raw = seal(sealed(seal(RAW, Hop(instance=1))), Hop(instance=3))
    assert judged(raw).status == "pass"
    assert dkimpy_says(raw) == "pass"
    assert tags(sealed(raw), 0)["i"] == "4"


def test_the_sets_below_may_stand_in_any_order():
    first = seal(RAW, Hop(instance=1))
    both = seal(first, Hop(instance=2))
    mixed = first.removesuffix(RAW) + both.removesuffix(first) + RAW
    raw = sealed(mixed)
    assert (judged(raw).status, tags(raw, 0)["i"]) == ("pass", "3")


@pytest.mark.parametrize("below", [RAW, seal(RAW, Hop(instance=1))], ids=["first", "second"])
def test_what_we_changed_is_covered_and_the_chain_was_what_it_was_before(below):
    changed = below.replace(b"Subject: ", b"Subject: [list] ").replace(
        b"here they are.", b"here they are.\r\n-- \r\nlist"
    )
    changed = crlf("Authentication-Results: mx.gateway.example; none\nList-Id: <list.gateway.example>\n") + changed
    raw = sealed(changed, came_as=below)
    assert (judged(raw).status, tags(raw, 0)["cv"]) == ("pass", "none" if below == RAW else "pass")
    assert dkimpy_says(raw) == "pass"


def test_a_chain_that_another_broke_is_sealed_as_failed():
    broken = seal(RAW, Hop(instance=1)).replace(b"Hello", b"Hallo")
    raw = sealed(broken)
    assert (tags(raw, 0)["i"], tags(raw, 0)["cv"]) == ("2", "fail")
    assert judged(raw).reason == "the newest ARC-Seal says cv=fail"


def test_a_seal_of_a_failed_chain_covers_its_own_set_alone():
    raw = sealed(seal(RAW, Hop(instance=1)).replace(b"Hello", b"Hallo"))
    headers, _ = read_message(raw)
    covered = [reference.relaxed_field(headers[index].name, headers[index].value) for index in (2, 1)]
    unsigned = re.sub(rb"(b=)[^;]*\Z", rb"\1", headers[0].value)
    covered.append(reference.relaxed_field(headers[0].name, unsigned).removesuffix(b"\r\n"))
    assert tags(raw, 0)["b"] == base64(keys.sign("rsa2048", b"".join(covered)))


def test_a_chain_that_is_not_whole_is_sealed_as_failed_above_its_highest_instance():
    broken = seal(RAW, Hop(instance=1), Hop(instance=2), Hop(instance=4, seal={"cv": "pass"}))
    raw = sealed(broken)
    assert (tags(raw, 0)["i"], tags(raw, 0)["cv"]) == ("5", "fail")


def test_two_fields_of_one_instance_are_sealed_as_failed():
    raw = sealed(seal(RAW, Hop(instance=1), Hop(instance=1)))
    assert (tags(raw, 0)["i"], tags(raw, 0)["cv"]) == ("2", "fail")


def test_no_set_stands_on_a_chain_that_has_been_sealed_as_failed():
    raw = sealed(seal(RAW, Hop(instance=1)).replace(b"Hello", b"Hallo"))
    assert seal_over(raw, judged(raw)).unsealed_reason == "the newest ARC-Seal says cv=fail"


def test_fifty_sets_are_the_most():
    chain = seal(RAW, *(Hop(instance=instance) for instance in range(1, 50)))
    raw = sealed(chain)
    assert (judged(raw).status, tags(raw, 0)["i"]) == ("pass", "50")
    assert dkimpy_says(raw) == "pass"
    sealing = seal_over(raw, judged(raw))
    assert (sealing.fields, sealing.unsealed_reason) == ((), "the chain has 50 sets, and none may have more")


def test_a_chain_that_changed_after_its_validation_is_not_vouched_for():
    one = seal(RAW, Hop(instance=1))
    assert "not the one" in seal_over(one, judged(RAW)).unsealed_reason
    assert "not the one" in seal_over(RAW, judged(one)).unsealed_reason
    assert "no ARC-Seal with i=1" in seal_over(one.partition(b"\r\n")[2], judged(one)).unsealed_reason


def test_signatures_of_the_author_are_covered_and_results_are_not():
    raw = sealed(sign_dkim(sign_dkim(RAW)))
    names = tags(raw, 1)["h"].split(":")
    assert names.count("dkim-signature") == 2
    assert not [name for name in names if name.startswith("arc-") or name in {"authentication-results", "received"}]
    assert judged(raw).status == "pass"
    assert judged(re.sub(rb"Authentication-Results: mx.*?\r\n", b"", raw, count=1)).status == "pass"
    assert judged(raw.replace(b"DKIM-Signature:", b"X-Was:", 1)).status == "fail"


@pytest.mark.parametrize("field", ["DKIM-Signature: v=1", "Authentication-Results: x; none", "Reply-To: x@y.example"])
def test_the_next_hop_may_add_fields(field):
    assert judged(crlf(field + "\n") + sealed(RAW)).status == "pass"


def test_the_next_hop_may_not_add_an_author():
    assert judged(crlf("From: x@y.example\n") + sealed(RAW)).status == "fail"


@pytest.mark.parametrize(
    ("results", "begin"),
    [
        (b"mx.gateway.example; none", b" i=1; mx.gateway.example; none"),
        (b"a" * 42 + b"; x", b" i=1; a"),
        (b"a" * 43 + b"; x", b" i=1;\r\n a"),
    ],
)
def test_no_line_is_too_long(results, begin):
    raw = sealed(RAW, results=results)
    assert read_message(raw)[0][2].value.startswith(begin)
    top = raw.removesuffix(RAW)
    assert max(map(len, top.split(b"\r\n"))) <= 78
    assert judged(raw).status == dkimpy_says(raw) == "pass"


def test_hundreds_of_signed_fields_are_folded():
    raw = sealed(b"".join(b"References: <%d@example.org>\r\n" % number for number in range(300)) + RAW)
    assert max(map(len, raw.removesuffix(RAW).split(b"\r\n"))) <= 78
    assert judged(raw).status == "pass"


def test_results_in_utf_8_are_carried():
    raw = sealed(RAW, results="mx.gateway.example; spf=pass smtp.mailfrom=änne@bücher.example".encode())
    assert judged(raw).sets[0].authentication_results.endswith("änne@bücher.example".encode())
    assert judged(raw).status == "pass"


def test_the_results_that_the_next_hop_reads_are_ours():
    headers, _ = read_message(sealed(RAW))
    (hop,) = collect_hops(headers, 10_000)
    assert hop.results == b" " + RESULTS


def test_the_key_is_named_for_logs():
    assert sealer("ed25519").name == f"{DOMAIN}:ed25519"
