# SPDX-License-Identifier: GPL-3.0-or-later
"""Generate key records (RFC 6376 section 3.6.1)."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from tests.differential.dkim_damage import damage_record
from tests.signatures import keys

if TYPE_CHECKING:
    from tests.differential.dkim_dice import Dice

_SPACES = ("", " ", " ", " ", "  ", "\t")


def publish(dice: Dice, key: str) -> str | list[str]:
    """The records at a selector: nearly always one that holds ``key``."""
    if dice.happens("no answer", 0.02):
        return "SERVFAIL"
    if dice.happens("no record", 0.02):
        return []
    if dice.often(0.02):
        key = "rsa2048-other"
    record = _record(dice, key)
    return [damage_record(dice, record) if dice.happens("one octet of a key record is changed", 0.08) else record]


def _record(dice: Dice, key: str) -> str:
    tags = {
        "p": _public(dice, key),
        "k": _key_type(dice, key),
        "h": _hashes(dice),
        "s": _services(dice),
        "t": _flags(dice),
    }
    tags["n"] = "a note, b=c" if dice.often(0.1) else None
    tags["zz"] = "unknown" if dice.often(0.1) else None
    present = [(name, value) for name, value in tags.items() if value is not None]
    version = [("v", "DKIM1")] if dice.often(0.8) else []
    text = ";".join(_tag(dice, *tag) for tag in [*version, *dice.shuffled(present)])
    return _broken(dice, text) + dice.pick(("", "", ";", "; "))


def _tag(dice: Dice, name: str, value: str) -> str:
    around = dice.pick(("", "", "", " "))
    return dice.pick(_SPACES) + name + around + "=" + around + value + dice.pick(("", "", " "))


def _public(dice: Dice, key: str) -> str:
    text = b64encode(keys.public_octets(key)).decode()
    if dice.often(0.02):
        return ""
    if dice.happens("white space in a key", 0.1):
        return " ".join(text[start : start + 64] for start in range(0, len(text), 64))
    return text[:-8] if dice.often(0.02) else text


def _key_type(dice: Dice, key: str) -> str | None:
    key_type = "ed25519" if key == "ed25519" else "rsa"
    if dice.often(0.02):
        return dice.pick(("dsa", "ed25519", "rsa"))
    if dice.happens("k= in capitals", 0.03):
        return key_type.upper()
    return None if key_type == "rsa" and dice.often(0.4) else key_type


def _hashes(dice: Dice) -> str | None:
    if dice.happens("a list with white space", 0.03):
        return "sha1 : sha256"
    return dice.pick((*[None] * 12, "sha256", "sha1:sha256", "sha256:sha512", "sha1"))


def _services(dice: Dice) -> str | None:
    return dice.pick((*[None] * 12, "*", "email", "other:email", "*:other", "tlsrpt"))


def _flags(dice: Dice) -> str | None:
    return dice.pick((*[None] * 8, "y", "s", "y:s", "s:other", "other"))


def _broken(dice: Dice, text: str) -> str:
    if not dice.happens("a key record is wrong", 0.03):
        return text
    return dice.pick(
        (
            f"{text};;",
            f"; {text}",
            f"{text}; p=AAAA",
            f"v=DKIM2; {text}",
            f"{text}; v=DKIM1",
            f'"{text}"',
            "v=spf1 -all",
        )
    )
