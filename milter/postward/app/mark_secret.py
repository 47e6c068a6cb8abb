# SPDX-License-Identifier: GPL-3.0-or-later
"""The host's own secret, by which mail that it has judged is known when a content filter gives it back."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from postward.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

_SECRET_BYTES = 32
_FILE_NAME = "pass-mark.secret"


def mark_secret(state_dir: Path) -> tuple[bytes, str]:
    """Read the secret, or make it where there is none; returned with why it could not be kept, "" if it could.

    One that cannot be kept serves until the next start: mail that is in the content filter then is judged again.
    """
    path = state_dir / _FILE_NAME
    try:
        return _read(path) or _make(path), ""
    except OSError as error:
        return secrets.token_bytes(_SECRET_BYTES), f"{path}: {error.strerror}"


def kept_mark_secret(state_dir: Path) -> bytes:
    """Read the secret that the service has made, for a command; raises UsageError where it cannot."""
    path = state_dir / _FILE_NAME
    try:
        secret = _read(path)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; run this as root, or as the user that Postward runs as") from error
    if secret is None:
        raise UsageError(f"there is no {path}: Postward has not run yet with this configuration")
    return secret


def _read(path: Path) -> bytes | None:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    return content if len(content) == _SECRET_BYTES else None


def _make(path: Path) -> bytes:
    secret = secrets.token_bytes(_SECRET_BYTES)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(descriptor, secret)
    finally:
        os.close(descriptor)
    new.replace(path)
    return secret
