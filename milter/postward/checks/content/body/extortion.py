# SPDX-License-Identifier: GPL-3.0-or-later
"""Demands of ransom: an account for digital money, and a tale of a camera, a password, a bomb or stolen data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.wording import Phrases
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_CHARACTERS = 10_000
_MONEY = Phrases("bitcoin", "bitcoins", "btc", "usdt", "crypto", "cryptocurrency", "monero", "litecoin", "ethereum")
_WALLET = re.compile(
    r"(?<![\w/=.])(?:bc1[ac-hj-np-z02-9]{25,60}|[13][1-9A-HJ-NP-Za-km-z]{25,34}|0x[0-9a-fA-F]{40}"
    r"|ltc1[ac-hj-np-z02-9]{25,60}|T[1-9A-HJ-NP-Za-km-z]{33}|4[0-9AB][1-9A-HJ-NP-Za-km-z]{93})(?!\w)"
)
_TALE = (
    Phrases("webcam", "camera", "kamera", "recorded", "recording", "footage", "video", "caméra", "cámara"),
    Phrases("malware", "trojan", "spyware", "hacked", "hacker", "infected", "access to", "gehackt", "virus", "exploit"),
    Phrases("your contacts", "your friends", "your family", "colleagues", "relatives", "contact list", "kontakte",
            "contactos", "proches"),
    Phrases("porn", "porno", "masturbating", "masturbate", "masturbation", "adult site", "adult sites",
            "adult website", "adult websites", "adult content", "intimate", "pleasuring", "xxx"),
    Phrases("your password", "your passwords", "dein passwort", "ihr passwort", "tu contraseña"),
    Phrases("hours", "stunden", "heures", "horas", "deadline", "timer", "days to"),
    Phrases("leak", "leaked", "publish", "expose", "exposed", "reputation", "ddos", "bomb", "explosive", "encrypted",
            "ransom", "blackmail"),
)  # fmt: skip
_ENOUGH = 4
_ACCOUNT = SymbolDefinition(
    name="TEXT_CRYPTO_ADDRESS",
    score=0.3,
    group="body",
    meaning="it gives an account for digital money",
)
_RANSOM = SymbolDefinition(
    name="TEXT_EXTORTION",
    score=0.5,
    group="body",
    meaning="it demands digital money with the tale of an extortioner",
)


def _find(letter: Letter) -> Iterator[Finding]:
    if not _MONEY.are_in(letter.wording) or _WALLET.search(letter.text[:_CHARACTERS]) is None:
        return
    yield Finding(_ACCOUNT.name)
    if sum(phrases.are_in(letter.wording) for phrases in _TALE) >= _ENOUGH:
        yield Finding(_RANSOM.name)


CHECK = ContentCheck(name="extortion", symbols=(_ACCOUNT, _RANSOM), find=_find)
