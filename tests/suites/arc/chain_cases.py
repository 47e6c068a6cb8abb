# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets, instances and cv= (RFC 8617 sections 4.2, 4.4 and 5.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.signatures.message import crlf
from tests.signatures.sealer import Hop, arc_fields, seal
from tests.signatures.signer import Recipe
from tests.suites.arc.case import BASE, Case, chain

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTS = ("seal", "message_signature", "results")

MULTIPART = crlf("""\
Received: from author.example by mail.example.org; Wed, 5 May 2021 10:00:02 +0200
Date: Wed, 5 May 2021 10:00:00 +0200
From: Ben Author <ben@example.org>
To: arc@lists.example.net
Subject: Example two
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=between

--between
Content-Type: text/plain; charset=utf-8

Read me.

--between
Content-Type: text/html; charset=utf-8

<p>Read me.</p>

--between--
""")

RECEIVED = b"Received: from lists.example.net by relay.example.net;\r\n Wed, 5 May 2021 10:00:09 +0200\r\n"

RELAY_NAMES = ("from", "to", "date", "subject", "mime-version", "arc-authentication-results")


def cases() -> Iterator[Case]:
    yield from _without_chain()
    yield from _sound()
    yield from _counting()
    yield from _incomplete()
    yield from _chain_status()
    yield from _order()


def _without_chain() -> Iterator[Case]:
    yield Case(id="none", section="5.2 step 1", expect="none", raw=BASE)
    yield Case(id="none-empty", section="5.2 step 1", expect="none", raw=b"")
    yield Case(id="none-no-header", section="5.2 step 1", expect="none", raw=b"\r\nHello.\r\n")
    yield Case(id="none-no-body", section="5.2 step 1", expect="none", raw=BASE.partition(b"\r\n\r\n")[0] + b"\r\n")
    yield Case(id="none-multipart", section="5.2 step 1", expect="none", raw=MULTIPART)
    look_alike = b"X-ARC-Seal: i=1\r\nARC-Seals: i=1\r\nARC: i=1\r\n"
    yield Case(id="none-look-alike", section="5.2 step 1", expect="none", raw=look_alike + BASE)


def _sound() -> Iterator[Case]:
    for length in (1, 2, 3, 4, 5, 10, 49, 50):
        yield Case(id=f"sound-{length}", section="5.2 step 7", expect="pass", raw=chain(length))
    raw = MULTIPART
    for instance in (1, 2, 3):
        raw = seal(raw, Hop(instance=instance, recipe=Recipe(names=RELAY_NAMES)))
        yield Case(id=f"sound-{instance}-multipart", section="5.2 step 7", expect="pass", raw=raw)
        raw = RECEIVED + raw
        yield Case(id=f"sound-{instance}-multipart-relayed", section="5.2 step 7", expect="pass", raw=raw)
    empty_body = BASE.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    yield Case(id="sound-empty-body", section="5.2", expect="pass", raw=seal(empty_body, Hop(instance=1)))
    no_body = BASE.partition(b"\r\n\r\n")[0] + b"\r\n"
    yield Case(id="sound-no-body", section="5.2", expect="pass", raw=seal(no_body, Hop(instance=1)))


def _counting() -> Iterator[Case]:
    yield Case(id="sets-51", section="4.2.1", expect="fail", raw=chain(51))
    for name, number in (("zero", "0"), ("51", "51"), ("100", "100"), ("huge", "9" * 30), ("negative", "-1")):
        raw = seal(BASE, _numbered(number))
        yield Case(id=f"instance-{name}", section="4.2.1", expect="fail", raw=raw)
    for name, number in (("word", "one"), ("empty", ""), ("fraction", "1.0"), ("two-numbers", "1 2"), ("hex", "0x1")):
        raw = seal(BASE, _numbered(number))
        yield Case(id=f"instance-{name}", section="4.2.1", expect="fail", raw=raw)
    yield Case(id="instance-leading-zero", section="4.2.1", expect="pass", raw=seal(BASE, _numbered("01")))
    yield Case(id="first-is-2", section="5.2 step 3B", expect="fail", raw=seal(BASE, Hop(instance=2)))
    gap = seal(BASE, Hop(instance=1), Hop(instance=3))
    yield Case(id="gap-2", section="5.2 step 3B", expect="fail", raw=gap)
    gap = seal(BASE, Hop(instance=1), Hop(instance=2), Hop(instance=4))
    yield Case(id="gap-3", section="5.2 step 3B", expect="fail", raw=gap)
    twice = seal(BASE, Hop(instance=1), Hop(instance=1, seal={"cv": "none"}))
    yield Case(id="set-twice", section="5.2 step 3B", expect="fail", raw=twice)
    twice = seal(BASE, Hop(instance=1), Hop(instance=2), Hop(instance=2))
    yield Case(id="set-2-twice", section="5.2 step 3B", expect="fail", raw=twice)
    copied = b"".join(arc_fields(chain(1))[::-1]) + chain(1)
    yield Case(id="set-copied", section="5.2 step 3B", expect="fail", raw=copied)


