# SPDX-License-Identifier: GPL-3.0-or-later
"""Against a real rspamd with rules that show what it sees; other answers come from servers of our own."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack
from ipaddress import ip_address

import pytest

from postward.model.scan_result import ScanStatus
from postward.scanners.failure import ScannerDeclined, ScannerFailure, ScannerTimeout
from postward.scanners.rspamd import RspamdScanner, read_reply
from tests.unit.scanners.answering import Answering, drain
from tests.unit.scanners.messages import GUARD_S, message, settings


@pytest.fixture
def scanner():
    """Makes scanners that are closed in the end."""
    with ExitStack() as opened:

        def make(socket):
            made = RspamdScanner(settings("rspamd", socket), clock=time.monotonic)
            opened.callback(made.close)
            return made

        yield make


def scan(asked, shown, timeout_s=GUARD_S):
    return asked.scan(shown, time.monotonic() + timeout_s)


@pytest.mark.parametrize("way", ["socket", "address", "name"])
def test_score_and_symbols_are_taken_over(rspamd, scanner, way):
    asked = scanner(f"inet:{rspamd.port}@localhost" if way == "name" else getattr(rspamd, way))
    asked.ping(time.monotonic() + GUARD_S)
    result = scan(asked, message(b"A marvellous test offer\r\n"))
    assert (result.status, result.score, result.required) == (ScanStatus.CLEAN, 9.25, 15.0)
    assert dict(result.symbols)["POSTWARD_SPAM"] == 7.0


def test_rspamd_sees_the_client_and_the_envelope(rspamd, scanner):
    asked = scanner(rspamd.socket)
    expected = {"POSTWARD_CLIENT": 1.5, "POSTWARD_SENDER": 0.5, "POSTWARD_RECIPIENTS": 0.25}
    assert dict(scan(asked, message()).symbols) == expected
    other = message(client=ip_address("2001:db8::1"), sender="", recipients=("a@example.net",), user="bob")
    assert dict(scan(asked, other).symbols) == {"POSTWARD_LOGIN": -2.0}


def test_the_envelope_cannot_add_fields_of_its_own(rspamd, scanner):
    shown = message(
        client=ip_address("203.0.113.9"), helo="x\r\nIP: 192.0.2.10", sender="x\nFrom: <alice@bank.example>"
    )
    assert dict(scan(scanner(rspamd.socket), shown).symbols) == {"POSTWARD_RECIPIENTS": 0.25}


def answer(score=1.0):
    content = json.dumps({"score": score, "required_score": 15, "symbols": {}}).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(content), content)


CHUNKED = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{"score\r\n5\r\n": 1}\r\n0\r\n\r\n'


@pytest.mark.parametrize("raw", [answer(), CHUNKED], ids=["length", "chunked"])
def test_a_connection_is_kept_where_the_other_side_keeps_it(scratch, scanner, raw):
    def serve(connection):
        while drain(connection, b"Hello\r\n"):
            connection.sendall(raw)

    with Answering(scratch / "sock", serve) as server:
        asked = scanner(server.address)
        assert [scan(asked, message()).score for _ in range(5)] == [1.0] * 5
        asked.close()
        assert server.connections == 1


def test_a_kept_connection_that_has_ended_costs_no_message(scratch, scanner):
    def serve(connection):
        drain(connection, b"Hello\r\n")
        connection.sendall(answer())

    with Answering(scratch / "sock", serve) as server:
        asked = scanner(server.address)
        assert [scan(asked, message()).score for _ in range(3)] == [1.0] * 3


def test_a_refusal_before_the_end_is_read_and_its_connection_not_kept(scratch, scanner):
    def serve(connection):
        drain(connection, b"\r\n\r\n")
        connection.sendall(b"HTTP/1.1 413 Too large\r\nContent-Length: 0\r\n\r\n")
        drain(connection, b"never")

    with Answering(scratch / "sock", serve) as server:
        asked = scanner(server.address)
        for _ in range(2):
            with pytest.raises(ScannerFailure, match="error"):
                scan(asked, message(b"x" * 5_000_000))
        asked.close()
        assert server.connections == 2


def test_a_field_now_and_then_does_not_put_the_deadline_off(scratch, scanner):
    def serve(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(b"X: y\r\n")
            time.sleep(0.05)

    with Answering(scratch / "sock", serve) as server:
        started_s = time.monotonic()
        with pytest.raises(ScannerTimeout):
            scan(scanner(server.address), message(), 0.4)
        assert time.monotonic() - started_s < GUARD_S / 2


def test_one_that_hangs_costs_its_time_out_and_goes_on_afterwards(rspamd, scanner):
    asked = scanner(rspamd.socket)
    rspamd.hang()
    with pytest.raises(ScannerTimeout):
        scan(asked, message(), 0.3)
    rspamd.go_on()
    assert scan(asked, message()).status is ScanStatus.CLEAN


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n",
        b"SSH-2.0\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n" + b"[" * 5_000_000,
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1_000 + b"\r\n",
    ],
    ids=["status", "other", "huge", "short", "header"],
)
def test_what_is_no_answer_in_http_is_a_failure(scratch, scanner, raw):
    def serve(connection):
        drain(connection, b"Hello\r\n")
        connection.sendall(raw)

    with Answering(scratch / "sock", serve) as server, pytest.raises(ScannerFailure):
        scan(scanner(server.address), message())


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"[" * 100_000, b'{"score": NaN}', b'{"score": 1e999}', b'{"score": true}', b'{"score": "1"}',
        b'{"score": 1%s}' % (b"0" * 400), b'{"score": 1%s}' % (b"0" * 5_000),
    ],
    ids=lambda content: f"{content[:20]!r} {len(content)}",
)  # fmt: skip
def test_what_is_no_score_is_a_failure(content):
    with pytest.raises(ScannerFailure):
        read_reply(content)


def test_names_are_made_fit_and_their_number_is_bounded():
    symbols = {
        "a b\r\nc": {"score": 1},
        "GOOD": {"score": -2.5},
        "NONE": {},
        "LIST": [],
        **{f"N{number}": {"score": 0} for number in range(1_000)},
    }
    result = read_reply(json.dumps({"score": 0, "symbols": symbols}).encode())
    assert result.symbols[:2] == (("A_B__C", 1.0), ("GOOD", -2.5))
    assert len(result.symbols) < 301


def test_mail_that_rspamd_passes_over_is_declined():
    with pytest.raises(ScannerDeclined):
        read_reply(b'{"is_skipped": true, "score": 0.0}')
