# SPDX-License-Identifier: GPL-3.0-or-later
"""Becoming an unprivileged user, for good."""

from __future__ import annotations

import os
import pwd

from postward.errors import UsageError


def drop_privileges(user: str) -> None:
    """Become ``user`` with that user's groups; raises UsageError where there is no such user or it is not allowed."""
    try:
        entry = pwd.getpwnam(user)
    except KeyError as error:
        raise UsageError(f"there is no user {user!r}") from error
    if os.geteuid() == entry.pw_uid:
        return
    try:
        os.initgroups(entry.pw_name, entry.pw_gid)
        os.setresgid(entry.pw_gid, entry.pw_gid, entry.pw_gid)
        os.setresuid(entry.pw_uid, entry.pw_uid, entry.pw_uid)
    except PermissionError as error:
        raise UsageError(f"only root can become {user!r}") from error
