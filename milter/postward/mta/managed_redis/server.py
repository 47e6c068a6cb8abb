# SPDX-License-Identifier: GPL-3.0-or-later
"""One redis-server process: how it is started, what it says, and how it ends."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
from collections import deque
from typing import TYPE_CHECKING

from postward.mta.managed_redis.folder import FolderUnusable, take_folder

if TYPE_CHECKING:
    from postward.mta.managed_redis.settings import ManagedRedisSettings

_PR_SET_PDEATHSIG = 1
MAX_SOCKET_PATH = 107
"""Octets of a Unix socket's path, unix(7)."""
_MAX_READ = 64 * 1024
_MAX_WORDS = 200
_LAST_LINES = 5
_SIGNAL_BASE = 128
"""What shells add to the number of the signal that has ended a program."""
_LIBC = ctypes.CDLL(None)
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}
"""Nothing of ours: the service manager's variables are not meant for it."""


def options_of(settings: ManagedRedisSettings) -> dict[str, str]:
    """Return what the server is told: reached by its owner alone, and keeping all but the last second of its data."""
    return {
        "daemonize": "no",
        "supervised": "no",
        "port": "0",
        "unixsocket": settings.socket,
        "unixsocketperm": "700",
        "dir": str(settings.directory),
        "logfile": "",
        "loglevel": "warning",
        "save": "",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "aof-load-truncated": "yes",
        "maxmemory": f"{settings.max_memory_mb}mb",
        "maxmemory-policy": "volatile-lfu",
        "lazyfree-lazy-eviction": "yes",
        "lazyfree-lazy-expire": "yes",
    }


class RedisProcess:
    """A running server; it dies with the process that has started it, and the lock on its directory with it.

    It leads a process group of its own: a signal for ours does not reach it, and what it starts can be found.
    """

    def __init__(self, settings: ManagedRedisSettings) -> None:
        """Start it, with no thread beside this one; raises FolderUnusable, or OSError where it cannot be run."""
        if len(os.fsencode(settings.socket)) > MAX_SOCKET_PATH:
            raise FolderUnusable(
                f"the path {settings.socket} is too long for a socket: {MAX_SOCKET_PATH} octets at most"
            )
        lock = take_folder(settings.directory)
        try:
            self._process, self._output = _spawn(settings, lock)
        finally:
            # The server's own copy keeps the directory locked.
            os.close(lock)
        self._lines: deque[bytes] = deque(maxlen=_LAST_LINES)
        self._rest = b""

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    @property
    def last_words(self) -> str:
        """What it said last, with every octet that is not ASCII replaced."""
        lines = (*self._lines, self._rest) if self._rest else self._lines
        return b" | ".join(lines)[-_MAX_WORDS:].decode("ascii", "replace")

    def fileno(self) -> int:
        """The descriptor to poll for what it says, and for its end."""
        return self._output

    def listen(self) -> None:
        """Take in what it has said, so that it never waits for a reader."""
        try:
            said = os.read(self._output, _MAX_READ)
        except BlockingIOError:
            return
        *lines, rest = (self._rest + said).split(b"\n")
        self._lines.extend(_text(line) for line in lines if line.strip())
        self._rest = rest[-_MAX_WORDS:]

    def forget_words(self) -> None:
        """Let go of what it said while it started: it is not why it ends later."""
        self._lines.clear()
        self._rest = b""

    def ended(self) -> int | None:
        """The exit status (128 + N: by signal N) once it has ended; whatever it has started has ended then too."""
        if os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return None
        self.kill()
        status = self._process.wait()
        self.listen()
        os.close(self._output)
        return status if status >= 0 else _SIGNAL_BASE - status

    def terminate(self) -> None:
        """Ask it to write out what it has, and to end."""
        self._process.terminate()

    def kill(self) -> None:
        """End it, and all that it has started, at once; to be called before its status was taken."""
        os.killpg(self.pid, signal.SIGKILL)


def _spawn(settings: ManagedRedisSettings, lock: int) -> tuple[subprocess.Popen[bytes], int]:
    """Return the process, and the end of the pipe at which it is heard; nothing else of ours is open in it."""
    options = (part for name, value in options_of(settings).items() for part in (f"--{name}", value))
    parent = os.getpid()
    heard, said = os.pipe2(os.O_CLOEXEC)
    try:
        process = subprocess.Popen(  # noqa: S603 - a program of the PATH, by the options above
            [settings.program, *options],
            stdin=subprocess.DEVNULL, stdout=said, stderr=said, pass_fds=(lock,), cwd="/", env=_ENVIRONMENT,
            umask=0o077, process_group=0, preexec_fn=lambda: _leave_none_behind(parent),  # noqa: PLW1509 - no threads
        )  # fmt: skip
    except OSError:
        os.close(heard)
        raise
    finally:
        os.close(said)
    os.set_blocking(heard, False)
    return process, heard


def _leave_none_behind(parent: int) -> None:
    """In the child: end with the parent, however that ends, and take the signals that ours ignores."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    if os.getppid() != parent:
        os._exit(1)


def _text(line: bytes) -> bytes:
    """Return a line of its log without process id and time: ``1:M 24 Nov 2026 21:37:23.123 # text``."""
    before, mark, text = line.partition(b" # ")
    return text[:_MAX_WORDS] if mark and len(before) < _MAX_WORDS else line[:_MAX_WORDS]
