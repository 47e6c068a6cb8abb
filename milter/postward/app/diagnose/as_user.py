# SPDX-License-Identifier: GPL-3.0-or-later
"""Try something as another user: in a child process, with that user's groups, and in a chroot if need be."""

from __future__ import annotations

import os
import pwd
import select
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_MAX_ANSWER_BYTES = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user of this host."""

    name: str
    uid: int
    gid: int


def find_account(name: str) -> Account | None:
    """The account of that name; None where there is none."""
    try:
        entry = pwd.getpwnam(name)
    except (KeyError, ValueError):
        return None
    return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)


def can_become(account: Account) -> bool:
    """True for root, and for the account itself."""
    return os.geteuid() in {0, account.uid}


def try_as(account: Account, attempt: Callable[[], str], *, timeout_s: float, root: Path | None = None) -> str:
    """Run ``attempt`` as ``account`` (and with ``root`` as its root directory) and return what it returns.

    "" is success; anything else is a reason in words, also where the child could not change its user or came to an
    end of its own.  The child is given up after ``timeout_s``.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _answer(writer, account, attempt, root)
    os.close(writer)
    try:
        return _await_answer(reader, child, timeout_s)
    finally:
        os.close(reader)


def _answer(writer: int, account: Account, attempt: Callable[[], str], root: Path | None) -> None:
    """The child's whole life; it never returns, and runs no handler of the parent's."""
    answer = "the attempt failed in a way that was not foreseen"
    try:
        _become(account, root)
        answer = attempt()
    except OSError as error:
        answer = error.strerror or str(error)
    finally:
        os.write(writer, b"=" + answer.encode(errors="replace")[: _MAX_ANSWER_BYTES - 1])
        os._exit(0)


def _become(account: Account, root: Path | None) -> None:
    if root is not None:
        os.chroot(root)
        os.chdir("/")
    if os.geteuid() != account.uid:
        os.setgid(account.gid)
        os.initgroups(account.name, account.gid)
        os.setuid(account.uid)


def _await_answer(reader: int, child: int, timeout_s: float) -> str:
    ready, _, _ = select.select([reader], [], [], timeout_s)
    answer = os.read(reader, _MAX_ANSWER_BYTES) if ready else b"=it took too long"
    if not ready:
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return answer.removeprefix(b"=").decode(errors="replace") if answer else "the attempt ended without an answer"
