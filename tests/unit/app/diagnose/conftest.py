# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import getpass
import os
import pwd
import shutil
import socket
import struct
import tempfile
import threading
from pathlib import Path

import pytest

from postward.app.diagnose.as_user import Account, find_account


@pytest.fixture
def stranger() -> Account:
    """A user without rights where the test runs as root; otherwise the user of the test."""
    name = "nobody" if os.geteuid() == 0 else getpass.getuser()
    account = find_account(name)
    assert account is not None
    return account


@pytest.fixture
def open_dir():
    """A directory that every user can enter, which pytest's own temporary directories are not."""
    path = Path(tempfile.mkdtemp(prefix="postward-"))
    path.chmod(0o755)
    yield path
    for directory in filter(Path.is_dir, path.iterdir()):
        directory.chmod(0o700)
    shutil.rmtree(path)


@pytest.fixture
def listener():
    """Listen on a Unix socket and give every client the same answer."""
    sockets = []

    def listen(path: Path, answer: bytes):
        server = socket.socket(socket.AF_UNIX)
        server.bind(str(path))
        server.listen()
        sockets.append(server)
        threading.Thread(target=serve, args=(server, answer), daemon=True).start()
        return path

    yield listen
    for server in sockets:
        server.shutdown(socket.SHUT_RDWR)
        server.close()


def serve(server: socket.socket, answer: bytes) -> None:
    while True:
        try:
            client, _ = server.accept()
        except OSError:
            return
        with client:
            client.recv(17)
            client.sendall(answer)


@pytest.fixture
def milter_answer() -> bytes:
    """What a milter says to the MTA's offer."""
    return struct.pack(">IcIII", 13, b"O", 6, 0, 0)


@pytest.fixture
def own_name() -> str:
    return pwd.getpwuid(os.geteuid()).pw_name
