# SPDX-License-Identifier: GPL-3.0-or-later
"""When the keys of a domain sign: the new ones from a moment on, the old ones until then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from postward.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.signing.manifest import KeyEntry, Manifest


def active_entries(manifest: Manifest, now_s: float) -> list[KeyEntry]:
    """The keys that sign now."""
    return [entry for entry in manifest.keys if entry.signs_at(now_s)]


def pending_entries(manifest: Manifest, now_s: float) -> list[KeyEntry]:
    """The keys that are yet to sign."""
    return [entry for entry in manifest.keys if entry.signs_from_s is not None and entry.signs_from_s > now_s]


def published_entries(manifest: Manifest, now_s: float) -> list[KeyEntry]:
    """The keys whose records belong in DNS: those that sign, will sign, or have signed what may still be on its way."""
    return [entry for entry in manifest.keys if entry.removable_from_s is None or entry.removable_from_s > now_s]


def removable_entries(manifest: Manifest, now_s: float) -> list[KeyEntry]:
    """The keys that nobody needs any more."""
    kept = published_entries(manifest, now_s)
    return [entry for entry in manifest.keys if entry not in kept]


def rotated(manifest: Manifest, new: Sequence[KeyEntry], *, now_s: float, switch_s: int, overlap_s: int) -> Manifest:
    """Let ``new`` keys take over at ``switch_s``; the records of the old ones stay for ``overlap_s`` after that.

    Raises UsageError while an earlier rotation is not over.
    """
    pending = pending_entries(manifest, now_s)
    if pending:
        names = ", ".join(entry.selector for entry in pending)
        raise UsageError(f"a rotation of {manifest.domain} is under way: {names} must sign first")
    switch_s = max(switch_s, int(now_s))
    kept = [
        replace(entry, signs_until_s=switch_s, removable_from_s=switch_s + overlap_s)
        if entry.signs_until_s is None and (entry.signs_from_s is None or entry.signs_from_s < switch_s)
        else entry
        for entry in manifest.keys
    ]
    return replace(manifest, keys=(*kept, *(replace(entry, signs_from_s=switch_s) for entry in new)))


def pruned(manifest: Manifest, now_s: float) -> Manifest:
    """Without the keys that nobody needs any more."""
    return replace(manifest, keys=tuple(published_entries(manifest, now_s)))
