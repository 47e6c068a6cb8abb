from __future__ import annotations

from pathlib import Path

import pytest

from postward.errors import UsageError
from postward.mta.address import InetAddress, UnixAddress, parse_listen_address


@pytest.mark.parametrize("text", ["unix:/run/p/m.sock", "local:/run/p/m.sock", "/run/p/m.sock"])
def test_unix_sockets(text):
    assert parse_listen_address(text) == UnixAddress(path=Path("/run/p/m.sock"))


def test_a_relative_path_is_made_absolute():
    assert parse_listen_address("unix:m.sock") == UnixAddress(path=Path.cwd() / "m.sock")


@pytest.mark.parametrize(
    ("text", "milter_form"),
    [
        ("inet:8892@127.0.0.1", "inet:8892@127.0.0.1"),
        ("inet:127.0.0.1:8892", "inet:8892@127.0.0.1"),
        ("inet:localhost:8892", "inet:8892@localhost"),
        ("inet:8892", "inet:8892"),
        ("inet6:8892@::1", "inet6:8892@[::1]"),
        ("inet:[::1]:8892", "inet6:8892@[::1]"),
        ("inet6:8892@[::1]", "inet6:8892@[::1]"),
    ],
)
def test_tcp_in_either_spelling(text, milter_form):
    address = parse_listen_address(text)
    assert isinstance(address, InetAddress)
    assert str(address) == milter_form


@pytest.mark.parametrize(
    "text", ["", "unix:", "inet:", "inet:host", "inet:70000@host", "inet:a:b:1", "tcp:1@h", "inet:1@a b", "m.sock"]
)
def test_what_is_no_address(text):
    with pytest.raises(UsageError):
        parse_listen_address(text)
