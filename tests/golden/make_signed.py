# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the messages of the golden cases in ``dkim/`` and ``arc/`` anew: ``python -m tests.golden.make_signed``.

Signed by dkimpy, and by the signer of the tests where dkimpy refuses or would need another library.  What is expected
is written by hand beside them, as is why.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import dkim
import yaml

from tests.signatures import keys
from tests.signatures.message import crlf, txt_zone
from tests.signatures.signer import Recipe, sign_dkim

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent

DOMAIN = b"example.org"
SEALED_S = 1_790_000_000

PLAIN = crlf("""\
Received: from mail.example.org by mx.example.net; Mon, 21 Sep 2026 12:00:01 +0000
Date: Mon, 21 Sep 2026 12:00:00 +0000
From: Ann Author <ann@example.org>
To: Bob <bob@example.net>
Subject: The minutes of the  last meeting
Message-ID: <20260921120000.1@example.org>

Hello Bob,

here are the minutes.\x20
\tNothing was decided.

Ann
""")
FOOTER = b"-- \r\nThe list: https://lists.example.net/\r\n"

Records = dict[str, list[str] | str]
"""TXT records by name, or a word that stands for the whole name (TIMEOUT)."""

Made = tuple[bytes, Records]


def signed(
    raw: bytes = PLAIN,
    *,
    selector: str = "sel",
    identity: bytes | None = None,
    length: bool = False,
    names: tuple[bytes, ...] = (b"from", b"to", b"subject", b"date"),
) -> bytes:
    """The message with a signature of dkimpy on top."""
    field = dkim.sign(
        raw, selector.encode(), DOMAIN, keys.pem("rsa2048"), identity=identity, canonicalize=(b"relaxed", b"relaxed"),
        include_headers=names, length=length,
    )  # fmt: skip
    return field + raw


def published(*records: str, selector: str = "sel", domain: str = "example.org") -> Records:
    return {f"{selector}._domainkey.{domain}": list(records)}


def rsa(tags: str = "") -> Records:
    return published(keys.record("rsa2048", tags))


def two_algorithms() -> Made:
    raw = sign_dkim(signed(selector="rsa"), {"s": "ed"}, Recipe(key="ed25519"))
    return raw, published(keys.record("rsa2048"), selector="rsa") | published(keys.record("ed25519"), selector="ed")


def oversigned() -> Made:
    raw = signed(names=(b"from", b"from", b"to", b"subject", b"date"))
    return b"From: Eve <eve@example.com>\r\n" + raw, rsa()


def two_keys() -> Made:
    return signed(), published(keys.record("rsa2048-other"), keys.record("rsa2048"))


def u_label() -> Made:
    raw = sign_dkim(PLAIN.replace(b"example.org", "b\u00fccher.example".encode()), {"d": "b\u00fccher.example"})
    return raw, published(keys.record("rsa2048"), domain="xn--bcher-kva.example")


def sealed(raw: bytes, domain: str, found: str) -> bytes:
    """The message with one more set, made by dkimpy."""
    results = f"Authentication-Results: {domain}; arc={found}; spf=pass smtp.mailfrom=example.org\r\n".encode()
    fields = dkim.arc_sign(
        results + raw, b"arc", domain.encode(), keys.pem("rsa2048"), domain.encode(),
        include_headers=[b"from", b"to", b"subject"], timestamp=SEALED_S,
    )  # fmt: skip
    return b"".join(fields) + raw


def list_and_forwarder() -> bytes:
    changed = sealed(signed(), "gateway.example", "none").replace(b"Subject: The", b"Subject: [list] The") + FOOTER
    return sealed(changed, "lists.example", "pass")


def sealers() -> Records:
    record = keys.record("rsa2048")
    names = ("gateway.example", "lists.example")
    return {name: [record] for domain in names for name in published(record, selector="arc", domain=domain)}


CASES: dict[str, Callable[[], Made]] = {
    "dkim/plain": lambda: (signed(), rsa()),
    "dkim/two-algorithms": two_algorithms,
    "dkim/list-footer": lambda: (signed() + FOOTER, rsa()),
    "dkim/subject-tag": lambda: (signed().replace(b"Subject: The", b"Subject: [list] The"), rsa()),
    "dkim/length-limit": lambda: (signed(length=True) + FOOTER, rsa()),
    "dkim/second-from": oversigned,
    "dkim/from-not-signed": lambda: (sign_dkim(PLAIN, {}, Recipe(names=("to", "subject"))), rsa()),
    "dkim/rsa-sha1": lambda: (sign_dkim(PLAIN, {}, Recipe(sha1=True)), rsa()),
    "dkim/short-key": lambda: (sign_dkim(PLAIN, {}, Recipe(key="rsa512")), published(keys.record("rsa512"))),
    "dkim/revoked-key": lambda: (signed(), published("v=DKIM1; p=")),
    "dkim/two-keys": two_keys,
    "dkim/strict-identity": lambda: (signed(identity=b"ann@mail.example.org"), rsa("t=y:s; ")),
    "dkim/expired": lambda: (sign_dkim(PLAIN, {"t": "1700000000", "x": "1700600000"}), rsa()),
    "dkim/spaces-on-the-way": lambda: (signed().replace(b"minutes. ", b"minutes.").replace(b"\t", b"  "), rsa()),
    "dkim/u-label": u_label,
    "dkim/key-not-for-mail": lambda: (signed(), rsa("s=tlsrpt; ")),
    "arc/list-and-forwarder": lambda: (list_and_forwarder(), sealers()),
    "arc/changed-afterwards": lambda: (list_and_forwarder() + FOOTER, sealers()),
    "arc/forged-results": lambda: (list_and_forwarder().replace(b"arc=none", b"arc=pass"), sealers()),
    "arc/dns-time-out": lambda: (list_and_forwarder(), sealers() | {"arc._domainkey.lists.example": "TIMEOUT"}),
}


def write(cases: dict[str, Callable[[], Made]]) -> None:
    """Write every message and zone."""
    for name, make in cases.items():
        raw, records = make()
        folder = HERE / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "message.eml").write_bytes(raw)
        (folder / "zone.yaml").write_text(yaml.safe_dump(zone(records), width=120, sort_keys=False), encoding="utf-8")


def zone(records: Records) -> dict[str, object]:
    texts = {name: value for name, value in records.items() if isinstance(value, list)}
    return records | txt_zone(texts)


if __name__ == "__main__":
    write(CASES)
