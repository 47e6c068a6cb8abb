# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from pydantic_core import PydanticCustomError

from postward.config.schema.endpoint import InetSocket, UnixSocket, parse_dns_server, parse_host_port, parse_listen


@pytest.mark.parametrize(
    ("text", "socket"),
    [
        ("unix:/run/postward/milter.sock", UnixSocket(path="/run/postward/milter.sock")),
        ("local:/run/x", UnixSocket(path="/run/x")),
        ("inet:8890@127.0.0.1", InetSocket(host="127.0.0.1", port=8890)),
        ("inet:127.0.0.1:8890", InetSocket(host="127.0.0.1", port=8890)),
        ("inet6:8890@::1", InetSocket(host="::1", port=8890)),
        ("inet:[::1]:8890", InetSocket(host="::1", port=8890)),
        ("inet:8890@mx.example.com", InetSocket(host="mx.example.com", port=8890)),
    ],
)
def test_both_ways_of_writing_a_socket(text, socket):
    assert parse_listen(text) == socket
    assert parse_listen(str(socket)) == socket


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/run/x",
        "unix:x",
        "unix:/" + "x" * 107,
        "inet:8890",
        "inet:0@h",
        "inet:99999@h",
        "inet:a@b",
        "tcp:1@h",
        25,
        None,
    ],
)
def test_what_is_no_socket(text):
    with pytest.raises(PydanticCustomError):
        parse_listen(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("192.0.2.1", "192.0.2.1:53"),
        ("::1", "[::1]:53"),
        ("127.0.0.1:5353", "127.0.0.1:5353"),
        ("[::1]:5353", "[::1]:5353"),
    ],
)
def test_dns_servers(text, written):
    assert str(parse_dns_server(text)) == written


@pytest.mark.parametrize("text", ["ns.example.com", "ns.example.com:53", "127.0.0.1:", "127.0.0.1:0", "::1:99999999"])
def test_what_is_no_dns_server(text):
    with pytest.raises(PydanticCustomError):
        parse_dns_server(text)


@pytest.mark.parametrize("text", ["9618", "localhost:9618", "127.0.0.1", "127.0.0.1:99999"])
def test_what_is_no_host_and_port(text):
    with pytest.raises(PydanticCustomError):
        parse_host_port(text)
