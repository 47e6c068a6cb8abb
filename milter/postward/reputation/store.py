# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of senders: the one way in for all who observe, read, explain or forget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from postward.model.identity import EVERYBODY, OWN_KINDS
from postward.model.reputation import UNKNOWN
from postward.reputation.estimate import below, dual, estimate, of_everybody

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from postward.model.estimate import Estimate
    from postward.model.identity import Identity, IdentityKind
    from postward.model.reputation import Correspondence, Evidence, Known, Record, Standing
    from postward.model.reputation_day import ReputationDay
    from postward.reputation.lineage import Chain, Lineage
    from postward.store.reputation.saved import Saved, SavedCorrespondence

    Progress = Callable[[int, int], object]
    """Gets how many keys were looked at, and how many there are about."""


class Records(Protocol):
    """Where it is kept; see ``store.reputation.records``."""

    def fetch(self, identities: Collection[Identity], correspondences: Collection[Correspondence] = ()) -> Known:
        """What is known of all of them by now, in one round trip."""
        ...

    def add(self, evidence: Mapping[Identity, Evidence]) -> None:
        """Add it soon; takes no time."""
        ...

    def note(self, correspondences: Iterable[Correspondence]) -> None:
        """Remember them, soon; takes no time."""
        ...

    def history(self, identity: Identity) -> tuple[ReputationDay, ...]:
        """Its last days, the earliest first."""
        ...

    def forget(self, identity: Identity) -> bool:
        """Forget all of it; returns whether there was something."""
        ...

    def scan(self, kind: IdentityKind | None, *, progress: Progress) -> Iterator[tuple[Identity, Standing]]:
        """All identities, or those of a kind, as they count now; one may come twice."""
        ...

    def dump(self, *, progress: Progress) -> Iterator[Saved | SavedCorrespondence]:
        """All that is kept, as it can be put back."""
        ...

    def restore(self, saved: Sequence[Saved | SavedCorrespondence]) -> int:
        """Put it back in place of what is there; returns how many were not forgotten by now."""
        ...


def _nobody_looks(_looked: int, _total: int) -> None:
    return


class ReputationStore:
    """Safe from every thread.  What reads raises TemporaryFailure where Redis does not answer; what adds never does."""

    def __init__(self, records: Records, lineage: Lineage) -> None:
        self._records = records
        self._lineage = lineage

    def observe(self, evidence: Mapping[Identity, Evidence]) -> None:
        """Learn from one message; takes no time, and is known to all soon."""
        self._records.add(evidence)

    def read(self, identities: Collection[Identity], correspondences: Collection[Correspondence] = ()) -> Known:
        """What is known of all of them, as it counts now; one round trip."""
        return self._records.fetch(identities, correspondences)

    def explain(self, identity: Identity) -> Estimate:
        """What is to be expected of one identity, with all levels from everybody down to it; one round trip.

        Where two ways lead to it, a domain and an address to a pair, that of which more is known.
        """
        chains = self._lineage.chains(identity)
        known = self._records.fetch(dict.fromkeys(one for chain in chains for one in chain))
        standing = known.standings.get(identity, UNKNOWN)

        def slow(one: Identity) -> Record | None:
            return known.standings.get(one, UNKNOWN).slow

        if identity == EVERYBODY:
            return of_everybody(standing.slow)
        parent = max((_of_parents(chain, slow) for chain in chains), key=lambda found: found.confidence)
        found = below(parent, identity, standing.slow)
        return dual(found, standing.fast) if identity.kind in OWN_KINDS else found

    def forget(self, identity: Identity) -> bool:
        """Forget all of one identity; returns whether there was something."""
        return self._records.forget(identity)

    def note(self, correspondences: Iterable[Correspondence]) -> None:
        """Remember whom our users write to; takes no time."""
        self._records.note(correspondences)

    def history(self, identity: Identity) -> tuple[ReputationDay, ...]:
        """Its days of the last 60 on which there was something, the earliest first; empty where none is kept."""
        return self._records.history(identity)

    def scan(
        self, kind: IdentityKind | None = None, *, progress: Progress = _nobody_looks
    ) -> Iterator[tuple[Identity, Standing]]:
        """All identities, or those of a kind, as they count now; one may come twice, and long names are missing."""
        return self._records.scan(kind, progress=progress)

    def dump(self, *, progress: Progress = _nobody_looks) -> Iterator[Saved | SavedCorrespondence]:
        """All that is kept, as it can be put back."""
        return self._records.dump(progress=progress)

    def restore(self, saved: Sequence[Saved | SavedCorrespondence]) -> int:
        """Put back what was dumped, in place of what is there; returns how many were not forgotten by now."""
        return self._records.restore(saved)


def _of_parents(chain: Chain, slow: Callable[[Identity], Record | None]) -> Estimate:
    return estimate([(one, slow(one)) for one in chain[:-1]])
