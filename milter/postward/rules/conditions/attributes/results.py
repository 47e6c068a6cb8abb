# SPDX-License-Identifier: GPL-3.0-or-later
"""What was found out about the message: authentication, score, symbols, and the tags of earlier rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.model.arc import ArcStatus
from postward.model.dkim import DkimStatus
from postward.model.dmarc import DmarcPolicy, DmarcStatus
from postward.model.iprev import IprevStatus
from postward.model.spf import SpfStatus
from postward.rules.conditions.attribute import Attribute, Kind, NumberAttribute
from postward.rules.needs import Need

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from enum import StrEnum

    from postward.rules.message.message import Message

_AUTH = frozenset({Need.AUTH})
_SCORE = frozenset({Need.SCORE})


def _word(name: str, words: Iterable[StrEnum], read: Callable[[Message], str]) -> Attribute:
    return Attribute(
        name=f"auth.{name}",
        kind=Kind.WORD,
        read=lambda message: _given(read(message)),
        needs=_AUTH,
        index=(f"auth.{name}",),
        words=tuple(word.value for word in words),
    )


def _domain(name: str, read: Callable[[Message], Sequence[str]]) -> Attribute:
    return Attribute(name=f"auth.{name}", kind=Kind.DOMAIN, read=read, needs=_AUTH, index=(f"auth.{name}",))


def _given(text: str) -> Sequence[str]:
    return (text,) if text else ()


ARC_SEALER = _domain("arc_sealer", lambda message: _given(message.auth.arc_sealer))
RESULTS = (
    _word("spf", SpfStatus, lambda message: message.auth.spf),
    _domain("spf_domain", lambda message: _given(message.auth.spf_domain)),
    _word("dkim", DkimStatus, lambda message: message.auth.dkim),
    _domain("dkim_domain", lambda message: message.auth.dkim_domains),
    _word("dmarc", DmarcStatus, lambda message: message.auth.dmarc),
    _word("dmarc_policy", DmarcPolicy, lambda message: message.auth.dmarc_policy),
    _word("arc", ArcStatus, lambda message: message.auth.arc),
    ARC_SEALER,
    _domain("arc_override", lambda message: _given(message.auth.arc_override)),
    _word("iprev", IprevStatus, lambda message: message.auth.iprev),
    Attribute(
        name="symbol",
        kind=Kind.WORD,
        read=lambda message: tuple(message.symbols),
        needs=_SCORE,
        index=("symbol",),
    ),
    Attribute(
        name="tag", kind=Kind.WORD, read=lambda message: tuple(sorted(message.tags)), needs=frozenset(), index=("tag",)
    ),
)
SCORE = NumberAttribute(name="score", read=lambda message: message.score, needs=_SCORE)
