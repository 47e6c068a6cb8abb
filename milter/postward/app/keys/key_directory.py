# SPDX-License-Identifier: GPL-3.0-or-later
"""``keys_dir`` on disk: one folder a domain, closed to everybody but the service."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.app.key_folders import read_key_folders
from postward.app.key_manifests import read_manifest
from postward.errors import TemporaryFailure, UsageError
from postward.signing.manifest import MANIFEST_NAME, Manifest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from postward.app.key_folders import KeyFolder

_ROOT = 0


class KeysBusy(TemporaryFailure):
    """Another command is changing the keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDirectory:
    """All keys that ``postward keys`` keeps."""

    path: Path
    group: int | None
    """Number of the service's group, which may read; None where this process is not root and keeps its own keys."""

    def folders(self) -> tuple[KeyFolder, ...]:
        """The folders of all domains; raises UsageError where the directory cannot be read."""
        try:
            return read_key_folders(self.path)
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise _refused(error, self.path) from error

    def manifest(self, domain: str) -> Manifest | None:
        """The keys of a domain, None where it has none; raises ConfigErrors and UsageError."""
        path = self.path / domain / MANIFEST_NAME
        try:
            exists = path.exists()
        except OSError as error:
            raise _refused(error, path) from error
        return read_manifest(path).manifest if exists else None

    def file(self, domain: str, name: str) -> Path:
        """Where a key of the domain is."""
        return self.path / domain / name

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other commands from changing keys meanwhile; raises KeysBusy where one does, and UsageError."""
        try:
            self._make(self.path)
            descriptor = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise _refused(error, self.path) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise KeysBusy(f"another command is changing the keys in {self.path}") from error
        finally:
            os.close(descriptor)

    def write(self, manifest: Manifest, pems: Mapping[str, bytes]) -> None:
        """Write new key files, and then the manifest that names them; raises UsageError.

        A key is never written over, and the manifest is there as it was or as it is to be, whenever it is read.
        """
        folder = self.path / manifest.domain
        created: list[Path] = []
        try:
            self._make(self.path)
            self._make(folder)
            for name, pem in pems.items():
                self._create(folder / name, pem, created)
            self._replace(folder / MANIFEST_NAME, manifest.text().encode(), created)
        except OSError as error:
            for path in created:
                path.unlink(missing_ok=True)
            raise _refused(error, folder) from error

    def remove(self, domain: str, names: Iterable[str]) -> None:
        """Delete key files that the manifest no longer names; raises UsageError."""
        for name in names:
            try:
                self.file(domain, name).unlink(missing_ok=True)
            except OSError as error:
                raise _refused(error, self.file(domain, name)) from error

    def _make(self, folder: Path) -> None:
        if folder.is_dir():
            return
        folder.mkdir(parents=True, mode=0o700)
        if self.group is not None:
            os.chown(folder, _ROOT, self.group)
            folder.chmod(0o750)

    def _create(self, path: Path, content: bytes, created: list[Path]) -> None:
        """Write a file that is not there yet, down to the disk, and name it in ``created`` as soon as it is there."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        created.append(path)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            if self.group is not None:
                os.fchown(file.fileno(), _ROOT, self.group)
                os.fchmod(file.fileno(), 0o640)
            file.flush()
            os.fsync(file.fileno())

    def _replace(self, path: Path, content: bytes, created: list[Path]) -> None:
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        fresh.unlink(missing_ok=True)
        self._create(fresh, content, created)
        fresh.replace(path)


def _refused(error: OSError, path: Path) -> UsageError:
    return UsageError(f"{error.filename or path}: {error.strerror}")
