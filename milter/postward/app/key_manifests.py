# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the manifest of a domain's keys into the values that signing works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.config.key_manifest import load_key_manifest
from postward.signing.manifest import KeyEntry, Manifest

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestFile:
    """A manifest, and the line (from 1) in which each of its keys stands."""

    path: Path
    manifest: Manifest
    lines: tuple[int, ...]


def read_manifest(path: Path) -> ManifestFile:
    """Read ``keys.yaml``; raises ConfigErrors with every fault in it, and where there is no such file."""
    section, source = load_key_manifest(path)
    keys = tuple(
        KeyEntry(
            selector=entry.selector,
            file=entry.file,
            signs_from_s=entry.signs_from,
            signs_until_s=entry.signs_until,
            removable_from_s=entry.removable_from,
        )
        for entry in section.keys
    )
    lines = tuple(source.line_of(("keys", index)) for index in range(len(keys)))
    return ManifestFile(path=path, manifest=Manifest(domain=section.domain, keys=keys), lines=lines)
