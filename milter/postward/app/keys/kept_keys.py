# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys of one domain as they are on disk, each with what it is and when it signs."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.app.keys.names import new_selector
from postward.app.keys.private_pem import new_pem
from postward.signing.key_file import KeyFileError, read_private_key
from postward.signing.loaded_key import LoadedKey
from postward.signing.manifest import KeyEntry, Manifest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.app.keys.key_directory import KeyDirectory
    from postward.signing.key_file import ServiceAccount

ALGORITHMS = ("rsa", "ed25519")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptKey:
    """One key."""

    entry: KeyEntry
    key: LoadedKey | None
    problem: str = ""
    """Why it cannot be used, in words."""

    @property
    def algorithm(self) -> str:
        """The words ``rsa`` or ``ed25519``; nothing where the key cannot be read."""
        if self.key is None:
            return ""
        return "rsa" if self.key.private_key.is_rsa else "ed25519"

    def state(self, now_s: float) -> str:
        """In one word: signing, pending, ended or removable."""
        entry = self.entry
        if entry.signs_at(now_s):
            return "signing"
        if entry.signs_from_s is not None and entry.signs_from_s > now_s:
            return "pending"
        return "removable" if entry.removable_from_s is not None and entry.removable_from_s <= now_s else "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKeys:
    """Keys that were made and are not yet written."""

    entries: tuple[KeyEntry, ...]
    pems: dict[str, bytes]


def kept_keys(
    directory: KeyDirectory, domain: str, entries: Sequence[KeyEntry], account: ServiceAccount
) -> list[KeptKey]:
    """Load keys as the service would."""
    found = []
    for entry in entries:
        try:
            private = read_private_key(directory.file(domain, entry.file), account)
        except KeyFileError as error:
            found.append(KeptKey(entry=entry, key=None, problem=f"{entry.file} {error.reason}"))
        else:
            key = LoadedKey(domain=domain, selector=entry.selector, private_key=private)
            found.append(KeptKey(entry=entry, key=key))
    return found


def make_keys(
    manifest: Manifest, algorithms: Sequence[str], *, bits: int, now_s: float, selector: str | None = None
) -> NewKeys:
    """Make a key of each algorithm, under selectors that ``manifest`` has not; ``selector`` names an only one."""
    taken = {entry.selector for entry in manifest.keys}
    entries, pems = [], {}
    for algorithm in algorithms:
        name = selector or new_selector(algorithm, now_s, taken)
        taken.add(name)
        file = f"{name}.pem"
        entries.append(KeyEntry(selector=name, file=file))
        pems[file] = new_pem(algorithm, bits)
    return NewKeys(entries=tuple(entries), pems=pems)


def time_words(unix_s: int | None) -> str:
    """A moment as people read it; "" where there is none."""
    return "" if unix_s is None else time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(unix_s))
