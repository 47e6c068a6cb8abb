# SPDX-License-Identifier: GPL-3.0-or-later
"""Chains sealed by dkimpy, which knows nothing of this suite."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dkim

from tests.signatures import keys
from tests.signatures.sealer import SEALER, SELECTOR
from tests.suites.arc.case import BASE, Case

if TYPE_CHECKING:
    from collections.abc import Iterator

RESULTS = b"Authentication-Results: sealer.example; arc=%s; spf=pass smtp.mailfrom=example.org\r\n"

SEALED_S = 1_690_000_000


def cases() -> Iterator[Case]:
    raw = BASE
    for instance in range(1, 6):
        raw = _sealed(raw, first=instance == 1)
        yield Case(id=f"dkimpy-{instance}", section="5.1", expect="pass", raw=raw)
        changed = raw.replace(b"Hello", b"Hallo")
        yield Case(id=f"dkimpy-{instance}-changed", section="5.2 step 4", expect="fail", raw=changed)


def _sealed(raw: bytes, *, first: bool) -> bytes:
    # As each sealer under its own name would, take the results of the one before away.
    raw = RESULTS % (b"none" if first else b"pass") + raw.replace(RESULTS % b"none", b"").replace(
        RESULTS % b"pass", b""
    )
    fields = dkim.arc_sign(
        raw,
        SELECTOR.encode(),
        SEALER.encode(),
        keys.pem("rsa2048"),
        b"sealer.example",
        include_headers=[b"from", b"to", b"subject"],
        timestamp=SEALED_S,
    )
    assert fields
    return b"".join(fields) + raw
