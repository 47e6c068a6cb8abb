# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the keys that ``postward keys`` keeps: a folder for every domain, with a manifest in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.app.key_manifests import read_manifest
from postward.errors import ConfigError, ConfigErrors
from postward.signing.manifest import MANIFEST_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from postward.app.key_manifests import ManifestFile


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFolder:
    """The folder of one domain."""

    domain: str
    """As the folder is called."""
    path: Path
    manifest: ManifestFile | None
    """None where it cannot be used."""
    faults: tuple[ConfigError, ...] = ()


def read_key_folders(keys_dir: Path) -> tuple[KeyFolder, ...]:
    """Read all folders, in the order of their names; raises OSError where ``keys_dir`` itself cannot be read."""
    folders = sorted(path for path in keys_dir.iterdir() if not path.name.startswith(".") and path.is_dir())
    return tuple(_read_folder(path) for path in folders)


def _read_folder(path: Path) -> KeyFolder:
    try:
        manifest = _read_manifest(path)
    except ConfigErrors as errors:
        return KeyFolder(domain=path.name, path=path, manifest=None, faults=errors.errors)
    return KeyFolder(domain=path.name, path=path, manifest=manifest)


def _read_manifest(folder: Path) -> ManifestFile:
    path = folder / MANIFEST_NAME
    if not _may_exist(path):
        raise _fault(path, "", "is missing", "`postward keys new` writes it")
    found = read_manifest(path)
    domain = found.manifest.domain
    if domain != folder.name:
        raise _fault(path, "domain", f"is {domain}, but the folder is called {folder.name}", "make them the same")
    return found


def _fault(path: Path, key: str, message: str, hint: str) -> ConfigErrors:
    return ConfigErrors([ConfigError(str(path), 0, key, message, hint)])


def _may_exist(path: Path) -> bool:
    """False where it certainly does not; reading it tells what else is wrong."""
    try:
        return path.exists()
    except OSError:
        return True