def _numbered(number: str) -> Hop:
    results = f" i={number}; sealer.example; none"
    return Hop(instance=1, seal={"i": number}, message_signature={"i": number}, results=results)


def _incomplete() -> Iterator[Case]:
    for part in PARTS:
        raw = seal(BASE, Hop(instance=1, leave_out=(part,)))
        yield Case(id=f"without-{part}", section="5.2 step 3A", expect="fail", raw=raw)
        others = tuple(other for other in PARTS if other != part)
        raw = seal(BASE, Hop(instance=1, leave_out=others))
        yield Case(id=f"only-{part}", section="5.2 step 3A", expect="fail", raw=raw)
        raw = seal(BASE, Hop(instance=1, leave_out=(part,)), Hop(instance=2))
        yield Case(id=f"without-older-{part}", section="5.2 step 3A", expect="fail", raw=raw)
        raw = seal(BASE, Hop(instance=1), Hop(instance=2, leave_out=(part,)))
        yield Case(id=f"without-newer-{part}", section="5.2 step 3A", expect="fail", raw=raw)
    for position, part in enumerate(PARTS):
        fields = arc_fields(chain(2))
        copy = fields[::-1][position]
        yield Case(id=f"two-of-{part}", section="5.2 step 3A", expect="fail", raw=copy + chain(2))
        only = arc_fields(chain(1))[::-1]
        beside = only[:position] + only[position : position + 1] + only[position:]
        yield Case(id=f"copy-beside-{part}", section="5.2 step 3A", expect="fail", raw=b"".join(beside) + BASE)
        below = [*only, only[position]]
        yield Case(id=f"copy-below-{part}", section="5.2 step 3A", expect="fail", raw=b"".join(below) + BASE)
    results, signature, seal_field = arc_fields(chain(1))
    other = arc_fields(seal(MULTIPART, Hop(instance=1)))[1]
    for name, signatures in (("first", signature + other), ("last", other + signature)):
        raw = seal_field + signatures + results + BASE
        yield Case(id=f"other-message-signature-too-right-{name}", section="5.2 step 3A", expect="fail", raw=raw)


def _chain_status() -> Iterator[Case]:
    for status in ("pass", "fail", "none", "", "maybe", "passed", None):
        name = "missing" if status is None else status or "empty"
        first = seal(BASE, Hop(instance=1, seal={"cv": status}))
        yield Case(id=f"cv-1-{name}", section="5.2 step 3C", expect="pass" if status == "none" else "fail", raw=first)
        second = chain(2, seal={"cv": status})
        yield Case(id=f"cv-2-{name}", section="5.2 step 3C", expect="pass" if status == "pass" else "fail", raw=second)
        older = seal(BASE, Hop(instance=1), Hop(instance=2, seal={"cv": status}), Hop(instance=3))
        yield Case(
            id=f"cv-2-of-3-{name}", section="5.2 step 3C", expect="pass" if status == "pass" else "fail", raw=older
        )
    oldest = seal(BASE, Hop(instance=1, seal={"cv": "fail"}), Hop(instance=2))
    yield Case(id="cv-fail-below", section="5.2 step 3C", expect="fail", raw=oldest)
    oldest = seal(BASE, Hop(instance=1, seal={"cv": "pass"}), Hop(instance=2))
    yield Case(id="cv-pass-below", section="5.2 step 3C", expect="fail", raw=oldest)
    # Section 5.1.2: who finds a chain broken seals its own set alone.
    alone = chain(2, seal={"cv": "fail"}, below=())
    yield Case(id="cv-fail-sealed-alone", section="5.2 step 2", expect="fail", raw=alone)


def _order() -> Iterator[Case]:
    fields = arc_fields(chain(2))
    for name, order in (("oldest-first", fields), ("mixed", fields[::2] + fields[1::2])):
        yield Case(id=f"order-{name}", section="4.2", expect="pass", raw=b"".join(order) + BASE)
    below = BASE.partition(b"\r\n\r\n")
    yield Case(
        id="order-below-the-rest",
        section="4.2",
        expect="pass",
        raw=below[0] + b"\r\n" + b"".join(fields) + b"\r\n" + below[2],
    )
    upper = chain(2).replace(b"ARC-Seal:", b"ARC-SEAL:").replace(b"ARC-Message", b"arc-message")
    yield Case(id="field-name-case", section="5.1.1", expect="pass", raw=upper)
    spaced = chain(2).replace(b"ARC-Seal:", b"ARC-Seal :").replace(b"Results: i", b"Results  : i")
    yield Case(id="field-name-space", section="5.1.1", expect="pass", raw=spaced)
    folded = chain(2).replace(b"; cv=", b";\r\n\t cv=").replace(b"; h=", b"  ;\r\n        h=")
    yield Case(id="seal-refolded", section="5.1.1", expect="fail", raw=folded)
    yield Case(id="seal-fold-only", section="5.1.1", expect="pass", raw=chain(2).replace(b"; cv=", b";\r\n\t cv="))
