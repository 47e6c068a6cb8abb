# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from postward.errors import UsageError
from postward.model.milter_socket import InetSocket, UnixSocket
from postward.mta.address import parse_listen_address


@pytest.mark.parametrize("text", ["unix:/run/p/m.sock", "local:/run/p/m.sock", "/run/p/m.sock"])
def test_unix_sockets(text):
    assert parse_listen_address(text) == UnixSocket(path="/run/p/m.sock")


def test_a_relative_path_is_made_absolute():
    assert parse_listen_address("unix:m.sock") == UnixSocket(path=str(Path.cwd() / "m.sock"))


def test_tcp():
    assert parse_listen_address("inet:8892@127.0.0.1") == InetSocket(host="127.0.0.1", port=8892)


@pytest.mark.parametrize(
    "text", ["", "unix:", "inet:", "inet:host", "inet:70000@host", "inet:a:b:1", "tcp:1@h", "inet:1@a b", "m.sock"]
)
def test_what_is_no_address(text):
    with pytest.raises(UsageError):
        parse_listen_address(text)
