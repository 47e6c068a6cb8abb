# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection to a scanner, with one deadline for all that is sent and received, however it drips."""

from __future__ import annotations

import select
import socket
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from postward.model.milter_socket import UnixSocket
from postward.scanners.failure import ScannerFailure, ScannerGone, ScannerTimeout, nonsense

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.model.milter_socket import InetSocket, MilterSocket

_RECEIVE_BYTES = 65_536


class Connection:
    """For one thread at a time."""

    def __init__(self, connected: socket.socket, *, clock: Callable[[], float], deadline_s: float) -> None:
        """``deadline_s`` is by ``clock``, and may be put off for a further question."""
        self.deadline_s = deadline_s
        self.questions = 0
        """How many have been asked over it."""
        self._socket = connected
        self._clock = clock

    def send(self, data: bytes) -> None:
        """Send all of it; raises ScannerTimeout or ScannerGone."""
        try:
            self._socket.settimeout(left_s(self.deadline_s, self._clock))
            self._socket.sendall(data)
        except TimeoutError:
            raise ScannerTimeout from None
        except OSError as error:
            raise ScannerGone(str(error)) from error

    def finish(self) -> None:
        """Tell the other side that there is no more to come, which may still answer."""
        with suppress(OSError):
            # One that is gone is found out when its answer is read.
            self._socket.shutdown(socket.SHUT_WR)

    def receive(self, max_bytes: int = _RECEIVE_BYTES) -> bytes:
        """Give the octets that come next, none at the end; raises ScannerTimeout or ScannerGone."""
        try:
            self._socket.settimeout(left_s(self.deadline_s, self._clock))
            return self._socket.recv(max_bytes)
        except TimeoutError:
            raise ScannerTimeout from None
        except OSError as error:
            raise ScannerGone(str(error)) from error

    def receive_until(self, end: bytes, max_bytes: int) -> bytes:
        """Give all before ``end``, which comes last; raises ScannerFailure where it does not come."""
        received = bytearray()
        while not received.endswith(end):
            piece = self.receive()
            if not piece:
                raise ScannerGone
            received += piece
            if len(received) > max_bytes:
                raise nonsense(bytes(received))
        return bytes(received.removesuffix(end))

    def receive_all(self, max_bytes: int) -> bytes:
        """Give all that comes until the other side ends the connection."""
        received = bytearray()
        while piece := self.receive():
            received += piece
            if len(received) > max_bytes:
                raise nonsense(bytes(received))
        return bytes(received)

    def has_answered(self) -> bool:
        """Something can be received by now, or the connection has ended."""
        waiting = select.poll()
        waiting.register(self._socket, select.POLLIN)
        return bool(waiting.poll(0))

    def close(self) -> None:
        """End it."""
        self._socket.close()


def left_s(deadline_s: float, clock: Callable[[], float]) -> float:
    """Seconds that are left; raises ScannerTimeout where none are."""
    left = deadline_s - clock()
    if left <= 0:
        raise ScannerTimeout
    return left


def connect(address: MilterSocket, *, deadline_s: float, clock: Callable[[], float]) -> Connection:
    """Connect; raises ScannerTimeout, or ScannerFailure where nobody listens."""
    try:
        if isinstance(address, UnixSocket):
            connected = _connected(socket.AF_UNIX, address.path, deadline_s, clock)
        else:
            connected = _connected_by_name(address, deadline_s, clock)
    except TimeoutError:
        raise ScannerTimeout from None
    except (OSError, UnicodeError) as error:
        raise ScannerFailure("cannot be reached", told=str(error)) from error
    return Connection(connected, clock=clock, deadline_s=deadline_s)


def _connected_by_name(address: InetSocket, deadline_s: float, clock: Callable[[], float]) -> socket.socket:
    family = socket.AF_INET6 if address.is_ipv6 else socket.AF_INET
    refused = OSError("the name has no address")
    for _family, _kind, _protocol, _name, place in socket.getaddrinfo(
        address.host, address.port, family, socket.SOCK_STREAM
    ):
        try:
            return _connected(family, place, deadline_s, clock)
        except OSError as error:
            refused = error
    raise refused


def _connected(
    family: socket.AddressFamily,
    place: object,
    deadline_s: float,
    clock: Callable[[], float],
) -> socket.socket:
    with ExitStack() as unless_connected:
        opened = unless_connected.enter_context(socket.socket(family, socket.SOCK_STREAM))
        opened.settimeout(left_s(deadline_s, clock))
        opened.connect(place)  # type: ignore[arg-type] # the kind of address goes with the family
        if family is not socket.AF_UNIX:
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        unless_connected.pop_all()
    return opened
