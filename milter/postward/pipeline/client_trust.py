# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a client is trusted before anything of its message is known: by its address and its network alone."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

from postward.model.identity import Identity, IdentityKind
from postward.model.reputation import UNKNOWN
from postward.reputation.estimate import estimate, upper

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from postward.model.estimate import Estimate
    from postward.model.ip_address import IpAddress
    from postward.model.reputation import Standing
    from postward.reputation.lineage import Lineage

UNKNOWN_TRUST = 0.5
"""Of a client of which nothing is known."""
_NETWORK_BITS = {4: 24, 6: 64}


class TrustModel:
    """Works out the trust in a client from what is kept of it and of its network; keeps nothing."""

    def __init__(self, lineage: Lineage) -> None:
        self._lineage = lineage

    def identities(self, client: IpAddress) -> tuple[Identity, ...]:
        """Give all that must be read for it."""
        return tuple(dict.fromkeys(one for identity in _asked(client) for one in self._lineage.chain(identity)))

    def trust(self, client: IpAddress, standings: Mapping[Identity, Standing]) -> float:
        """Give the trust, from 0 to 1: ``UNKNOWN_TRUST``, moved no further than it must be.

        It must be in what is certain: the share of good mail that the network, and then the address, sends at least
        and at most.  That counts as far as it has evidence of its own: what everybody sends says nothing of anybody.
        """
        chains = (self._lineage.chain(identity) for identity in _asked(client))
        return trust_by(estimate([(one, standings.get(one, UNKNOWN).slow) for one in chain]) for chain in chains)


def trust_by(estimates: Iterable[Estimate]) -> float:
    """Give the same by the estimates themselves, that of the network first; without any the trust in the unknown."""
    trust = UNKNOWN_TRUST
    for found in estimates:
        certain = min(max(trust, 1.0 - upper(found)), 1.0 - found.lower)
        trust += _own_confidence(found) * (certain - trust)
    return trust


def network_of(client: IpAddress) -> str:
    """Give the /24 or /64 that an address is in."""
    return str(ip_network((client, _NETWORK_BITS[client.version]), strict=False))


def _own_confidence(found: Estimate) -> float:
    """From 0, without any evidence of its own, to 1."""
    level = found.levels[-1]
    weight = level.record.weight if level.record is not None else 0.0
    return weight / (weight + level.strength)


def _asked(client: IpAddress) -> tuple[Identity, Identity]:
    return Identity(IdentityKind.NETWORK, network_of(client)), Identity(IdentityKind.IP, str(client))
