# SPDX-License-Identifier: GPL-3.0-or-later
"""Records that fan out, are too long, or lead nowhere; servers that lie: each message has its result in good time."""

from __future__ import annotations

import pytest

from tests.dns_fixture import DnsFixture
from tests.milter.filter import Filter
from tests.signatures import keys
from tests.signatures.message import crlf
from tests.signatures.signer import sign_dkim
from tests.worst.ordeal import deliver, split

AUTHOR = (b"From", b" ann@example.org")
KEY = [{"TXT": keys.record("rsa2048")}]
MESSAGE = crlf("From: ann@example.org\nTo: b@example.net\nSubject: x\nDate: x\n\nHello\n")


@pytest.mark.parametrize(
    ("domain", "result"),
    [
        ("tree.example", "permerror"),
        ("mx-fan.example", "fail"),
        ("void.example", "permerror"),
        ("loop.example", "permerror"),
        ("self.example", "permerror"),
        ("macros.example", "permerror"),
        ("wide-macros.example", "permerror"),
        ("long-policy.example", "fail"),
        ("alias.example", "temperror"),
        ("ring.example", "temperror"),
    ],
)
def test_a_policy_that_fans_out(milter, domain, result):
    sender = f"<{'u.' * 30}x@{domain}>".encode()
    outcome = deliver(milter, [AUTHOR], mail_from=sender, client=b"198.51.100.9").check()
    assert f"spf={result} " in outcome.results


@pytest.mark.parametrize(
    ("selector", "result"), [("long", "permerror"), ("many", "permerror"), ("k", "temperror"), ("sel", "pass")]
)
def test_a_key_record_that_is_too_much(milter, selector, result):
    outcome = deliver(milter, *split(sign_dkim(MESSAGE, {"s": selector}))).check()
    assert f"dkim={result} " in outcome.results


def _cut(wire: bytes) -> bytes:
    return wire[:-3]


def _long_count(wire: bytes) -> bytes:
    return wire[:6] + b"\xff\xff" + wire[8:]


def _long_data(wire: bytes) -> bytes:
    """The length of the last record's data, if there is one, says more than there is."""
    at = wire.find(b"\xc0\x0c", 12)
    return wire if at < 0 else wire[: at + 10] + b"\xff\xf0" + wire[at + 12 :]


def _trailing(wire: bytes) -> bytes:
    return wire + b"x" * 500


LIES = [(lie, tcp) for lie in (_cut, _long_count, _long_data, _trailing) for tcp in (False, True)]


@pytest.fixture(scope="module")
def liar(world):
    """A filter and the name server that lies to it; a selector of its own for each lie, since answers are kept."""
    zone = world.zone() | {f"l{number}._domainkey.example.org": KEY for number in range(len(LIES))}
    with DnsFixture(zone) as names:
        milter = Filter(names.address)
        milter.configure(workers=1, dns={"servers": [names.address], "timeout_s": 0.5, "tries": 1, "failure_ttl_s": 0})
        try:
            yield milter.start(), names
        finally:
            milter.stop()


@pytest.mark.parametrize("number", range(len(LIES)))
def test_answers_that_lie_about_their_length(liar, number):
    milter, names = liar
    lie, by_tcp = LIES[number]

    def tamper(_query, answer, over_tcp):
        truncated = answer[:2] + bytes([answer[2] | 0x02]) + answer[3:]
        return [lie(answer) if over_tcp == by_tcp else (truncated if by_tcp else answer)]

    names.tamper = tamper
    outcome = deliver(milter, *split(sign_dkim(MESSAGE, {"s": f"l{number}"}))).check()
    allowed = {"pass", "temperror"} if lie is _trailing else {"temperror"}
    assert any(f"dkim={word} " in outcome.results for word in allowed)
