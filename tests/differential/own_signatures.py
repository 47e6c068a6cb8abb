# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages that Postward has signed, as they arrive: most as they left, some changed on their way."""

from __future__ import annotations

from dataclasses import dataclass, replace

from postward.authn.dkim import BodyDigests
from postward.signing.dkim_sign import DkimSigningSettings, sign_message
from postward.signing.loaded_key import LoadedKey, PrivateKey
from postward.signing.signed_fields import SignedFieldSettings
from tests.differential.dkim_cases import SignedCase
from tests.differential.dkim_dice import Dice
from tests.differential.dkim_messages import Letter, on_its_way, write_letter
from tests.signatures import keys
from tests.signatures.message import crlf, read_message, txt_zone

SIGNED_S = 1_700_000_000
_DOMAINS = ("example.org", "a.b.example.net", "xn--bcher-kva.example", "a-very-long-label-of-a-domain." * 7 + "example")
_OVERSIGNED = (b"from", b"to", b"cc", b"subject", b"date", b"reply-to", b"message-id")

_HEAD = crlf("""\
From: Ann <ann@example.org>
To: bob@example.net
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700
Message-ID: <20030712040037.46341@example.org>

""")
SPECIAL = {
    "no body at all": _HEAD,
    "only line ends": _HEAD + b"\r\n" * 100,
    "8 bit": _HEAD + "Grüße – 你好\r\n".encode() + bytes(range(0x80, 0x100)) + b"\r\n",
    "internationalized addresses": "From: Änne <änne@bücher.example>\r\nTo: 用户@例子.example\r\n\r\nhi\r\n".encode(),
    "a line of 1 MB": _HEAD + b"x" * 1_000_000 + b"\r\n",
    "10 MB": _HEAD + b"seventy octets or so of text, as an encoded attachment has it, line by\r\n" * 145_000,
    "fields folded oddly": b"From:\r\n ann@example.org\r\nSUBJECT: a\r\n\tb \r\n  c\r\nTo:" + b" a@b.example," * 300
    + b"\r\n\r\nhi\r\n",
    "fields more than once": b"To: a@b.example\r\nFrom: a@b.example\r\nTo: c@d.example\r\nSubject: 1\r\nSubject: 2\r\n"
    b"\r\nhi\r\n",
    "hundreds of signed fields": b"From: a@b.example\r\n" + b"List-Post: x\r\n" * 300 + b"\r\nhi\r\n",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnCase:
    """One message, and whether it arrives as it left."""

    case: SignedCase
    unchanged: bool


def own_case(seed: int, without: frozenset[str]) -> OwnCase:
    """Make the case of a seed."""
    dice = Dice(seed, without)
    letter = write_letter(dice)
    names = ["rsa2048"] if "Ed25519" in without else dice.pick((["rsa2048"], ["ed25519"], ["rsa2048", "ed25519"]))
    signed, zone = _sign(letter.raw, names, dice.pick(_DOMAINS), _settings(dice))
    arrived = on_its_way(dice, letter.below(*signed))
    case = SignedCase("dkim", arrived.raw, zone, tuple(dice.happened))
    return OwnCase(case, unchanged=arrived == letter.below(*signed))


def special_case(name: str, names: list[str], canonicalization: str) -> SignedCase:
    """Make the case of one of the special messages."""
    raw = SPECIAL[name]
    settings = DkimSigningSettings(
        header_canonicalization=canonicalization,
        body_canonicalization=canonicalization,
        fields=SignedFieldSettings(oversigned=_OVERSIGNED),
    )
    signed, zone = _sign(raw, names, "example.org", settings)
    return SignedCase("dkim", Letter(tuple(signed), b"").raw.removesuffix(b"\r\n") + raw, zone, (name,))


def with_added_field(case: SignedCase, name: bytes) -> SignedCase:
    """Put another field above all that is there."""
    return replace(case, raw=name + b": Mallory <mallory@example.com>\r\n" + case.raw)


def _sign(
    raw: bytes, names: list[str], domain: str, settings: DkimSigningSettings
) -> tuple[list[tuple[bytes, bytes]], dict[str, object]]:
    headers, body = read_message(raw)
    loaded = [LoadedKey(domain=domain, selector=name, private_key=PrivateKey(keys.private_key(name))) for name in names]
    author_domain = f"below.{domain}"
    fields = sign_message(headers, BodyDigests(body), loaded, settings, author_domain=author_domain, now_s=SIGNED_S)
    zone: dict[str, object] = {**txt_zone({f"{name}._domainkey.{domain}": [keys.record(name)] for name in names})}
    # The one space is what the MTA writes.
    return [(field.name.encode(), b" " + field.value) for field in fields], zone


def _settings(dice: Dice) -> DkimSigningSettings:
    return DkimSigningSettings(
        header_canonicalization=dice.pick(("relaxed", "simple")),
        body_canonicalization=dice.pick(("relaxed", "simple")),
        fields=SignedFieldSettings(
            oversigned=dice.pick(((b"from",), _OVERSIGNED)),
            oversigned_where_present=(b"list-id",),
            extra=(b"x-mailer",),
        ),
        expires_after_s=dice.pick((None, 10_000 * 86_400)),
        author_identity=dice.often(0.3),
    )
