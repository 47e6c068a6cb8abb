"""How far a client is trusted before anything of its message is known: by its address and its network alone."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING, Protocol

from postward.model.identity import Identity, IdentityKind
from postward.model.reputation import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from postward.model.estimate import Estimate
    from postward.model.ip_address import IpAddress
    from postward.model.reputation import Record, Standing

UNKNOWN_TRUST = 0.5
"""Of a client of which nothing is known."""
_NETWORK_BITS = {4: 24, 6: 64}


class Chains(Protocol):
    """What stands above an identity; see ``reputation.lineage``."""

    def chain(self, identity: Identity) -> tuple[Identity, ...]:
        """Give all from everybody down to the identity itself."""
        ...


class TrustModel:
    """Works out the trust in a client from what is kept of it and of its network; keeps nothing."""

    def __init__(
        self, chains: Chains, estimate: Callable[[Sequence[tuple[Identity, Record | None]]], Estimate]
    ) -> None:
        """``estimate`` says what is to be expected of the last of a chain; see ``reputation.estimate``."""
        self._chains = chains
        self._estimate = estimate

    def identities(self, client: IpAddress) -> tuple[Identity, ...]:
        """Give all that must be read for it."""
        return tuple(dict.fromkeys(one for identity in _asked(client) for one in self._chains.chain(identity)))

    def trust(self, client: IpAddress, standings: Mapping[Identity, Standing]) -> float:
        """Give the trust, from 0 to 1.

        The share of good mail that the worst of what may be expected leaves, as far as there is evidence: without any
        a client is worth what its network is, and that ``UNKNOWN_TRUST``.
        """
        trust = UNKNOWN_TRUST
        for identity in _asked(client):
            chain = [(one, standings.get(one, UNKNOWN).slow) for one in self._chains.chain(identity)]
            estimate = self._estimate(chain)
            trust += estimate.confidence * (1.0 - estimate.lower - trust)
        return min(1.0, max(0.0, trust))


def network_of(client: IpAddress) -> str:
    """Give the /24 or /64 that an address is in."""
    return str(ip_network((client, _NETWORK_BITS[client.version]), strict=False))


def _asked(client: IpAddress) -> tuple[Identity, Identity]:
    return Identity(IdentityKind.NETWORK, network_of(client)), Identity(IdentityKind.IP, str(client))
