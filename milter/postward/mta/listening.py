# SPDX-License-Identifier: GPL-3.0-or-later
"""The listening socket: opened once, by the supervisor, and shared by all workers of all generations."""

from __future__ import annotations

import errno
import grp
import os
import socket
import stat
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import milter
from postward.errors import TemporaryFailure, UsageError
from postward.model.milter_socket import UnixSocket
from postward.mta.address import parse_listen_address
from postward.mta.libmilter import allow_long_packets
from postward.mta.open_files import is_listening, open_sockets
from postward.mta.registration import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.model.milter_socket import InetSocket, MilterSocket
    from postward.mta.settings import ListenSettings

_BACKLOG = 512
_PROBE_TIMEOUT_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """The open socket, and all that a worker needs to let go of it."""

    address: MilterSocket
    fd: int
    inode: int
    """Of the socket's file; 0 for TCP."""
    silent_fd: int
    """A listening socket that nobody can reach: put in place of ``fd``, it makes libmilter wait for ever."""
    takes_long_packets: bool

    def close(self) -> None:
        """Let go of it in a child that serves nobody."""
        os.close(self.fd)
        os.close(self.silent_fd)

    def turn_away(self) -> None:
        """Refuse connections from here on, in all processes that share the socket; none may be accepting any more.

        What has connected already, and would not be accepted by anybody, is ended.
        """
        with suppress(OSError), socket.socket(fileno=os.dup(self.fd)) as shared:
            shared.shutdown(socket.SHUT_RDWR)
            # A Unix socket keeps those connections for as long as any process holds it; accept() fails after the last.
            while True:
                shared.accept()[0].close()

    def remove(self) -> None:
        """Remove the socket's file, if it is still this socket's; only the supervisor does it, at its end."""
        if isinstance(self.address, UnixSocket):
            path = Path(self.address.path)
            try:
                if path.lstat().st_ino == self.inode:
                    path.unlink()
            except OSError:
                return


def open_listener(settings: ListenSettings) -> Listener:
    """Open the socket through libmilter, which cannot adopt one from elsewhere.

    Raises UsageError for an address that cannot be used or an unknown group, and TemporaryFailure where another
    process listens, for it may be what is left of the supervisor before this one.
    """
    address = parse_listen_address(settings.listen)
    takes_long_packets = allow_long_packets()
    register()
    before = frozenset(open_sockets())
    if isinstance(address, UnixSocket):
        inode = _open_unix(Path(address.path), settings)
    else:
        inode = 0
        _open_inet(address)
    fd = _new_listening_socket(before)
    # A worker that loses the race for a connection would otherwise block in accept() and hear nothing else.
    os.set_blocking(fd, False)
    return Listener(
        address=address,
        fd=fd,
        inode=inode,
        silent_fd=_open_silent_socket(),
        takes_long_packets=takes_long_packets,
    )


def _open(milter_form: str, shown: str) -> None:
    try:
        milter.setconn(milter_form)
        milter.setbacklog(_BACKLOG)
        milter.opensocket(False)  # noqa: FBT003 - positional only
    except milter.error as error:
        raise UsageError(f"cannot listen on {shown}: see libmilter's message in the system log") from error


def _open_inet(address: InetSocket) -> None:
    try:
        _open(str(address), str(address))
    except UsageError:
        if _is_taken(address):
            raise TemporaryFailure(f"another process is listening on {address}") from None
        raise


def _is_taken(address: InetSocket) -> bool:
    """Ask the kernel, for libmilter tells nobody but the system log why it cannot listen."""
    family = socket.AF_INET6 if address.is_ipv6 else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False


def _open_unix(path: Path, settings: ListenSettings) -> int:
    """Bind below the directory, so that the path may be long, and so that only we can remove the file.

    libmilter removes the file when it ends in any worker that does not run as root; it remembers the name
    relative to this directory, and workers stand elsewhere.
    """
    remove_stale_socket(path)
    group = _group_id(settings.socket_group)
    with _working_directory(path.parent), _umask_for(settings.socket_mode):
        _open(f"unix:./{path.name}", f"unix:{path}")
        if group is not None:
            os.chown(path.name, -1, group)
        if settings.socket_mode is not None:
            Path(path.name).chmod(settings.socket_mode)
        return Path(path.name).stat().st_ino


def remove_stale_socket(path: Path) -> None:
    """Remove a socket's file that a dead process left behind; raises TemporaryFailure where something answers on it."""
    try:
        kind = path.lstat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise UsageError(f"cannot look at {path}: {error.strerror}") from error
    if not stat.S_ISSOCK(kind):
        raise UsageError(f"{path} exists and is no socket")
    if _is_served(path):
        raise TemporaryFailure(f"another process is listening on {path}")
    try:
        path.unlink()
    except OSError as error:
        raise UsageError(f"cannot remove the stale socket {path}: {error.strerror}") from error


def _is_served(path: Path) -> bool:
    with _working_directory(path.parent), socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(_PROBE_TIMEOUT_S)
        try:
            probe.connect(f"./{path.name}")
        except (ConnectionRefusedError, FileNotFoundError):
            return False
        except OSError:
            # Not permitted, or its queue is full: somebody is there.
            return True
        return True


def _group_id(name: str | None) -> int | None:
    if name is None:
        return None
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError as error:
        raise UsageError(f"there is no group {name!r} to own the socket") from error


@contextmanager
def _working_directory(path: Path) -> Iterator[None]:
    try:
        before = os.open(".", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise UsageError(f"cannot be started in this directory: {error.strerror}; start it in another, as /") from error
    try:
        os.chdir(path)
    except OSError as error:
        os.close(before)
        raise UsageError(f"cannot enter the socket's directory {path}: {error.strerror}") from error
    try:
        yield
    finally:
        os.fchdir(before)
        os.close(before)


@contextmanager
def _umask_for(mode: int | None) -> Iterator[None]:
    """Narrow the umask to ``mode``, so that the socket is never wider open than it will be."""
    before = os.umask(0o777)
    os.umask(before if mode is None else before | (0o777 & ~mode))
    try:
        yield
    finally:
        os.umask(before)


def _new_listening_socket(before: frozenset[int]) -> int:
    for fd in open_sockets():
        if fd not in before and is_listening(fd):
            return fd
    raise UsageError("libmilter opened no listening socket")


def _open_silent_socket() -> int:
    """Return a listening socket without a name: accept() on it says EAGAIN, which libmilter takes calmly."""
    with tempfile.TemporaryDirectory(prefix="postward-") as directory:
        silent = socket.socket(socket.AF_UNIX)
        silent.bind(f"{directory}/silent")
        silent.listen(1)
    silent.setblocking(False)  # noqa: FBT003 - positional only
    return silent.detach()
