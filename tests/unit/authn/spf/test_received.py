# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.authn.spf import received_spf
from postward.model.spf import SpfResult, SpfScope, SpfStatus

CLIENT = ip_address("192.0.2.1")
PAIR = r'[a-z-]+=(?:[0-9A-Za-z!#$%&\'*+/=?^_`{|}~.-]+|"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*")'
FIELD = re.compile(rf"[a-z]+ \([\x20-\x27\x2a-\x5b\x5d-\x7e]+\)\r\n\t{PAIR}(?:;\r\n\t{PAIR})*")
"""RFC 7208 section 9.1, with every pair on a line of its own."""


def result(**changes):
    values = {
        "status": SpfStatus.PASS,
        "scope": SpfScope.MFROM,
        "domain": "example.com",
        "identity": "user@example.com",
        "mechanism": "ip4:192.0.2.0/24",
    }
    return SpfResult(**(values | changes))


def test_a_field():
    assert received_spf(result(), CLIENT, "mail.example.com", "mx.example.net") == (
        b"pass (domain of example.com designates 192.0.2.1 as permitted sender)\r\n"
        b"\treceiver=mx.example.net;\r\n"
        b"\tclient-ip=192.0.2.1;\r\n"
        b'\tenvelope-from="user@example.com";\r\n'
        b"\thelo=mail.example.com;\r\n"
        b"\tidentity=mailfrom;\r\n"
        b'\tmechanism="ip4:192.0.2.0/24"'
    )


def test_the_helo_identity_has_no_envelope_sender():
    field = received_spf(
        result(scope=SpfScope.HELO, identity="postmaster@h.example", mechanism=""),
        CLIENT,
        "h.example",
        "mx.example.net",
    )
    assert b"envelope-from" not in field
    assert b"identity=helo" in field
    assert b"mechanism" not in field


@pytest.mark.parametrize("status", SpfStatus)
def test_every_result_has_its_words(status):
    field = received_spf(result(status=status), ip_address("2001:db8::1"), "h.example", "mx.example.net")
    assert field.startswith(f"{status} (".encode())
    assert b'client-ip="2001:db8::1"' in field


def test_values_cannot_end_the_string_or_the_field():
    field = received_spf(
        result(identity='a"; x="\\\r\nBcc: b@example.com\x00\xe9\udcff', domain="x) (y"),
        CLIENT,
        "h;i=(",
        "mx.example.net",
    ).decode()
    assert FIELD.fullmatch(field)
    assert 'envelope-from="a\\"; x=\\"\\\\??Bcc: b@example.com???"' in field
    assert 'helo="h;i=("' in field
    assert "the sender's domain" in field


def test_what_is_too_long_is_left_out():
    field = received_spf(result(identity="u" * 400), CLIENT, "h" * 400, "mx.example.net")
    assert b"envelope-from" not in field
    assert b"helo=" not in field


@given(
    st.builds(
        SpfResult,
        status=st.sampled_from(SpfStatus),
        scope=st.sampled_from(SpfScope),
        domain=st.text(),
        identity=st.text(),
        problem=st.text(),
        mechanism=st.text(),
    ),
    st.text(),
    st.text(),
)
def test_whatever_comes_it_is_a_field(hostile, helo, receiver):
    field = received_spf(hostile, CLIENT, helo, receiver)
    assert FIELD.fullmatch(field.decode("ascii"))
    assert max(map(len, field.split(b"\r\n"))) <= 998
