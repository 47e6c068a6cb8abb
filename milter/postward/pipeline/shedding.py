# SPDX-License-Identifier: GPL-3.0-or-later
"""Load shedding: when a worker is near its bound, the clients that are trusted least are asked to come again."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf
from typing import TYPE_CHECKING, Protocol

from postward.checks.origin import OriginSettings, find_origin
from postward.model.action import Reply
from postward.model.ip_address import is_within, plain_address
from postward.model.load import IDLE, SheddingStage
from postward.pipeline.client_trust import UNKNOWN_TRUST, network_of
from postward.pipeline.shedding_bar import KNOWN_AS_BAD, SheddingBar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from postward.model.envelope import Recipient
    from postward.model.ip_address import IpAddress
    from postward.model.load import Load
    from postward.model.reputation import Correspondence
    from postward.model.transaction import Transaction
    from postward.pipeline.shedding_bar import Lots
    from postward.pipeline.trust_book import TrustBook
    from postward.signing.return_path import ReturnPaths

BUSY = Reply(code=451, enhanced="4.7.1", text="Too busy to take this message now - please try again later")
_MAX_VOUCHERS = 20
"""Of a message with more recipients these are asked about."""


class Sender(StrEnum):
    """What the sender of a message that was sent away is to us."""

    BAD = "bad"
    """Its reputation is bad."""
    OTHER = "other"
    """It is good, or nothing is known of it."""
    OURS = "ours"
    """One of our users."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheddingSettings:
    """Who is to be spared, and from when on."""

    bar: SheddingBar = field(default_factory=SheddingBar)
    origin: OriginSettings = field(default_factory=OriginSettings)
    ahead: float = 0.2
    """So much of the load before ``bar.begin`` clients begin to be looked up."""


class SheddingWatcher(Protocol):
    """Hears of who is sent away; called on libmilter's threads, so it neither waits nor writes."""

    def shed(self, stage: SheddingStage, transaction: Transaction, sender: Sender, load: Load) -> None:
        """One message, or one recipient of it, was put off, for the worker is so busy."""
        ...

    def load(self, load: Load) -> None:
        """How busy the worker is, once a second."""
        ...


