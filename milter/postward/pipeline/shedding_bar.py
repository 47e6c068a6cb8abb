# SPDX-License-Identifier: GPL-3.0-or-later
"""How much trust it takes to be let in, by how busy the worker is."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from math import inf

WELL_KNOWN = 0.9
"""Who is trusted so far waits a moment where all threads are taken, and is not sent away at once."""
KNOWN_AS_BAD = 0.4
"""Who is trusted less is not asked whether anybody would vouch for it."""
_PATIENCE = 1.25
"""As a multiple of ``full``: from here on nobody is let in for its reputation."""
_LAST = 2.0
"""As a multiple of ``full``: as many wait as are judged, and nobody is let in."""
_SPREAD = 0.1
_TURN_S = 900.0
"""How long chance favours the same ones."""
_DRAW_OCTETS = 8
_DRAWS = 2.0 ** (8 * _DRAW_OCTETS)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheddingBar:
    """Loads as in ``model.load``: from ``begin`` on the least trusted are sent away, at ``full`` all but a few."""

    begin: float = 0.7
    full: float = 1.0

    def trust_needed(self, load: float) -> float:
        """Give the trust that it takes; 0 where everybody is let in, infinite where nobody is."""
        if load < self.begin:
            return 0.0
        if load >= self.full * _PATIENCE:
            return inf
        return min(WELL_KNOWN, (load - self.begin) / (self.full - self.begin))

    def is_last_resort(self, load: float) -> bool:
        """Whether even those are sent away who are let in last of all."""
        return load >= self.full * _LAST


class Lots:
    """Spreads clients that are trusted alike, so that not all of them are let in, or come again, at the same moment.

    Whom chance favours is the same in all workers that share ``secret`` for a quarter of an hour, so nobody gains by
    asking again and again; then it is another's turn, at another moment for each.
    """

    def __init__(self, secret: bytes) -> None:
        self._key = blake2b(secret, digest_size=32, person=b"shedding").digest()

    def spread(self, trust: float, client: str, now_s: float) -> float:
        """Give the trust in a client as it counts now: most is added or taken where least is known."""
        turn = int(now_s / _TURN_S + self._share(client.encode()))
        share = self._share(b"%d %s" % (turn, client.encode()))
        doubt = 1.0 - abs(2.0 * trust - 1.0)
        return trust + doubt * _SPREAD * (2.0 * share - 1.0)

    def _share(self, text: bytes) -> float:
        digest = blake2b(text, key=self._key, digest_size=_DRAW_OCTETS).digest()
        return int.from_bytes(digest) / _DRAWS
