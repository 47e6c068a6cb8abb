# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys of one domain on disk: what ``keys.yaml`` in the domain's folder says of the PEM files beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

MANIFEST_NAME = "keys.yaml"
"""Its name in the folder of a domain."""

_HEAD = """\
# The signing keys of this domain; written by `postward keys`.  A key signs from signs_from until signs_until (UTC,
# null is open); its record may be taken out of DNS at removable_from.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEntry:
    """One key and when it signs; times are Unix times in seconds, None where there is no such bound."""

    selector: str
    """An A-label in lower case."""
    file: str
    """Name of the PEM file in the folder of the manifest."""
    signs_from_s: int | None = None
    signs_until_s: int | None = None
    """The first moment at which it no longer signs."""
    removable_from_s: int | None = None
    """When the public record may go: what was signed last has arrived by then."""

    def signs_at(self, now_s: float) -> bool:
        """True where it signs at Unix time ``now_s``."""
        return (self.signs_from_s is None or self.signs_from_s <= now_s) and (
            self.signs_until_s is None or now_s < self.signs_until_s
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All keys of one domain, in the order in which they were made."""

    domain: str
    """An A-label in lower case."""
    keys: tuple[KeyEntry, ...] = ()

    def text(self) -> str:
        """The manifest as ``keys.yaml`` has it."""
        # In quotes, for a selector may be all digits, and a domain may be "no".
        lines = "".join(f"\n  - {_entry_text(entry)}" for entry in self.keys)
        return f'{_HEAD}domain: "{self.domain}"\nkeys:{lines or " []"}\n'


def _entry_text(entry: KeyEntry) -> str:
    return (
        f'{{selector: "{entry.selector}", file: "{entry.file}", signs_from: {_time_text(entry.signs_from_s)},'
        f" signs_until: {_time_text(entry.signs_until_s)}, removable_from: {_time_text(entry.removable_from_s)}}}"
    )


def _time_text(unix_s: int | None) -> str:
    return "null" if unix_s is None else datetime.fromtimestamp(unix_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
