# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages that were changed after, or between, the seals."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.signatures import keys
from tests.signatures.sealer import SEALER, Hop, arc_fields, seal
from tests.signatures.signer import Recipe
from tests.suites.arc.case import BASE, Case, chain, usual_records

if TYPE_CHECKING:
    from collections.abc import Iterator

CHANGES = {
    "subject": (b"Subject: Example  one", b"Subject: [list] Example one", "fail"),
    "subject-space": (b"Subject: Example  one", b"Subject:   Example one ", "pass"),
    "subject-case": (b"Subject: Example", b"Subject: example", "fail"),
    "name-case": (b"Subject: Example", b"SUBJECT: Example", "pass"),
    "from": (b"Ann Author", b"Author", "fail"),
    "fold": (b"Ann Author", b"Ann\r\n        Author", "pass"),
    "space-inside": (b"Ann Author", b"Ann    Author", "pass"),
    "space-at-line-end": (b"Author <ann@example.org>", b"Author <ann@example.org>    ", "pass"),
    "space-after-colon": (b"To: arc", b"To:   arc", "pass"),
    "space-before-colon": (b"To: arc", b"To : arc", "pass"),
    "unsigned-field": (b"MIME-Version: 1.0", b"MIME-Version: 1.1", "pass"),
    "body": (b"Hello,", b"Hallo,", "fail"),
    "body-space": (b"a  test", b"a test", "pass"),
    "body-space-at-line-end": (b"Hello,", b"Hello,  ", "pass"),
    "body-no-line-end": (b"Ann\r\n", b"Ann", "pass"),
    "body-footer": (b"Ann\r\n", b"Ann\r\n-- \r\nlist\r\n", "fail"),
    "body-empty-lines": (b"Ann\r\n", b"Ann\r\n\r\n\r\n", "pass"),
    "results": (b"spf=pass", b"spf=fail", "fail"),
    "results-instance-missing": (b"Results: i=1; ", b"Results: ", "fail"),
    "results-instance-other": (b"Results: i=1;", b"Results: i=2;", "fail"),
    "results-instance-word": (b"Results: i=1;", b"Results: i=one;", "fail"),
    "results-instance-not-first": (b"Results: i=1; sealer.example;", b"Results: sealer.example; i=1;", "fail"),
    "results-instance-no-semicolon": (b"Results: i=1;", b"Results: i=1", "fail"),
    "signed-names-case": (b"h=from:", b"h=From:", "fail"),
    "from-added-above": (b"MIME-Version", b"From: eve@example.com\r\nMIME-Version", "pass"),
    "from-added-below": (b"Subject:", b"From: eve@example.com\r\nSubject:", "fail"),
}

SIMPLE_BODY_CHANGES = {
    "empty-lines": (b"Ann\r\n", b"Ann\r\n\r\n\r\n", "pass"),
    "no-line-end": (b"Ann\r\n", b"Ann", "pass"),
    "space": (b"a  test", b"a test", "fail"),
    "space-at-line-end": (b"Hello,", b"Hello,  ", "fail"),
}

SEAL_CHANGES = {
    "b-space": (rb"( b=.{9})", rb"\1 ", "pass"),
    "b-fold": (rb"( b=.{9})", rb"\1\r\n    ", "pass"),
    "b-space-at-line-end": (rb"( b=.{9})", rb"\1    \r\n    ", "pass"),
    "b-empty": (rb"( b=)[^;]+", rb"\1", "fail"),
    "b-cut": (rb"( b=).", rb"\1", "fail"),
    "b-exchanged-digits": (rb"( b=)(.)(.)", rb"\1\3\2", "fail"),
    "space-inside": (rb"; cv", rb";    cv", "pass"),
    "space-after-colon": (rb"Seal: ", rb"Seal:   ", "pass"),
    "domain-case": (rb"d=sealer", rb"d=Sealer", "fail"),
    "selector": (rb"s=arc", rb"s=arc2", "fail"),
}
"""In the newest seal, which is the first field of a message."""


def cases() -> Iterator[Case]:
    for name, (old, new, expect) in CHANGES.items():
        yield Case(id=f"changed-{name}", section="5.2 step 4", expect=expect, raw=_changed(chain(1), old, new))
    for name, (old, new, expect) in SIMPLE_BODY_CHANGES.items():
        raw = _changed(chain(1, recipe=Recipe(body="simple")), old, new)
        yield Case(id=f"changed-simple-body-{name}", section="RFC 6376 3.4.3", expect=expect, raw=raw)
    for name, (pattern, replacement, expect) in SEAL_CHANGES.items():
        records = usual_records() | {f"arc2._domainkey.{SEALER}": [keys.record("rsa2048")]}
        for length in (1, 2):
            raw = re.sub(pattern, replacement, chain(length), count=1)
            assert raw != chain(length)
            yield Case(
                id=f"changed-seal-{length}-{name}", section="5.2 step 6", expect=expect, raw=raw, records=records
            )
    yield from _between()


def _changed(raw: bytes, old: bytes, new: bytes) -> bytes:
    assert old in raw
    return raw.replace(old, new)


def _between() -> Iterator[Case]:
    changed = seal(BASE, Hop(instance=1)).replace(b"Hello,", b"Hallo,")
    yield Case(id="changed-and-sealed-again", section="5.2 step 5", expect="pass", raw=seal(changed, Hop(instance=2)))
    changed = seal(BASE, Hop(instance=1)).replace(b"Ann Author", b"Bob Author")
    yield Case(
        id="from-changed-and-sealed-again", section="5.2 step 5", expect="pass", raw=seal(changed, Hop(instance=2))
    )
    cut = re.sub(rb"( b=).", rb"\1", seal(BASE, Hop(instance=1)), count=1)
    yield Case(id="seal-cut-and-sealed-again", section="5.2 step 6", expect="fail", raw=seal(cut, Hop(instance=2)))
    forged = seal(BASE, Hop(instance=1)).replace(b"spf=pass", b"spf=fail")
    yield Case(
        id="results-changed-and-sealed-again", section="5.2 step 6", expect="fail", raw=seal(forged, Hop(instance=2))
    )
    signature = chain(2).replace(b"t=12346; h=", b"t=12340; h=")
    yield Case(id="older-message-signature-changed", section="5.2 step 6", expect="fail", raw=signature)
    # Either message signature is sound, but the seal covers one of them.
    _, signature, seal_field = arc_fields(chain(1))
    results, other, _ = arc_fields(chain(1, recipe=Recipe(names=("from", "subject"))))
    exchanged = seal_field + other + results + BASE
    yield Case(id="message-signature-exchanged", section="5.2 step 6", expect="fail", raw=exchanged)
    sound = seal_field + signature + results + BASE
    yield Case(id="message-signature-in-its-place", section="5.2 step 6", expect="pass", raw=sound)