class LoadShedding:
    """See ``mta.shedding.Shedding``.

    ``book`` knows clients and correspondents, None knows nobody; ``return_paths`` knows bounces of our mail by their
    token, None knows none; ``pair`` makes of a recipient and a sender what the book is asked for.
    """

    def __init__(
        self,
        settings: SheddingSettings,
        lots: Lots,
        watcher: SheddingWatcher,
        *,
        book: TrustBook | None = None,
        return_paths: ReturnPaths | None = None,
        pair: Callable[[str, str], Correspondence | None] | None = None,
        wall_clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._lots = lots
        self._watcher = watcher
        self._book = book
        self._return_paths = return_paths
        self._pair = pair
        self._wall_clock = wall_clock
        self._monotonic = monotonic

    def is_ours(self, transaction: Transaction) -> bool:
        """Whether it comes from a user who has logged in, or from this host or its networks."""
        connection = transaction.known_connection
        if transaction.authentication.user or connection is None or connection.address is None:
            return True
        client, origin = plain_address(connection.address), self._settings.origin
        if connection.daemon_name in origin.outbound_daemon_names:
            return True
        # A relay brings mail of others, wherever it stands.
        return not self._is_relay(client) and (client.is_loopback or is_within(client, origin.local_networks))

    def client_known(self, transaction: Transaction, load: Load) -> None:
        """Have the client looked up ahead where it may soon be asked who it is."""
        if _for_others(load) < self._settings.bar.begin - self._settings.ahead or self._book is None:
            return
        client = _client(transaction)
        if client is not None and not self.is_ours(transaction) and not self._is_relay(client):
            self._book.look_up(client)

    def refusal(
        self, stage: SheddingStage, transaction: Transaction, recipients: Sequence[Recipient], load: Load
    ) -> Reply | None:
        """Send away whom it is too busy for."""
        bar = self._settings.bar
        needed = bar.trust_needed(_for_others(load))
        if not needed or transaction.known_sender is None:
            return None
        sender = self._sent_away(stage, transaction, recipients, load, needed)
        if sender is None:
            return None
        self._watcher.shed(stage, transaction, sender, load)
        return BUSY

    def tell(self, load: Load) -> None:
        """Let the watcher know."""
        self._watcher.load(load)

    def close(self) -> None:
        """End what was started; nobody is told of a load any more."""
        self._watcher.load(IDLE)
        if self._book is not None:
            self._book.close()

    def _sent_away(
        self, stage: SheddingStage, transaction: Transaction, recipients: Sequence[Recipient], load: Load, needed: float
    ) -> Sender | None:
        """Return what the sender is to us where it has to go."""
        bar = self._settings.bar
        if self.is_ours(transaction):
            return Sender.OURS if bar.is_last_resort(load.ours) else None
        client = _client(transaction)
        if client is not None and self._is_relay(client):
            if stage is not SheddingStage.END and needed < inf:
                # Who has sent it stands in the header.
                return None
            client = self._sender_behind(client, transaction) if stage is SheddingStage.END else client
        pairs = self._pairs(transaction, recipients) if stage is not SheddingStage.MAIL else None
        known = self._trust(client, transaction, pairs)
        if self._spread(known, client) >= needed:
            return None
        word = Sender.BAD if known < KNOWN_AS_BAD else Sender.OTHER
        if bar.is_last_resort(_for_others(load)):
            return word
        if stage is SheddingStage.MAIL:
            # Who may still turn out to be vouched for goes on to the next stage.
            return word if known < KNOWN_AS_BAD or not self._may_be_vouched_for(transaction) else None
        return None if self._is_vouched_for(client, transaction, recipients, pairs or ()) else word

    def _is_relay(self, client: IpAddress) -> bool:
        return is_within(client, self._settings.origin.trusted_relays)

    def _sender_behind(self, relay: IpAddress, transaction: Transaction) -> IpAddress:
        """Return the client that a trusted relay has recorded; the relay where it has not."""
        return find_origin(transaction, self._settings.origin, None).client or relay

    def _trust(
        self, client: IpAddress | None, transaction: Transaction, pairs: tuple[Correspondence, ...] | None
    ) -> float:
        """Give what is known of the client; ``pairs`` None does not wait for it, else they are asked for with it."""
        if client is None or self._book is None:
            return UNKNOWN_TRUST
        trust = self._book.trust(client)
        if trust is None and pairs is not None:
            self._ask(client, pairs, transaction)
            trust = self._book.trust(client)
        elif trust is None:
            self._book.look_up(client)
        return UNKNOWN_TRUST if trust is None else trust

    def _spread(self, trust: float, client: IpAddress | None) -> float:
        name = network_of(client) if client is not None else ""
        return self._lots.spread(trust, name, self._wall_clock())

    def _may_be_vouched_for(self, transaction: Transaction) -> bool:
        if transaction.sender.address.is_null:
            return self._return_paths is not None
        return self._book is not None and self._pair is not None

    def _pairs(self, transaction: Transaction, recipients: Sequence[Recipient]) -> tuple[Correspondence, ...]:
        sender, make = transaction.sender.address, self._pair
        if sender.is_null or make is None:
            return ()
        made = (make(recipient.address.text, sender.text) for recipient in recipients[:_MAX_VOUCHERS])
        return tuple(pair for pair in made if pair is not None)

    def _is_vouched_for(
        self,
        client: IpAddress | None,
        transaction: Transaction,
        recipients: Sequence[Recipient],
        pairs: tuple[Correspondence, ...],
    ) -> bool:
        """Whether one of the recipients waits for this: has written to its sender, or sent what comes back here."""
        if transaction.sender.address.is_null:
            asked = recipients[:_MAX_VOUCHERS]
            return any(self._is_return(recipient.address.text, transaction.started_s) for recipient in asked)
        if self._book is None or not pairs:
            return False
        written = self._book.written_to(pairs)
        if written is None and client is not None:
            self._ask(client, pairs, transaction)
            written = self._book.written_to(pairs)
        return bool(written)

    def _is_return(self, address: str, now_s: float) -> bool:
        returned = self._return_paths.read(address, now_s) if self._return_paths is not None else None
        return returned is not None and bool(returned.address)

    def _ask(self, client: IpAddress, pairs: tuple[Correspondence, ...], transaction: Transaction) -> None:
        """Wait for the store, within what the message may wait for Redis in all."""
        if self._book is not None:
            budget, started_s = transaction.redis_budget, self._monotonic()
            self._book.ask(client, pairs, budget.left_s)
            budget.spend(self._monotonic() - started_s)


def _for_others(load: Load) -> float:
    """What mail from outside is measured by: it makes room for that of our own users."""
    return load.others + load.ours


def _client(transaction: Transaction) -> IpAddress | None:
    connection = transaction.known_connection
    address = connection.address if connection is not None else None
    return plain_address(address) if address is not None else None
