# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from postward.errors import TemporaryFailure, UsageError
from postward.model.milter_socket import UnixSocket
from postward.mta.listening import Listener, remove_stale_socket
from postward.mta.open_files import bound_name, count_accepted, is_listening, open_sockets
from tests.mailhost.scratch import Scratch


@pytest.fixture
def served(tmp_path):
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        yield path, server


def test_nothing_is_there(tmp_path):
    remove_stale_socket(tmp_path / "s")


def test_a_stale_socket_is_removed(tmp_path):
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
    remove_stale_socket(path)
    assert not path.exists()


def test_a_served_socket_stays(served):
    path, _ = served
    with pytest.raises(TemporaryFailure, match="another process"):
        remove_stale_socket(path)
    assert path.exists()


def test_a_file_stays(tmp_path):
    path = tmp_path / "s"
    path.write_text("")
    with pytest.raises(UsageError, match="no socket"):
        remove_stale_socket(path)
    assert path.exists()


def test_a_directory_that_is_not_there(tmp_path):
    remove_stale_socket(tmp_path / "none" / "s")


def test_a_directory_that_its_account_may_not_enter_is_told():
    program = """
import os, pathlib, sys
from postward.errors import UsageError
from postward.mta.listening import remove_stale_socket
os.chdir(sys.argv[1])
os.setresuid(65534, 65534, 65534)
try:
    remove_stale_socket(pathlib.Path(sys.argv[2]))
except UsageError as error:
    print(error)
"""
    with Scratch() as folder, socket.socket(socket.AF_UNIX) as left:
        (folder / "closed").mkdir(mode=0o700)
        left.bind(str(folder / "sock"))
        command = [sys.executable, "-c", program, str(folder / "closed"), str(folder / "sock")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == "cannot be started in this directory: Permission denied; start it in another, as /\n"


def test_accepted_connections_are_counted_by_their_name(served):
    path, server = served
    name = bound_name(server.fileno())
    assert name == (socket.AF_UNIX, str(path))
    assert is_listening(server.fileno())
    assert server.fileno() in open_sockets()
    assert count_accepted(name) == 0
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        accepted, _ = server.accept()
        with accepted:
            assert not is_listening(accepted.fileno())
            assert count_accepted(name) == 1
    assert count_accepted(name) == 0


def test_of_a_tcp_socket_the_port_counts():
    with socket.socket() as server, socket.socket() as client:
        server.bind(("0.0.0.0", 0))  # noqa: S104 - a connection then has another address than the listener
        server.listen()
        port = server.getsockname()[1]
        client.connect(("127.0.0.1", port))
        accepted, _ = server.accept()
        with accepted:
            assert count_accepted(bound_name(server.fileno())) == 1


def test_what_is_no_socket_has_no_name(tmp_path):
    with (tmp_path / "f").open("w") as file:
        assert bound_name(file.fileno()) is None


def test_a_connection_that_nobody_took_ends_when_all_are_turned_away(tmp_path):
    """The kernel ends it by itself for TCP, but keeps it for Unix sockets as long as any process has the socket."""
    path = str(tmp_path / "socket")
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(path)
        server.listen()
        server.settimeout(0)
        client.settimeout(10)
        client.connect(path)
        listener = Listener(
            address=UnixSocket(path=path), fd=server.fileno(), inode=0, silent_fd=-1, takes_long_packets=True
        )
        listener.turn_away()
        assert client.recv(1) == b""
        with socket.socket(socket.AF_UNIX) as late, pytest.raises(ConnectionRefusedError):
            late.connect(path)
