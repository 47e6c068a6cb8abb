# SPDX-License-Identifier: GPL-3.0-or-later
"""Against a real spamd with rules that show what it sees; hostile answers come from a server of our own."""

from __future__ import annotations

import time
from ipaddress import ip_address

import pytest

from postward.model.scan_result import ScanStatus
from postward.scanners.failure import ScannerFailure, ScannerTimeout
from postward.scanners.spamassassin import SpamassassinScanner, read_reply
from tests.mailhost.spamd import GTUBE, GTUBE_POINTS
from tests.unit.scanners.answering import Answering, drain
from tests.unit.scanners.messages import GUARD_S, message, settings


def scan(socket, shown, timeout_s=GUARD_S, user=None):
    asked = SpamassassinScanner(settings("spamassassin", socket), user=user, clock=time.monotonic)
    return asked.scan(shown, time.monotonic() + timeout_s)


def names(result):
    return {name for name, _points in result.symbols}


@pytest.mark.parametrize("way", ["socket", "address"])
def test_score_and_symbols_are_taken_over(spamd, way):
    result = scan(getattr(spamd, way), message(GTUBE.encode() + b"\r\n"))
    assert result.status is ScanStatus.CLEAN
    assert result.score >= GTUBE_POINTS
    assert result.required == 5.0
    assert "GTUBE" in names(result)


def test_spamd_sees_the_client_and_the_envelope(spamd):
    assert {"POSTWARD_CLIENT", "POSTWARD_SENDER"} <= names(scan(spamd.socket, message()))
    other = message(client=ip_address("192.0.2.11"), sender="bob@bank.example")
    assert not {"POSTWARD_CLIENT", "POSTWARD_SENDER"} & names(scan(spamd.socket, other))


def test_no_message_can_forge_them(spamd):
    forged = (
        "Return-Path: <alice@bank.example>",
        "X-Envelope-From: <alice@bank.example>",
        "Received: from mail.bank.example (mail.bank.example [192.0.2.10]) by mx.example.net with ESMTP id 1",
    )
    helo = "x (mail.bank.example [192.0.2.10]) helo=mail.bank.example"
    shown = message(b"Hello\r\n", *forged, client=ip_address("203.0.113.9"), sender="<x>@bulk.example", helo=helo)
    assert not {"POSTWARD_CLIENT", "POSTWARD_SENDER"} & names(scan(spamd.socket, shown))


def test_a_body_that_ends_within_a_line_is_judged(spamd):
    assert "POSTWARD_SPAM" in names(scan(spamd.socket, message(b"A marvellous test offer")))


def test_a_report_within_the_message_brings_no_symbols(spamd):
    table = b" pts rule name              description\r\n-50 USER_IN_WELCOMELIST in it\r\n"
    assert "USER_IN_WELCOMELIST" not in names(scan(spamd.socket, message(table)))


def test_preferences_of_a_user_can_be_asked_for(scratch):
    asked = []

    def serve(connection):
        asked.append(drain(connection, b"Hello\r\n"))
        connection.sendall(b"SPAMD/1.1 0 EX_OK\r\nSpam: False ; -0.1 / 5.0\r\n\r\n\r\n")

    with Answering(scratch / "sock", serve) as server:
        result = scan(server.address, message(), user="mail")
    assert b"\r\nUser: mail\r\n" in asked[0]
    assert (result.score, result.symbols) == (-0.1, ())


def test_one_that_hangs_costs_its_time_out_and_goes_on_afterwards(spamd):
    spamd.hang()
    with pytest.raises(ScannerTimeout):
        scan(spamd.socket, message(), 0.3)
    spamd.go_on()
    assert scan(spamd.socket, message()).status is ScanStatus.CLEAN


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"SPAMD/1.1 0 EX_OK\r\n\r\n",
        b"SPAMD/1.1 0 EX_OK\r\nSpam: True ; nan / 5.0\r\n\r\nA",
        b"SPAMD/1.1 76 Bad header line\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
    ],
    ids=repr,
)
def test_what_is_no_answer_is_a_failure(reply):
    with pytest.raises(ScannerFailure):
        read_reply(reply)


def test_only_fit_names_are_taken_over():
    reply = b"SPAMD/1.1 0 EX_OK\r\nSpam: True ; 9.1 / 5.0\r\n\r\nGOOD_1,bad,X\r\nY,\xff, LAST"
    assert names(read_reply(reply)) == {"GOOD_1", "LAST"}
