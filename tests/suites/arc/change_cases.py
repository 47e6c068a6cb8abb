"""Messages that were changed after, or between, the seals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.signatures.sealer import Hop, seal
from tests.suites.arc.case import BASE, Case, chain

if TYPE_CHECKING:
    from collections.abc import Iterator

CHANGES = {
    "subject": (b"Subject: Example  one", b"Subject: [list] Example one", "fail"),
    "subject-space": (b"Subject: Example  one", b"Subject:   Example one ", "pass"),
    "subject-case": (b"Subject: Example", b"Subject: example", "fail"),
    "name-case": (b"Subject: Example", b"SUBJECT: Example", "pass"),
    "unsigned-field": (b"MIME-Version: 1.0", b"MIME-Version: 1.1", "pass"),
    "body": (b"Hello,", b"Hallo,", "fail"),
    "body-space": (b"a  test", b"a test", "pass"),
    "body-footer": (b"Ann\r\n", b"Ann\r\n-- \r\nlist\r\n", "fail"),
    "body-empty-lines": (b"Ann\r\n", b"Ann\r\n\r\n\r\n", "pass"),
    "results": (b"spf=pass", b"spf=fail", "fail"),
    "from-added-above": (b"MIME-Version", b"From: eve@example.com\r\nMIME-Version", "pass"),
    "from-added-below": (b"Subject:", b"From: eve@example.com\r\nSubject:", "fail"),
}


def cases() -> Iterator[Case]:
    for name, (old, new, expect) in CHANGES.items():
        raw = chain(1)
        assert old in raw
        yield Case(id=f"changed-{name}", section="5.2 step 4", expect=expect, raw=raw.replace(old, new))
    changed = seal(BASE, Hop(instance=1)).replace(b"Hello,", b"Hallo,")
    yield Case(id="changed-and-sealed-again", section="5.2 step 5", expect="pass", raw=seal(changed, Hop(instance=2)))
    forged = seal(BASE, Hop(instance=1)).replace(b"spf=pass", b"spf=fail")
    yield Case(
        id="results-changed-and-sealed-again", section="5.2 step 6", expect="fail", raw=seal(forged, Hop(instance=2))
    )
    signature = chain(2).replace(b"t=12346; h=", b"t=12340; h=")
    yield Case(id="older-message-signature-changed", section="5.2 step 6", expect="fail", raw=signature)
