# SPDX-License-Identifier: GPL-3.0-or-later
"""Check who may read and write the files that Postward depends on."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from postward.app.diagnose.as_user import can_become, find_account, try_as
from postward.app.diagnose.finding import error, ok, warning

if TYPE_CHECKING:
    from postward.app.diagnose.finding import Finding
    from postward.config import Configuration

FILE_CHECK = "config.permissions"
STATE_CHECK = "state_dir"
SPOOL_CHECK = "message.spool_dir"
_TIMEOUT_S = 10.0


def check_file_permissions(config: Configuration, service_user: str) -> Finding:
    """The configuration must be readable by the service and writable by nobody else."""
    path = Path(config.path)
    try:
        mode = path.stat().st_mode
    except OSError as failure:
        return error(FILE_CHECK, f"{path}: {failure.strerror}")
    if mode & stat.S_IWOTH:
        return error(FILE_CHECK, f"every user of this host may change {path}", f"chmod o-w {path}")
    if not may(service_user, path, os.R_OK):
        advice = f"chgrp {service_user} {path} && chmod g+r {path}"
        return error(FILE_CHECK, f"the user {service_user} cannot read {path}", advice)
    holds = _password_holder(config)
    if mode & stat.S_IROTH and holds:
        advice = f"chmod o-r {path}; the service's group must keep its right to read"
        return warning(
            FILE_CHECK, f"every user of this host may read {path}, which holds the password of {holds}", advice
        )
    return ok(FILE_CHECK, f"{path} can be read by the service and changed by no stranger")


def check_state_dir(config: Configuration, service_user: str) -> Finding:
    """state_dir must exist and be writable by the service."""
    path = config.state_dir
    make = f"install -d -o {service_user} -g {service_user} -m 0750 {path}"
    if not path.is_dir():
        return error(STATE_CHECK, f"there is no directory {path}", make)
    if path.stat().st_mode & stat.S_IWOTH:
        return error(STATE_CHECK, f"every user of this host may write in {path}", f"chmod o-w {path}")
    if not may(service_user, path, os.R_OK | os.W_OK | os.X_OK):
        return error(STATE_CHECK, f"the user {service_user} cannot write in {path}", make)
    return ok(STATE_CHECK, f"{path} is there and can be written")


def check_spool_dir(config: Configuration, service_user: str) -> Finding:
    """message.spool_dir must take the files of large bodies; without it, their messages are not checked."""
    path = config.message.spool_dir
    if not path.is_dir():
        return error(SPOOL_CHECK, f"there is no directory {path}", "set message.spool_dir to one that is there")
    if not may(service_user, path, os.W_OK | os.X_OK):
        return error(SPOOL_CHECK, f"the user {service_user} cannot write in {path}", "set message.spool_dir to another")
    return ok(SPOOL_CHECK, f"{path} takes the bodies of large messages")


def may(user: str, path: Path, right: int) -> bool:
    """Say whether the user has a right; without that account, or without root, whether the present user has it."""
    account = find_account(user)
    if account is None or not can_become(account):
        return os.access(path, right)
    return not try_as(account, lambda: "" if os.access(path, right) else "no", timeout_s=_TIMEOUT_S)


def _password_holder(config: Configuration) -> str:
    """Whose password stands in the file; "" for nobody's."""
    ldap, urls = config.directory.ldap, (("Redis", config.redis.url), ("a data base", config.directory.sql.url))
    found = [name for name, url in urls if url and _has_password(url)]
    return (found or (["LDAP"] if ldap.bind_password else [""]))[0]


def _has_password(url: str) -> bool:
    """By the URL's own form; some drivers take one as an option too."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return True
    return bool(parts.password) or "password=" in parts.query.lower()
