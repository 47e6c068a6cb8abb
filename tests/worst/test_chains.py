# SPDX-License-Identifier: GPL-3.0-or-later
"""More signatures, seals and results than anybody needs."""

from __future__ import annotations

from tests.milter.filter import running_filter
from tests.signatures.message import crlf, read_message
from tests.signatures.sealer import Hop, seal
from tests.signatures.signer import sign_dkim
from tests.worst.ordeal import deliver, split

MESSAGE = crlf("From: ann@example.org\nTo: b@example.net\nSubject: x\nDate: x\n\n" + "Hello\n" * 20_000)


def test_a_hundred_signatures(milter, world):
    signature = read_message(sign_dkim(MESSAGE))[0][0].raw
    fields, body = split(signature * 100 + MESSAGE)
    outcome = deliver(milter, fields, body).check()
    assert outcome.results.count("dkim=pass") == 10
    assert "too many signatures, 90 not verified" in outcome.results
    with running_filter(world, workers=1, dkim={"max_signatures": 100}) as other:
        assert deliver(other, fields, body).check().results.count("dkim=pass") == 100


def test_a_hundred_signatures_each_over_the_whole_of_a_long_header_and_body(world):
    padding = b"".join(b"X-%d: %b\r\n" % (number, b"y z  " * 1_000) for number in range(150))
    names = ":".join(["from", *(f"x-{number}" for number in range(150))])
    fields = b"".join(
        b"DKIM-Signature: v=1; a=rsa-sha256; c=%b; d=example.org; s=sel; h=%b; l=%d; bh=%b=; b=AAAA\r\n"
        % (b"simple/relaxed" if number % 2 else b"relaxed/simple", names.encode(), number, b"A" * 43)
        for number in range(100)
    )
    body = b"a  b \t c\r\n" * 500_000
    with running_filter(world, workers=1, dkim={"max_signatures": 100}) as milter:
        outcome = deliver(milter, *split(fields + padding + b"From: ann@example.org\r\n\r\n" + body)).check()
    assert outcome.results.count("dkim=fail") == 100


def test_fifty_sets_and_one_more(milter):
    hops = [Hop(instance=number) for number in range(1, 51)]
    sealed = seal(MESSAGE, *hops)
    assert "arc=pass" in deliver(milter, *split(sealed)).check().results
    fields, body = split(sealed)
    newest = [(name, value.replace(b"i=50;", b"i=51;")) for name, value in fields[:3]]
    outcome = deliver(milter, [*newest, *fields], body).check()
    assert "arc=fail" in outcome.results
