# SPDX-License-Identifier: GPL-3.0-or-later
"""A way to a cluster: each command goes to the master that has its key, and is sent once.

redis-py's own client for clusters sends again what it got no answer for: what was counted would be counted twice.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import redis
from redis import exceptions

from postward.store.broken import BROKEN
from postward.store.clients import PlainClient, server_options
from postward.store.cluster_slots import read_slot_map, slot_of
from postward.store.redis_failure import FailureKind, failure_kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from postward.model.redis_target import RedisTarget
    from postward.store.clients import Argument, Client, Pipeline
    from postward.store.cluster_slots import Address, SlotMap

_ROUNDS = 4
"""A slot that has moved is followed so often; a server that has not heard of it yet may send us elsewhere once more."""
_UNANSWERED: Final = object()
_OUTDATED = frozenset({FailureKind.TIMEOUT, FailureKind.CONNECTION, FailureKind.CLUSTER, FailureKind.NONSENSE})
"""Failures after which somebody else may have the slots."""


@dataclass(slots=True)
class _Job:
    """A command and what has come of it."""

    arguments: tuple[Argument, ...]
    answer: object = _UNANSWERED
    goes_to: Address | None = None
    """Where another server has sent it."""
    is_asking: bool = False
    """It is taken only behind ASKING, while its slot moves there."""

    def follow(self) -> bool:
        """Go where a server sends it; False where there is no such answer."""
        error = self.answer
        if not isinstance(error, exceptions.AskError):
            return False
        self.goes_to = (error.host, error.port)
        # MOVED is for good, ASK for this once.
        self.is_asking = not isinstance(error, exceptions.MovedError)
        self.answer = _UNANSWERED
        return True


@dataclass(slots=True)
class _Errand:
    """What goes to one server."""

    server: Any
    """A client of redis-py, most of which has no types."""
    jobs: list[_Job] = field(default_factory=list)
    _connection: Any = None
    _is_read: bool = False

    def send(self) -> None:
        connection = self.server.connection_pool.get_connection()
        self._connection = connection
        commands: list[tuple[Argument, ...]] = []
        for job in self.jobs:
            commands += [("ASKING",), job.arguments] if job.is_asking else [job.arguments]
        connection.send_packed_command(connection.pack_commands(commands))

    def read(self) -> None:
        if self._connection is None:
            return
        for job in self.jobs:
            if job.is_asking:
                self.server.parse_response(self._connection, "ASKING")
            try:
                job.answer = self.server.parse_response(self._connection, str(job.arguments[0]))
            except exceptions.ResponseError as error:
                job.answer = error
        self._is_read = True

    def fail(self, error: Exception) -> None:
        for job in self.jobs:
            if job.answer is _UNANSWERED:
                job.answer = error
        self.end()

    def end(self) -> None:
        if self._connection is None:
            return
        if not self._is_read:
            # What is still to come must not be taken for the next answer.
            self._connection.disconnect()
        self.server.connection_pool.release(self._connection)
        self._connection = None


class ClusterClient:
    """See ``store.clients.Client``.  Where one master fails, only the commands for it fail."""

    def __init__(self, target: RedisTarget, *, timeout_s: float, connections: int) -> None:
        self._options = {**server_options(target, timeout_s), "max_connections": connections}
        self._entrances = target.nodes
        self._lock = threading.Lock()
        self._servers: dict[Address, Any] = {}
        self._map: SlotMap | None = None
        self._asked = 0

    def execute_command(self, *arguments: Argument) -> object:
        """Send one command, once."""
        return self.run([arguments], raise_on_error=True)[0]

    def pipeline(self, transaction: bool = False) -> Pipeline:  # noqa: ARG002 - redis-py's
        """Begin to note commands."""
        return _ClusterPipeline(self)

    def masters(self) -> tuple[Client, ...]:
        """All servers that have slots, one by one."""
        return tuple(PlainClient(self._server(address)) for address in self._present_map().masters)

    def cut(self) -> None:
        """Have the threads that wait fail."""
        for server in list(self._servers.values()):
            server.connection_pool.disconnect(inuse_connections=True)

    def close(self) -> None:
        """End the connections."""
        self.cut()

    def run(self, commands: Iterable[tuple[Argument, ...]], *, raise_on_error: bool) -> list[object]:
        """Have each done once, by the master that has its key; the answers, or exceptions, in that order."""
        jobs = [_Job(arguments) for arguments in commands]
        waiting = jobs
        for _ in range(_ROUNDS):
            self._do(waiting)
            moved = any(isinstance(job.answer, exceptions.MovedError) for job in waiting)
            waiting = [job for job in waiting if job.follow()]
            if moved:
                self._forget_map()
            if not waiting:
                break
        for job in waiting:
            job.answer = exceptions.ClusterDownError("the servers send a command from one to the other")
        return _answers(jobs, raise_on_error=raise_on_error)

    def _do(self, jobs: Sequence[_Job]) -> None:
        """One round trip, to all servers at the same time."""
        errands: dict[Address, _Errand] = {}
        for job in jobs:
            address = job.goes_to or self._present_map().master_of(slot_of(job.arguments))
            errands.setdefault(address, _Errand(self._server(address))).jobs.append(job)
        try:
            for step in (_Errand.send, _Errand.read):
                for errand in errands.values():
                    try:
                        step(errand)
                    except BROKEN as error:
                        errand.fail(error)
                        self._note(error)
        finally:
            for errand in errands.values():
                errand.end()

    def _note(self, error: Exception) -> None:
        if failure_kind(error) in _OUTDATED:
            self._forget_map()

    def _forget_map(self) -> None:
        self._map = None

    def _present_map(self) -> SlotMap:
        with self._lock:
            if self._map is None:
                self._map = self._ask_map()
                wanted = {*self._entrances, *self._map.masters}
                self._servers = {address: server for address, server in self._servers.items() if address in wanted}
            return self._map

    def _ask_map(self) -> SlotMap:
        """Ask one after the other, beginning with another one each time; the last one's failure is raised."""
        addresses = list(dict.fromkeys((*self._entrances, *self._servers)))
        self._asked += 1
        failure: Exception = exceptions.ClusterDownError("there is nobody to ask")
        for number in range(len(addresses)):
            address = addresses[(self._asked + number) % len(addresses)]
            try:
                return read_slot_map(self._server(address).execute_command("CLUSTER", "SLOTS"), address)
            except BROKEN as error:
                failure = error
        raise failure

    def _server(self, address: Address) -> Any:
        server = self._servers.get(address)
        if server is None:
            host, port = address
            server = redis.Redis(host=host, port=port, **self._options)  # type: ignore[arg-type]
            self._servers[address] = server
        return server


class _ClusterPipeline:
    """See ``store.clients.Pipeline``."""

    def __init__(self, cluster: ClusterClient) -> None:
        self._cluster = cluster
        self._commands: list[tuple[Argument, ...]] = []

    def execute_command(self, *arguments: Argument) -> object:
        """Note one command."""
        self._commands.append(arguments)
        return self

    def execute(self, raise_on_error: bool = True) -> list[object]:
        """Send all that was noted, each once."""
        commands, self._commands = self._commands, []
        return self._cluster.run(commands, raise_on_error=raise_on_error)


def _answers(jobs: Sequence[_Job], *, raise_on_error: bool) -> list[object]:
    for job in jobs:
        if raise_on_error and isinstance(job.answer, Exception):
            raise job.answer
    return [job.answer for job in jobs]
