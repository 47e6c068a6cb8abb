# SPDX-License-Identifier: GPL-3.0-or-later
"""Of all identities those that stand out: the worst, the best, the busiest."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from postward.app.reputation_desk import explained
from postward.model.identity import EVERYBODY, IdentityKind
from postward.model.reputation import UNKNOWN
from postward.reputation.estimate import below, dual, of_everybody

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from postward.app.reputation_desk import Explained
    from postward.model.estimate import Estimate
    from postward.model.identity import Identity
    from postward.model.reputation import Record, Standing
    from postward.reputation.store import ReputationStore

_SPARE = 4
"""So many times as many as are asked for are looked at with all that is known around them."""


class Order(StrEnum):
    """By what they are ranked."""

    WORST = "worst"
    """Whose mail is bad with the greatest certainty."""
    BEST = "best"
    """Whose mail is expected to be best, and is known well."""
    BUSIEST = "busiest"
    """Of whom most messages were seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """One that stands out."""

    identity: Identity
    mean: float
    lower: float
    confidence: float
    record: Record


def stand_outs(
    store: ReputationStore,
    kind: IdentityKind | None,
    order: Order,
    count: int,
    progress: Callable[[int, int], object],
) -> list[Ranked]:
    """Look at all of a kind, None is all; raises a TemporaryFailure where Redis does not answer."""
    everybody = store.read((EVERYBODY,)).standings.get(EVERYBODY, UNKNOWN).slow
    found = store.scan(kind, progress=progress)
    return ranked(found, partial(explained, store), everybody, order=order, count=count)


def ranked(
    found: Iterable[tuple[Identity, Standing]],
    explain: Callable[[Sequence[Identity]], Iterable[Explained]],
    everybody: Record | None,
    *,
    order: Order,
    count: int,
) -> list[Ranked]:
    """Give those that stand out, the first first; each is looked at once, and few of them in full.

    ``explain`` gives the estimates of some with all that is known of what they are in; ``everybody`` is what is known
    of all, by which the many are compared.
    """
    rough = heapq.nlargest(count * _SPARE, _roughly(found, everybody), key=_KEYS[order])
    # What is read page by page may come twice.
    chosen = tuple(dict.fromkeys(each.identity for each in rough))
    full = (_ranked(each.estimate, each.fast) for each in explain(chosen))
    return heapq.nlargest(count, (each for each in full if each is not None), key=_KEYS[order])


def _roughly(found: Iterable[tuple[Identity, Standing]], everybody: Record | None) -> Iterator[Ranked]:
    above = of_everybody(everybody)
    for identity, standing in found:
        if identity.kind is IdentityKind.ALL:
            continue
        each = _ranked(dual(below(above, identity, standing.slow), standing.fast), standing.fast)
        if each is not None:
            yield each


def _ranked(found: Estimate, fast: Record | None) -> Ranked | None:
    record = found.record or fast
    if record is None:
        return None
    return Ranked(
        identity=found.identity, mean=found.mean, lower=found.lower, confidence=found.confidence, record=record
    )


_KEYS: dict[Order, Callable[[Ranked], tuple[float, float]]] = {
    Order.WORST: lambda each: (each.lower, each.record.bad + each.record.hard),
    Order.BEST: lambda each: ((1.0 - each.mean) * each.confidence, each.record.good),
    Order.BUSIEST: lambda each: (each.record.seen, each.record.weight),
}
