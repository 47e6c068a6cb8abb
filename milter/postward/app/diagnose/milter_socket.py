# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that the MTA, as the user and in the chroot that it runs in, reaches the milter's socket."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

from postward.app.diagnose.as_user import can_become, find_account, try_as
from postward.app.diagnose.finding import error, ok, warning
from postward.app.diagnose.milter_probe import knock
from postward.app.mta_lines.endpoint import relative_path
from postward.config import UnixSocket

if TYPE_CHECKING:
    from postward.app.diagnose.finding import Finding
    from postward.app.mta_lines.postfix_host import PostfixHost
    from postward.config import Configuration

CHECK = "socket"
_TIMEOUT_S = 15.0
_START = "start Postward; if it runs, its log says where it listens"
_MTA_LINES = "`postward mta postfix` prints the lines for this host"


def check_socket(config: Configuration, host: PostfixHost | None, mta_user: str) -> Finding:
    """Connect as the MTA would; ``host`` is this host's Postfix, if there is one."""
    listen = config.listen
    if not isinstance(listen, UnixSocket):
        return _told(str(listen), knock(listen), "")
    chroot = host.queue_directory if host and host.is_chrooted else None
    inside = relative_path(listen, chroot) if chroot else None
    if chroot and inside is None:
        problem = f"{listen.path} lies outside {chroot}, and Postfix is chrooted there: it cannot see the socket"
        return error(CHECK, problem, _MTA_LINES)
    if not Path(listen.path).is_socket():
        return error(CHECK, f"there is no socket at {listen.path}", _START)
    return _as_mta(listen, chroot, inside, mta_user)


def _as_mta(listen: UnixSocket, chroot: Path | None, inside: Path | None, mta_user: str) -> Finding:
    account = find_account(mta_user)
    if account is None or not can_become(account):
        why = f"there is no user {mta_user}" if account is None else "only root can become another user"
        return _as_self(listen, f"not tried as {mta_user}: {why}")
    seen = UnixSocket(path=f"/{inside}") if inside else listen
    root = chroot if os.geteuid() == 0 else None
    target = seen if root else listen
    problem = try_as(account, lambda: knock(target), timeout_s=_TIMEOUT_S, root=root)
    where = f"{listen.path} as {mta_user}" + (f", in the chroot {root}" if root else "")
    return _told(where, problem, f"the user {mta_user} needs x on every directory of the path and rw on the socket")


def _as_self(listen: UnixSocket, caveat: str) -> Finding:
    problem = knock(listen)
    if problem:
        return warning(CHECK, f"{listen.path}: {problem}; {caveat}", "run `postward check` as root")
    return warning(CHECK, f"{listen.path} answers this user; {caveat}", "run `postward check` as root")


def _told(where: str, problem: str, permission_advice: str) -> Finding:
    if not problem:
        return ok(CHECK, f"{where}: Postward answers")
    denied = problem == os.strerror(errno.EACCES)
    return error(CHECK, f"{where}: {problem}", permission_advice if denied and permission_advice else _START)
