# SPDX-License-Identifier: GPL-3.0-or-later
"""The secrets behind return paths and feedback tokens: the operator's, or one that is made at the first start."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.signing.feedback_keys import FeedbackKeys, NoSecretsError
from postward.signing.key_file import KeyFileError, ServiceAccount, read_guarded

if TYPE_CHECKING:
    from pathlib import Path

    from postward.config import Configuration
    from postward.errors import ConfigError

_ROOT = 0
_SECRET_BYTES = 32
_FILE_NAME = "return-path.secret"
_HINT = "one secret a line: openssl rand -hex 32; chmod 0640 with the group of the service, or 0600 as its user"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackSecrets:
    """The keys, and what is wrong with them."""

    keys: FeedbackKeys | None = None
    """None where nothing asks for any, or they cannot be used."""
    faults: tuple[ConfigError, ...] = ()
    """At most one: why they cannot be used."""


def load_feedback_secrets(config: Configuration, account: ServiceAccount, *, makes_secret: bool) -> FeedbackSecrets:
    """Read the secrets; never raises for bad ones.

    ``makes_secret``: one that is to be kept in the state directory and is not there yet is written there; otherwise the
    keys returned serve this process alone.
    """
    section = config.return_path
    if section.style == "none" and section.cfbl_address is None and section.feedback_id is None:
        return FeedbackSecrets()
    path = section.secret_file or config.state_dir / _FILE_NAME
    try:
        if section.secret_file is None and not path.exists():
            if not makes_secret:
                return FeedbackSecrets(keys=FeedbackKeys.of(secrets.token_bytes(_SECRET_BYTES)))
            _make(path)
        return FeedbackSecrets(keys=FeedbackKeys.parse(read_guarded(path, _reader(path, account))))
    except KeyFileError as error:
        reason = error.reason
    except NoSecretsError as error:
        reason = str(error)
    except OSError as error:
        reason = f"cannot be read or made: {error.strerror}"
    return FeedbackSecrets(faults=(config.error_at("return_path.secret_file", f"{path} {reason}", _HINT),))


def _reader(path: Path, account: ServiceAccount) -> ServiceAccount:
    """Root, who may read everything, stands for the service, whose file it is."""
    if account.uid != _ROOT or not path.exists():
        return account
    found = path.stat()
    return ServiceAccount(uid=found.st_uid, gid=found.st_gid)


def _make(path: Path) -> None:
    new = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(descriptor, secrets.token_hex(_SECRET_BYTES).encode("ascii") + b"\n")
    finally:
        os.close(descriptor)
    new.replace(path)
