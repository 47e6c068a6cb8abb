# SPDX-License-Identifier: GPL-3.0-or-later
"""Change one octet of a signature or of a key record: whether it still counts is told by the syntax."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.differential.dkim_dice import Dice
    from tests.differential.dkim_messages import Letter

_SIGNATURES = frozenset({b"dkim-signature", b"arc-seal", b"arc-message-signature", b"arc-authentication-results"})
# What is read differently by design: README.md has more about b= and i=.
_LEFT_ALONE = re.compile(rb"(?:^|;)[ \t\r\n]*[bi][ \t\r\n]*=[^;]*|\r\n[ \t]")
_OCTETS = (
    b";",
    b"=",
    b":",
    b".",
    b"@",
    b"/",
    b"\\",
    b'"',
    b"(",
    b")",
    b",",
    b"+",
    b"*",
    b"<",
    b"%",
    b"1",
    b"x",
    b"\xe9",
)
_WHITE_SPACE = (b" ", b"\t")


def damage_signature(dice: Dice, letter: Letter) -> Letter:
    """Change one octet in one of the letter's signatures, seals, or sealed results."""
    index = dice.pick([i for i, (name, _) in enumerate(letter.fields) if name.strip().lower() in _SIGNATURES])
    name, value = letter.fields[index]
    # What is put before the semicolon belongs to the value as well.
    alone = {place for match in _LEFT_ALONE.finditer(value) for place in range(match.start(), match.end() + 1)}
    places = sorted(set(range(len(value))) - alone)
    if not places:
        return letter
    changed = _changed(dice, value, dice.pick(places), (*_OCTETS, *_WHITE_SPACE))
    return letter.with_field(index, (name, changed))


def damage_record(dice: Dice, record: str) -> str:
    """Change one octet in a key record."""
    octets = record.encode("latin-1")
    places = [place for place, octet in enumerate(octets) if octet != ord("=")]
    return _changed(dice, octets, dice.pick(places), _OCTETS).decode("latin-1")


def _changed(dice: Dice, value: bytes, place: int, octets: tuple[bytes, ...]) -> bytes:
    new, skipped = dice.pick((b"", dice.pick(octets))), dice.pick((0, 1))
    return value[:place] + new + value[place + skipped :]
