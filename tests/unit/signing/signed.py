# SPDX-License-Identifier: GPL-3.0-or-later
"""Sign a message of bytes as it leaves, for the tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dkim

from postward.authn.dkim import BodyDigests, DkimSettings, verify_signatures
from postward.signing.dkim_sign import DkimSigningSettings, sign_message
from postward.signing.loaded_key import LoadedKey, PrivateKey
from postward.signing.signed_fields import SignedFieldSettings
from tests.signatures import keys
from tests.signatures.message import read_message, zone_lookup

if TYPE_CHECKING:
    from collections.abc import Sequence

DOMAIN = "example.org"
NOW_S = 1_700_000_000.9
OVERSIGNED = (b"from", b"to", b"subject", b"date", b"reply-to")


def settings(canonicalization: str = "relaxed/relaxed", **more: object) -> DkimSigningSettings:
    header, body = canonicalization.split("/")
    values = {"fields": SignedFieldSettings(oversigned=OVERSIGNED), **more}
    return DkimSigningSettings(header_canonicalization=header, body_canonicalization=body, **values)  # type: ignore[arg-type]


def signed(
    raw: bytes,
    names: Sequence[str] = ("rsa2048",),
    how: DkimSigningSettings | None = None,
    *,
    domain: str = DOMAIN,
    author_domain: str = DOMAIN,
    now_s: float = NOW_S,
) -> bytes:
    """The message with our signatures on top, as the MTA writes them; a selector is called like its key."""
    headers, body = read_message(raw)
    loaded = [LoadedKey(domain=domain, selector=name, private_key=PrivateKey(keys.private_key(name))) for name in names]
    fields = sign_message(
        headers, BodyDigests(body), loaded, how or settings(), author_domain=author_domain, now_s=now_s
    )
    assert all(field.index == 0 and not field.at_bottom for field in fields)
    return b"".join(field.name.encode() + b": " + field.value + b"\r\n" for field in fields) + raw


def our_verdicts(raw: bytes, domain: str = DOMAIN, now_s: float = NOW_S) -> list[str]:
    headers, body = read_message(raw)
    lookup = zone_lookup({f"{name}._domainkey.{domain}": [keys.record(name)] for name in ("rsa2048", "ed25519")})
    return [
        str(result.status) for result in verify_signatures(headers, BodyDigests(body), lookup, DkimSettings(), now_s)
    ]


def dkimpy_agrees(raw: bytes, index: int = 0) -> bool:
    def record(name: bytes, timeout: int = 5) -> bytes:
        return keys.record(name.decode().partition(".")[0]).encode()

    try:
        return bool(dkim.DKIM(raw).verify(idx=index, dnsfunc=record))
    except dkim.DKIMException:
        return False
