# SPDX-License-Identifier: GPL-3.0-or-later
"""One list: where it is asked, for what, and what its answers mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from postward.dns_lists.code import parse_code
from postward.model.symbol import SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.dns_lists.code import CodePattern

GROUP = "dns_lists"
"""Of all symbols that lists lead to."""
KEY_PLACE = "{key}"
"""Stands in the name of a zone for the key that its operator has given to us."""


class Subject(StrEnum):
    """What of a message a list is asked about."""

    CLIENT = "client"
    """The address of the client that is judged."""
    RECEIVED = "received"
    """Addresses that hosts whose word is believed have recorded in Received fields."""
    HELO = "helo"
    SENDER = "sender"
    """The domain of MAIL FROM."""
    DKIM = "dkim"
    """Domains whose signature is good."""
    URL = "url"
    """Domains of links."""


DOMAINS = frozenset({Subject.HELO, Subject.SENDER, Subject.DKIM, Subject.URL})
"""What is asked about by name, not by address."""


class ListKind(StrEnum):
    """Which way a list speaks."""

    BLOCK = "block"
    ALLOW = "allow"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCode:
    """What one answer means."""

    pattern: CodePattern
    symbol: SymbolDefinition | None
    """None: the answer is known, and counts for nothing."""
    is_policy: bool = False
    """The address should not deliver mail by itself, as that of a home should not.

    It says nothing of who logs in, nor of an address further up the way of a message.
    """


def code(text: str, name: str = "", score: float = 0.0, meaning: str = "", *, is_policy: bool = False) -> ListCode:
    """Declare an answer (see ``parse_code``) and its symbol; one without a name is known and counts for nothing."""
    symbol = SymbolDefinition(name=name, score=score, group=GROUP, meaning=meaning) if name else None
    return ListCode(pattern=parse_code(text), symbol=symbol, is_policy=is_policy)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListZone:
    """A zone of DNS that answers by RFC 5782; nothing of it is asked until the operator switches it on."""

    name: str
    """By which the operator knows it, and the log."""
    zone: str
    """What stands behind the question; perhaps with ``{key}``."""
    codes: tuple[ListCode, ...]
    """All answers that are known: any other is a fault of the list, and never a listing."""
    errors: tuple[CodePattern, ...] = ()
    """Answers that say that the question was refused; they count before all codes."""
    kind: ListKind = ListKind.BLOCK
    subjects: frozenset[Subject] = frozenset({Subject.CLIENT})
    received_symbol: SymbolDefinition | None = None
    """What a listing of an address in a Received field leads to; None has such addresses not asked about."""
    ipv6: bool = False
    """The list knows addresses of IPv6."""
    by_host: bool = False
    """Domains are asked about with their host name, not by the name that was registered."""
    key_name: str = ""
    """Under which the configuration has the key; "" for a list without one."""
    key: str = field(default="", repr=False)
    """A secret: it must not reach a log, a header field, a reply or a metric."""
    listed: tuple[str, ...] = ("2.0.0.127",)
    """Questions, without the zone, that a list in good order answers with a listing (RFC 5782 section 5)."""
    unlisted: tuple[str, ...] = ("1.0.0.127",)
    """Those that it answers with none."""
    refuses_public_resolvers: bool = False
    """Who asks through a resolver that the world shares gets errors, or answers that are wrong."""

    @property
    def suffix(self) -> str:
        """What stands behind a question, the key included."""
        return self.zone.replace(KEY_PLACE, self.key)

    @property
    def needs_key(self) -> bool:
        """True where it cannot be asked without one."""
        return KEY_PLACE in self.zone

    @property
    def asks_for_domains(self) -> bool:
        """True for a list of names, false for one of addresses."""
        return not self.subjects.isdisjoint(DOMAINS)

    @property
    def symbols(self) -> Iterator[SymbolDefinition]:
        """All that it may lead to, each once."""
        found = {each.symbol.name: each.symbol for each in self.codes if each.symbol is not None}
        if self.received_symbol is not None:
            found[self.received_symbol.name] = self.received_symbol
        yield from found.values()
