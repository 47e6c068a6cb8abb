# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward run`` itself, spoken to by an MTA that has lost its mind: its sessions end, the worker goes on."""

from __future__ import annotations

import socket
import struct

import pytest
from hypothesis import strategies as st

from tests.fuzz.effort import fuzz
from tests.fuzz.grammar import FIELDS, LINE_OCTETS, OCTETS
from tests.mailhost.world import World
from tests.milter.client import final, greet
from tests.milter.filter import running_filter

PATIENCE_S = 30
OFFER = struct.pack(">III", 6, 0x1FF, 0x1FFFFF)
COMMANDS = [bytes([letter]) for letter in b"ABCDEHKLMNOQRTUZ\0\xff"]
NUL = b"\0"


def packet(command: bytes, payload: bytes = b"") -> bytes:
    return struct.pack(">I", len(payload) + 1) + command + payload


ARGUMENTS = st.lists(LINE_OCTETS, max_size=4).map(lambda parts: b"".join(part + NUL for part in parts))
MACROS = st.builds(lambda stage, pairs: stage + pairs, st.sampled_from(COMMANDS), ARGUMENTS)
CLIENTS = st.builds(
    lambda name, family, port, address: name + NUL + family + struct.pack(">H", port) + address + NUL,
    LINE_OCTETS,
    st.sampled_from([b"4", b"6", b"L", b"U", b"?"]),
    st.integers(0, 65_535),
    st.one_of(st.sampled_from([b"192.0.2.1", b"IPv6:2001:db8::1", b"/path", b"999.1.1.1", b""]), LINE_OCTETS),
)
PACKETS = st.one_of(
    st.builds(packet, st.just(b"C"), CLIENTS),
    st.builds(packet, st.just(b"D"), MACROS),
    st.builds(packet, st.sampled_from([b"H", b"M", b"R", b"U"]), ARGUMENTS),
    st.builds(packet, st.just(b"L"), FIELDS.map(lambda field: b"%b\0%b\0" % field)),
    st.builds(packet, st.just(b"B"), OCTETS),
    st.builds(packet, st.sampled_from([b"N", b"E", b"A", b"K", b"T"])),
    # Anything that the command is not made for, without a closing NUL among others.
    st.builds(packet, st.sampled_from(COMMANDS), OCTETS),
    st.builds(lambda size, command: struct.pack(">I", size) + command, st.sampled_from([0, 1, 2, 65_536, 2**31,
    2**32 - 1]), st.sampled_from(COMMANDS)),
    st.sampled_from([packet(b"B", b"x" * 70_000), packet(b"L", b"X\0" + b"y" * 200_000 + NUL), packet(b"M",
    b"<" + b"z" * 100_000 + b">\0")]),
    OCTETS,
)  # fmt: skip
OFFERS = st.one_of(
    st.just([packet(b"O", OFFER)]),
    st.just([packet(b"O", OFFER)]),
    st.builds(lambda *numbers: [packet(b"O", struct.pack(">III", *numbers))], *[st.integers(0, 2**32 - 1)] * 3),
    st.just([]),
)
"""How the session is begun, if it is."""
ORDERLY = st.builds(
    lambda client, arguments, fields, body: [
        packet(b"C", client),
        packet(b"H", arguments),
        packet(b"M", arguments),
        packet(b"R", arguments),
        *(packet(b"L", b"%b\0%b\0" % field) for field in fields),
        packet(b"B", body),
        packet(b"E"),
    ],
    CLIENTS,
    ARGUMENTS,
    st.lists(FIELDS, max_size=5),
    OCTETS,
)
SESSIONS = st.tuples(OFFERS, st.one_of(st.lists(PACKETS, max_size=12), ORDERLY), st.lists(PACKETS, max_size=2)).map(
    lambda parts: [piece for part in parts for piece in part]
)


@pytest.fixture(scope="module")
def milter():
    with running_filter(World(), workers=1) as running:
        yield running


def say(address: str, octets: bytes) -> None:
    """Send all of it, half-close, and wait until the milter has hung up."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(PATIENCE_S)
        connection.connect(address.removeprefix("unix:"))
        try:
            connection.sendall(octets)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65_536):
                pass
        except ConnectionError:
            # The milter hung up before it had read everything.
            return


@fuzz(pieces=SESSIONS, kept=st.floats(0.5, 1.5))
def test_a_mad_mta_ends_its_own_session_only(milter, pieces, kept):
    octets = b"".join(pieces)
    say(milter.address, octets[: int(len(octets) * kept)])
    client = greet(milter.address)
    answers = client.message((b"From", b" a@bank.example"))
    client.quit()
    assert final(answers) == b"c"
    assert any(payload.startswith(b"\0\0\0\0Authentication-Results\0") for _, payload in answers)
    assert not [line for line in milter.lines if "worker.died" in line or "worker.killed" in line]
