# SPDX-License-Identifier: GPL-3.0-or-later
"""What the hosted domains that a message is for, or comes from, want in place of the global settings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from postward.actions.disposition import Enforcement
from postward.errors import DirectoryUnavailable
from postward.model.origin import Direction
from postward.model.sender_rights import Permission

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from postward.actions.decision import DecisionSettings
    from postward.directory.entry import DomainEntry
    from postward.model.sender_rights import SenderRights
    from postward.model.transaction import Transaction

_MAX_DOMAINS = 100
"""Of one message; those beyond are taken to want nothing."""
_MILDEST_FIRST = tuple(Enforcement)
_NO_WEIGHTS: Mapping[str, float] = MappingProxyType({})


class DomainDirectory(Protocol):
    """The part of the directory that is asked here; see ``directory.directory.Directory``."""

    def domain(self, name: str) -> DomainEntry | None:
        """Ask for a hosted domain; raises DirectoryUnavailable."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainWishes:
    """What holds for one message."""

    decision: DecisionSettings
    weights: tuple[Mapping[str, float], ...] = ()
    """What the recipients' domains want symbols to weigh, each set once; the one in whose eyes it is mildest counts."""
    archive_addresses: tuple[str, ...] = ()


def domain_wishes(transaction: Transaction, directory: DomainDirectory, default: DecisionSettings) -> DomainWishes:
    """Ask the directory; where it is silent the global settings hold.

    A message has one header for all its recipients: where their domains want different things, the mildest is done.
    """
    entries = list(_entries(transaction, directory))
    hosted = [entry for entry in entries if entry is not None]
    archives = dict.fromkeys(entry.settings.archive_address for entry in hosted if entry.settings.archive_address)
    decision = default
    weights: tuple[Mapping[str, float], ...] = ()
    if transaction.origin.direction is Direction.INBOUND and hosted:
        decision = _mildest([_with_wishes(default, entry) for entry in entries])
        weights = _distinct([entry.settings.weights if entry is not None else _NO_WEIGHTS for entry in entries])
    present = {recipient.address.text.lower() for recipient in transaction.recipients}
    return DomainWishes(
        decision=decision,
        weights=weights,
        archive_addresses=tuple(address for address in archives if address.lower() not in present),
    )


def _entries(transaction: Transaction, directory: DomainDirectory) -> Iterator[DomainEntry | None]:
    for domain in islice(_domains(transaction), _MAX_DOMAINS):
        try:
            yield directory.domain(domain)
        except DirectoryUnavailable:
            # The directory logs and counts that; a message is not put off for what only refines its handling.
            yield None


def _domains(transaction: Transaction) -> Iterator[str]:
    """Inbound mail is for the recipients' domains, and mail of our own users is the sender's."""
    direction = transaction.origin.direction
    domains: list[str] = []
    if direction is Direction.INBOUND:
        domains = [recipient.address.domain for recipient in transaction.recipients]
    elif direction is Direction.OUTBOUND:
        domains = [transaction.sender.address.domain, *_authors_domains(transaction.facts.sender_rights)]
    yield from dict.fromkeys(domain.lower() for domain in domains if domain)


def _authors_domains(rights: SenderRights | None) -> Iterator[str]:
    """Of the login and of From, for everybody may send with the null path; not of a From that is another's."""
    if rights is None:
        return
    addresses = () if rights.header_from is Permission.DENIED else rights.from_addresses
    for address in (rights.identity, *addresses):
        _, at, domain = address.rpartition("@")
        if at:
            yield domain


def _with_wishes(default: DecisionSettings, entry: DomainEntry | None) -> DecisionSettings:
    if entry is None:
        return default
    wishes, dmarc = entry.settings, default.dmarc
    return replace(
        default,
        suspect_threshold=_either(wishes.suspect_threshold, default.suspect_threshold),
        junk_threshold=_either(wishes.junk_threshold, default.junk_threshold),
        reject_threshold=default.reject_threshold if wishes.reject_threshold is None else wishes.reject_threshold,
        dmarc=replace(
            dmarc,
            on_reject=Enforcement(wishes.on_dmarc_reject or dmarc.on_reject),
            on_quarantine=Enforcement(wishes.on_dmarc_quarantine or dmarc.on_quarantine),
        ),
    )


def _either(wish: float | None, default: float) -> float:
    return default if wish is None else wish


def _mildest_refusal(thresholds: list[float | None]) -> float | None:
    """None, which refuses nothing, where one domain wants that."""
    wanted = [threshold for threshold in thresholds if threshold is not None]
    return max(wanted) if len(wanted) == len(thresholds) else None


def _distinct(all_weights: list[Mapping[str, float]]) -> tuple[Mapping[str, float], ...]:
    return tuple(weights for number, weights in enumerate(all_weights) if weights not in all_weights[:number])


def _mildest(all_settings: list[DecisionSettings]) -> DecisionSettings:
    return replace(
        all_settings[0],
        suspect_threshold=max(each.suspect_threshold for each in all_settings),
        junk_threshold=max(each.junk_threshold for each in all_settings),
        reject_threshold=_mildest_refusal([each.reject_threshold for each in all_settings]),
        dmarc=replace(
            all_settings[0].dmarc,
            on_reject=min((each.dmarc.on_reject for each in all_settings), key=_MILDEST_FIRST.index),
            on_quarantine=min((each.dmarc.on_quarantine for each in all_settings), key=_MILDEST_FIRST.index),
        ),
    )
