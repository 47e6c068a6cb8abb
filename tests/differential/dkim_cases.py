# SPDX-License-Identifier: GPL-3.0-or-later
"""Generate cases for DKIM: a signed message as it arrives, and the zone of its keys."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.dns.names import to_ascii
from postward.dns.zone import ZoneLookup
from tests.differential.dkim_damage import damage_signature
from tests.differential.dkim_dice import Dice
from tests.differential.dkim_keys import publish
from tests.differential.dkim_messages import on_its_way, write_letter
from tests.differential.dkim_signatures import sign

if TYPE_CHECKING:
    from tests.differential.dkim_messages import Letter

NOW_S = 1_800_000_000


@dataclass(frozen=True, slots=True)
class SignedCase:
    """One case."""

    kind: str
    """What is asked for: "dkim" or "arc"."""
    raw: bytes
    zone: dict[str, object]
    happened: tuple[str, ...]

    @property
    def question(self) -> dict[str, object]:
        """The case as a peer is told it."""
        return {"kind": self.kind, "message": b64encode(self.raw).decode(), "nowS": NOW_S}

    @property
    def lookup(self) -> ZoneLookup:
        return ZoneLookup(self.zone)


def dkim_case(seed: int, without: frozenset[str]) -> SignedCase:
    """Make the case of a seed: one signature, two, or three."""
    dice = Dice(seed, without)
    letter, zone = write_letter(dice), {}
    for _ in range(dice.pick((1, 1, 1, 2, 3))):
        letter = _signed(dice, letter, zone)
    if dice.happens("one octet of a signature is changed", 0.2):
        letter = damage_signature(dice, letter)
    return SignedCase("dkim", on_its_way(dice, letter).raw, zone, tuple(dice.happened))


def _signed(dice: Dice, letter: Letter, zone: dict[str, object]) -> Letter:
    signed = sign(dice, letter)
    name = to_ascii(f"{signed.selector}._domainkey.{signed.domain}")
    assert name is not None
    if name in zone:
        # The name holds another key already: leave the letter as it was.
        return letter
    records = publish(dice, signed.key)
    zone[name] = [{"TXT": record} for record in records] if isinstance(records, list) else records
    return on_its_way(dice, signed.letter) if dice.often(0.1) else signed.letter
