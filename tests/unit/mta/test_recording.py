# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import socket
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.mta.recording import (
    authentication_of,
    client_told,
    connection_of,
    connection_told,
    field_of,
    macro,
    path_of,
    text,
)


class Macros:
    """A context that knows macros; bytes that are not UTF-8 raise as in pymilter."""

    def __init__(self, **values):
        self.values = values

    def getsymval(self, name):
        value = self.values.get(name.strip("{}"))
        return value if value is None else value.decode()


def test_macros():
    ctx = Macros(auth_authen=b"user", auth_type=b"PLAIN", tls_version=b"TLSv1.3", i=b"Q\xff")
    assert macro(ctx, "i") == "Q\udcff"
    assert macro(ctx, "j") == ""
    authentication = authentication_of(ctx)
    assert (authentication.user, authentication.mechanism) == ("user", "PLAIN")
    assert authentication.tls_version == "TLSv1.3"


@pytest.mark.parametrize(
    ("family", "address", "expected", "port"),
    [
        (socket.AF_INET, ("192.0.2.1", 25), "192.0.2.1", 25),
        (socket.AF_INET6, ("2001:db8::1", 25, 0, 0), "2001:db8::1", 25),
        (socket.AF_INET6, ("::ffff:192.0.2.1", 25, 0, 0), "192.0.2.1", 25),
        (socket.AF_INET6, ("inet6:unknown", 25, 0, 0), None, 0),
        (socket.AF_UNIX, "/run/socket", None, 0),
        (0, None, None, 0),
    ],
)
def test_connections(family, address, expected, port):
    connection = connection_of(Macros(j=b"mx.example"), "name", family, address)
    assert connection.address == (ip_address(expected) if expected else None)
    assert (connection.name, connection.port, connection.mta_name) == ("name", port, "mx.example")


@pytest.mark.parametrize(
    ("told", "address"),
    [
        (b"192.0.2.1", "192.0.2.1"),
        (b"IPv6:2001:db8::1", "2001:db8::1"),
        (b"2001:db8::1", "2001:db8::1"),
        (b"IPv6:::ffff:192.0.2.1", "192.0.2.1"),
        (b"fe80::1%eth0", "fe80::1"),
        (b"unknown", None),
        (b"", None),
    ],
)
def test_a_connection_that_only_macros_tell_of(told, address):
    ctx = Macros(client_addr=told, daemon_name=b"MTA", j=b"mx.example")
    connection = connection_told(ctx)
    assert client_told(ctx) == told.decode()
    assert connection.address == (ip_address(address) if address else None)
    assert (connection.name, connection.daemon_name, connection.mta_name) == ("", "MTA", "mx.example")


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        (b"<a@example.com>", "a@example.com"),
        (b"a@example.com", "a@example.com"),
        (b"<>", ""),
        (b"", ""),
        (b"<@a.example,@b.example:u@c.example>", "u@c.example"),
        (b'<"a:b"@example.com>', '"a:b"@example.com'),
        (b"<\xff@example.com>", "\udcff@example.com"),
    ],
)
def test_paths(raw, address):
    assert path_of(raw).text == address


@given(st.binary())
def test_bytes_survive_as_text(raw):
    assert text(raw).encode("utf-8", "surrogateescape") == raw


@given(st.binary())
def test_a_value_differs_in_its_line_ends_only(value):
    field = field_of(b"X", value, keeps_leading_space=True)
    assert field.value.replace(b"\r\n", b"\n") == value.replace(b"\r\n", b"\n")
    assert field.value.replace(b"\r\n", b"").count(b"\n") == 0
