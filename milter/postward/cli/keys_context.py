# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the commands of ``postward keys`` find the keys, and who uses them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postward.app.configuration_file import configuration_in_force
from postward.app.diagnose.as_user import find_account
from postward.app.keys.key_directory import KeyDirectory
from postward.app.keys.names import key_domain
from postward.errors import UsageError
from postward.signing.key_file import ServiceAccount

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.config import Configuration
    from postward.signing.manifest import Manifest

EXIT_NO = 1
EXIT_TRY_AGAIN = 75


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysContext:
    """Where the keys are, and who uses them."""

    config: Configuration
    directory: KeyDirectory
    account: ServiceAccount

    def manifest(self, domain: str) -> Manifest:
        """The keys of a domain; raises UsageError where it has none."""
        found = self.directory.manifest(domain)
        if found is None:
            raise UsageError(f"{domain} has no keys in {self.directory.path}; `postward keys new {domain}` makes them")
        return found


def open_keys(config_path: Path | None, user: str) -> KeysContext:
    """Find the keys as configured, for a service that runs as ``user``; raises ConfigErrors and UsageError."""
    config = configuration_in_force(config_path)
    account = find_account(user)
    is_root = os.geteuid() == 0
    if account is None and is_root:
        raise UsageError(f"there is no user {user}; --user names the one that Postward runs as")
    if account is None or not is_root:
        own = ServiceAccount(uid=os.geteuid(), gid=os.getegid())
        return KeysContext(config=config, directory=KeyDirectory(path=config.signing.keys_dir, group=None), account=own)
    service = ServiceAccount(uid=account.uid, gid=account.gid)
    directory = KeyDirectory(path=config.signing.keys_dir, group=account.gid)
    return KeysContext(config=config, directory=directory, account=service)


def common_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --config, --user and --json."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print JSON."),
        click.option("--user", default="postward", show_default=True, help="User that Postward runs as."),
        click.option(
            "--config",
            "config_path",
            type=click.Path(path_type=Path),
            help="Configuration file; without it /etc/postward/postward.yaml, or the defaults.",
        ),
    ):
        command = option(command)
    return command


def domain_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add DOMAIN, checked."""
    return click.argument("domain", callback=lambda _context, _parameter, value: key_domain(value))(command)
