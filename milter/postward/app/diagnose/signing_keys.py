# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that the service can use the keys that it is to sign with."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from postward.app.diagnose.as_user import can_become, find_account, try_as
from postward.app.diagnose.finding import error, ok, warning
from postward.app.signing_keys import load_signing_keys
from postward.signing.key_file import ServiceAccount

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from postward.app.diagnose.as_user import Account
    from postward.app.diagnose.finding import Finding
    from postward.app.signing_keys import SigningKeys
    from postward.config import Configuration

CHECK = "signing.keys"
_TIMEOUT_S = 10.0


def load_keys_as(config: Configuration, service_user: str) -> SigningKeys:
    """Load every key as the service would."""
    return load_signing_keys(config, service_account(service_user))


def check_signing_keys(config: Configuration, loaded: SigningKeys, service_user: str) -> Iterator[Finding]:
    """Say what is wrong with each key that the service could not use."""
    if not config.signing.enabled:
        yield ok(CHECK, "nothing is signed, for signing.enabled is false")
        return
    account = find_account(service_user)
    faults = [error(CHECK, str(replace(fault, hint="")), fault.hint) for fault in loaded.faults]
    if account and can_become(account) and not faults:
        faults.extend(_unreachable(config.signing.keys_dir, account))
    yield from faults
    yield from (warning(CHECK, str(replace(found, hint="")), found.hint) for found in loaded.warnings)
    if not faults:
        yield ok(CHECK, "no domain has a key: nothing is signed" if loaded.keyring.is_empty else "all can be used")


def service_account(service_user: str) -> ServiceAccount:
    """The account of the service; where there is none of that name, the present user stands for it."""
    account = find_account(service_user)
    if account is None:
        return ServiceAccount(uid=os.geteuid(), gid=os.getegid())
    return ServiceAccount(uid=account.uid, gid=account.gid)


def _unreachable(keys_dir: Path, account: Account) -> Iterator[Finding]:
    """Find the first directory that root may enter and the service may not."""
    path = try_as(account, lambda: _first_closed(keys_dir), timeout_s=_TIMEOUT_S)
    if path:
        advice = f"chgrp {account.name} and chmod g+rx on it"
        yield error(CHECK, f"the user {account.name} cannot list the keys: {path}", advice)


def _first_closed(keys_dir: Path) -> str:
    if not keys_dir.exists():
        return ""
    folders = sorted(path for path in keys_dir.iterdir() if path.is_dir() and not path.name.startswith("."))
    closed = (path for path in (keys_dir, *folders) if not os.access(path, os.R_OK | os.X_OK))
    return str(next(closed, ""))
