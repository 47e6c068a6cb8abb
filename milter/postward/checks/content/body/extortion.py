"""Demands of ransom: an account for digital money, and a tale of a camera, a password, a bomb or stolen data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_CHARACTERS = 10_000
_MONEY = ("coin", "btc", "crypto", "usdt", "monero")
_WALLET = re.compile(
    r"(?<![\w/=.])(?:bc1[ac-hj-np-z02-9]{25,60}|[13][1-9A-HJ-NP-Za-km-z]{25,34}|0x[0-9a-fA-F]{40}"
    r"|ltc1[ac-hj-np-z02-9]{25,60}|T[1-9A-HJ-NP-Za-km-z]{33}|4[0-9AB][1-9A-HJ-NP-Za-km-z]{93})(?!\w)"
)
_TALE = (
    ("webcam", "camera", "kamera", "recorded", "footage", "video", "caméra", "cámara", "telecamera"),
    ("malware", "trojan", "spyware", "hacked", "hacker", "infected", "access to your", "gehackt", "pirat", "exploit"),
    ("your contacts", "your friends", "your family", "colleagues", "relatives", "kontakte", "contactos", "proches"),
    ("porn", "masturbat", "adult site", "adult website", "intimate", "pleasur", "xxx"),
    ("your password", "dein passwort", "ihr passwort", "tu contraseña", "mot de passe"),
    ("hours", "stunden", "heures", "horas", "deadline", "timer", "days to"),
    ("leak", "publish", "expose", "reputation", "ddos", "bomb", "explosive", "veröffentlich", "encrypted your"),
)
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
    text = letter.text[:_CHARACTERS]
    lowered = text.lower()
    if not any(word in lowered for word in _MONEY) or _WALLET.search(text) is None:
        return
    yield Finding(_ACCOUNT.name)
    told = sum(any(word in lowered for word in words) for words in _TALE)
    if told >= _ENOUGH:
        yield Finding(_RANSOM.name)


CHECK = ContentCheck(name="extortion", symbols=(_ACCOUNT, _RANSOM), find=_find)
