"""``keys_dir`` on disk: one folder a domain, closed to everybody but the service."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.app.key_manifests import read_manifest
from postward.errors import UsageError
from postward.signing.manifest import MANIFEST_NAME, Manifest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_ROOT = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDirectory:
    """All keys that ``postward keys`` keeps."""

    path: Path
    group: int | None
    """Number of the service's group, which may read; None where this process is not root and keeps its own keys."""

    def domains(self) -> list[str]:
        """All domains that have a folder; raises UsageError where the directory cannot be read."""
        try:
            return sorted(each.name for each in self.path.iterdir() if (each / MANIFEST_NAME).is_file())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise UsageError(f"{self.path}: {error.strerror}") from error

    def manifest(self, domain: str) -> Manifest | None:
        """The keys of a domain, None where it has none; raises ConfigErrors and UsageError."""
        path = self.path / domain / MANIFEST_NAME
        try:
            exists = path.exists()
        except OSError as error:
            raise UsageError(f"{path}: {error.strerror}") from error
        return read_manifest(path).manifest if exists else None

    def file(self, domain: str, name: str) -> Path:
        """Where a key of the domain is."""
        return self.path / domain / name

    def write(self, manifest: Manifest, pems: Mapping[str, bytes]) -> None:
        """Write new key files, and then the manifest that names them; raises UsageError.

        A key is never written over, and the manifest is there as it was or as it is to be, whenever it is read.
        """
        folder = self.path / manifest.domain
        try:
            self._make(self.path)
            self._make(folder)
            for name, pem in pems.items():
                self._create(folder / name, pem)
            new = folder / f".{MANIFEST_NAME}.{os.getpid()}"
            new.unlink(missing_ok=True)
            self._create(new, manifest.text().encode())
            new.replace(folder / MANIFEST_NAME)
        except OSError as error:
            raise UsageError(f"{error.filename or folder}: {error.strerror}") from error

    def remove(self, domain: str, names: Iterable[str]) -> None:
        """Delete key files that the manifest no longer names; raises UsageError."""
        for name in names:
            try:
                self.file(domain, name).unlink(missing_ok=True)
            except OSError as error:
                raise UsageError(f"{self.file(domain, name)}: {error.strerror}") from error

    def _make(self, folder: Path) -> None:
        if folder.is_dir():
            return
        folder.mkdir(parents=True, mode=0o700)
        if self.group is not None:
            os.chown(folder, _ROOT, self.group)
            folder.chmod(0o750)

    def _create(self, path: Path, content: bytes) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            if self.group is not None:
                os.fchown(file.fileno(), _ROOT, self.group)
                os.fchmod(file.fileno(), 0o640)
