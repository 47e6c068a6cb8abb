# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.model.milter_socket import InetSocket, UnixSocket, parse_milter_socket


@pytest.mark.parametrize("text", ["unix:/run/p/m.sock", "local:/run/p/m.sock"])
def test_unix_sockets(text):
    socket = parse_milter_socket(text)
    assert socket == UnixSocket(path="/run/p/m.sock")
    assert str(socket) == "unix:/run/p/m.sock"


@pytest.mark.parametrize(
    ("text", "socket", "milter_form"),
    [
        ("inet:8892@127.0.0.1", InetSocket(host="127.0.0.1", port=8892), "inet:8892@127.0.0.1"),
        ("inet:127.0.0.1:8892", InetSocket(host="127.0.0.1", port=8892), "inet:8892@127.0.0.1"),
        ("inet:localhost:8892", InetSocket(host="localhost", port=8892), "inet:8892@localhost"),
        ("inet:8892", InetSocket(host="", port=8892), "inet:8892"),
        ("inet6:8892", InetSocket(host="", port=8892, is_name_of_ipv6=True), "inet6:8892"),
        ("inet6:8892@::1", InetSocket(host="::1", port=8892), "inet6:8892@[::1]"),
        ("inet:[::1]:8892", InetSocket(host="::1", port=8892), "inet6:8892@[::1]"),
        ("inet6:8892@[::1]", InetSocket(host="::1", port=8892), "inet6:8892@[::1]"),
        ("inet6:8892@mx", InetSocket(host="mx", port=8892, is_name_of_ipv6=True), "inet6:8892@mx"),
        ("inet6:mx:8892", InetSocket(host="mx", port=8892, is_name_of_ipv6=True), "inet6:8892@mx"),
    ],
)
def test_tcp_in_either_spelling(text, socket, milter_form):
    assert parse_milter_socket(text) == socket
    assert str(socket) == milter_form
    assert parse_milter_socket(milter_form) == socket


@pytest.mark.parametrize(
    "text",
    [
        "",
        "unix:",
        "/run/m.sock",
        "m.sock",
        "inet:",
        "inet:host",
        "inet:70000@host",
        "inet:a:b:1",
        "inet:1@a@b",
        "inet:1@[::1",
        "inet:1@a b",
        "inet:\u0661@h",
        "tcp:1@h",
        "inet:1@" + "x" * 256,
    ],
)
def test_what_is_no_milter_socket(text):
    with pytest.raises(ValueError, match=r"is no socket|has a port"):
        parse_milter_socket(text)
