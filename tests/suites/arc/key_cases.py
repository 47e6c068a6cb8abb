# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys and what DNS says of them (RFC 6376 section 3.6.1, RFC 8301, RFC 8463)."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from tests.signatures import keys
from tests.signatures.sealer import Hop, seal
from tests.signatures.signer import Recipe
from tests.suites.arc.case import BASE, KEY_NAME, Case, chain

if TYPE_CHECKING:
    from collections.abc import Iterator

P = b64encode(keys.public_octets("rsa2048")).decode()

RECORDS = {
    "absent": ([], "fail"),
    "revoked": (["v=DKIM1; p="], "fail"),
    "no-p": (["v=DKIM1; k=rsa"], "fail"),
    "not-a-tag-list": (["v=DKIM1; k=rsa; omgwhatsgoingon"], "fail"),
    "not-base64": (["v=DKIM1; p=****"], "fail"),
    "garbage": (["v=DKIM1; p=AAAA"], "fail"),
    "other": ([keys.record("rsa2048-other")], "fail"),
    "bare": ([f"p={P}"], "pass"),
    "semicolon-at-the-end": ([f"v=DKIM1; p={P}; "], "pass"),
    "spaces": ([f"v = DKIM1 ; p = {P[:50]} {P[50:]}"], "pass"),
    "version-other": ([f"v=DKIM2; p={P}"], "fail"),
    "version-case": ([f"v=dkim1; p={P}"], "fail"),
    "version-last": ([f"p={P}; v=DKIM1"], "fail"),
    "type-other": ([f"v=DKIM1; k=ed25519; p={P}"], "fail"),
    "type-unknown": ([f"v=DKIM1; k=dsa; p={P}"], "fail"),
    "hash-sha256": ([f"v=DKIM1; h=sha1:sha256; p={P}"], "pass"),
    "hash-sha1": ([f"v=DKIM1; h=sha1; p={P}"], "fail"),
    "service-email": ([f"v=DKIM1; s=email; p={P}"], "pass"),
    "service-list": ([f"v=DKIM1; s=tlsrpt : email; p={P}"], "pass"),
    "service-other": ([f"v=DKIM1; s=tlsrpt; p={P}"], "fail"),
    "flags": ([f"v=DKIM1; t=y:s; p={P}"], "pass"),
    "granularity": ([f"v=DKIM1; g=nobody; p={P}"], "pass"),
    "too-long-for-a-datagram": ([f"v=DKIM1; n={'a note, and no short one, ' * 60}; p={P}"], "pass"),
    "two-second-fits": ([keys.record("rsa2048-other"), keys.record("rsa2048")], "pass"),
    "two-one-garbage": (["v=spf1 -all", keys.record("rsa2048")], "pass"),
}

SIZES = {"rsa512": "fail", "rsa1024": "pass", "rsa2048": "pass", "rsa4096": "pass", "ed25519": "pass"}


def cases() -> Iterator[Case]:
    for name, (records, expect) in RECORDS.items():
        published = {KEY_NAME: records} if records else {}
        yield Case(id=f"key-{name}", section="RFC 6376 3.6.1", expect=expect, raw=chain(2), records=published)
    for name, expect in SIZES.items():
        raw = seal(BASE, Hop(instance=1, recipe=Recipe(key=name), seal_key=name))
        records = {KEY_NAME: [keys.record(name)]}
        yield Case(id=f"key-{name}", section="RFC 8301, RFC 8463", expect=expect, raw=raw, records=records)
    yield from _keys_of_one_set()
    yield _two_sealers()
    yield _u_label()


def _keys_of_one_set() -> Iterator[Case]:
    """A seal that names another key than the message signature of its set (sections 4.1.2 and 4.1.3)."""
    raw = seal(BASE, Hop(instance=1, seal={"d": "two.example", "s": "seal"}, seal_key="rsa2048-other"))
    name = "seal._domainkey.two.example"
    for what, published, expect in (
        ("other", [keys.record("rsa2048-other")], "pass"),
        ("absent", [], "fail"),
        ("not-a-tag-list", ["v=DKIM1; k=rsa; nothing of use"], "fail"),
        ("of-the-signature", [keys.record("rsa2048")], "fail"),
    ):
        records = {KEY_NAME: [keys.record("rsa2048")]} | ({name: published} if published else {})
        yield Case(id=f"key-of-the-seal-{what}", section="4.1.3", expect=expect, raw=raw, records=records)


def _two_sealers() -> Case:
    """An RSA sealer below one with Ed25519."""
    tags: dict[str, str | None] = {"d": "two.example", "s": "ed"}
    recipe = Recipe(key="ed25519")
    raw = seal(
        BASE, Hop(instance=1), Hop(instance=2, seal=tags, message_signature=tags, recipe=recipe, seal_key="ed25519")
    )
    records = {KEY_NAME: [keys.record("rsa2048")], "ed._domainkey.two.example": [keys.record("ed25519")]}
    return Case(id="key-two-sealers", section="RFC 8463", expect="pass", raw=raw, records=records)


def _u_label() -> Case:
    tags: dict[str, str | None] = {"d": "b\u00fccher.example"}
    raw = seal(BASE, Hop(instance=1, seal=tags, message_signature=tags))
    records = {"arc._domainkey.xn--bcher-kva.example": [keys.record("rsa2048")]}
    return Case(id="key-u-label", section="RFC 8616 5", expect="pass", raw=raw, records=records)
