# SPDX-License-Identifier: GPL-3.0-or-later
"""Against a real clamd, with signatures of our own; hostile answers come from a server of our own."""

from __future__ import annotations

import base64
import io
import time
import zipfile
from contextlib import ExitStack
from dataclasses import replace
from functools import partial

import pytest

from postward.model.body import Body
from postward.model.scan_result import ScanResult, ScanStatus
from postward.mta.spool_file import SpoolFile
from postward.scanners.clamav import ClamavScanner, read_reply
from postward.scanners.failure import ScannerDeclined, ScannerFailure, ScannerTimeout
from tests.mailhost.clamd import EICAR, EICAR_NAME, MARKER, MARKER_NAME, STREAM_MAX_BYTES
from tests.unit.scanners.answering import Answering, drain
from tests.unit.scanners.messages import GUARD_S, message, settings

CLEAN = ScanResult(status=ScanStatus.CLEAN)
EICAR_FOUND = ScanResult(status=ScanStatus.VIRUS, viruses=(EICAR_NAME,))
END = b"Hello\r\n\0\0\0\0"
"""The last chunk, and the empty one that ends the stream."""
ATTACHED = ("MIME-Version: 1.0", "Content-Type: application/octet-stream", "Content-Transfer-Encoding: base64")


@pytest.fixture
def scanner():
    """Makes scanners that are closed in the end."""
    with ExitStack() as opened:

        def make(socket):
            made = ClamavScanner(settings("clamav", socket), clock=time.monotonic)
            opened.callback(made.close)
            return made

        yield make


def scan(asked, shown, timeout_s=GUARD_S):
    return asked.scan(shown, time.monotonic() + timeout_s)


def zipped(content):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("invoice.txt", content)
    return archive.getvalue()


@pytest.mark.parametrize("way", ["socket", "address"])
def test_eicar_is_found_and_other_mail_is_clean(clamd, way, scanner):
    asked = scanner(getattr(clamd, way))
    assert scan(asked, message()) == CLEAN
    assert scan(asked, message(EICAR)) == EICAR_FOUND
    assert scan(asked, message(b"Hello " + MARKER)) == ScanResult(status=ScanStatus.VIRUS, viruses=(MARKER_NAME,))
    asked.close()


@pytest.mark.parametrize("content", [EICAR, zipped(EICAR)], ids=["attached", "zipped"])
def test_eicar_is_found_in_an_attachment(clamd, content, scanner):
    assert scan(scanner(clamd.socket), message(base64.encodebytes(content), *ATTACHED)) == EICAR_FOUND


def test_a_virus_behind_many_chunks_is_found(clamd, scanner):
    body = Body(memory_bytes=100_000, make_overflow=partial(SpoolFile, str(clamd.root)))
    for _ in range(10):
        body.append(b"x" * 70_000 + b"\r\n")
    body.append(EICAR)
    assert scan(scanner(clamd.socket), replace(message(), body=body)) == EICAR_FOUND


def test_one_session_serves_for_many_messages(scratch, scanner):
    numbers = iter(range(1, 100))

    def serve(connection):
        while drain(connection, END):
            connection.sendall(b"%d: stream: OK\0" % next(numbers))

    with Answering(scratch / "sock", serve) as server:
        asked = scanner(server.address)
        assert [scan(asked, message()) for _ in range(5)] == [CLEAN] * 5
        asked.close()
        assert server.connections == 1


def test_messages_that_clamd_finds_too_large_are_declined(clamd, scanner):
    asked = scanner(clamd.socket)
    with pytest.raises(ScannerDeclined, match="StreamMaxLength"):
        scan(asked, message(b"x" * (STREAM_MAX_BYTES + 500_000)))
    assert scan(asked, message()) == CLEAN


def test_a_restart_costs_no_message(clamd, scanner):
    asked = scanner(clamd.socket)
    assert scan(asked, message()) == CLEAN
    clamd.kill()
    clamd.start()
    assert scan(asked, message(EICAR)) == EICAR_FOUND


def test_one_that_does_not_run_cannot_be_reached(clamd, scanner):
    asked = scanner(clamd.socket)
    clamd.stop()
    with pytest.raises(ScannerFailure, match="cannot be reached"):
        scan(asked, message())
    with pytest.raises(ScannerFailure, match="cannot be reached"):
        asked.ping(time.monotonic() + GUARD_S)


@pytest.mark.parametrize("kept", [False, True])
def test_one_that_hangs_costs_its_time_out(clamd, kept, scanner):
    asked = scanner(clamd.socket)
    if kept:
        assert scan(asked, message()) == CLEAN
    clamd.hang()
    for question in (lambda: scan(asked, message(), 0.3), lambda: asked.ping(time.monotonic() + 0.3)):
        started_s = time.monotonic()
        with pytest.raises(ScannerTimeout):
            question()
        assert 0.3 <= time.monotonic() - started_s < GUARD_S / 2
    clamd.go_on()
    assert scan(asked, message()) == CLEAN


def test_an_octet_now_and_then_does_not_put_the_deadline_off(scratch, scanner):
    def serve(connection):
        while True:
            connection.sendall(b"1")
            time.sleep(0.05)

    with Answering(scratch / "sock", serve) as server:
        started_s = time.monotonic()
        with pytest.raises(ScannerTimeout):
            scan(scanner(server.address), message(), 0.4)
        assert time.monotonic() - started_s < GUARD_S / 2


@pytest.mark.parametrize(
    "answer", [b"\0", b"2: stream: OK\0", b"1: stream: maybe\0", b"x" * 10_000, b"1: stream: OK"], ids=repr
)
def test_nonsense_is_a_failure(scratch, answer, scanner):
    def serve(connection):
        drain(connection, END)
        connection.sendall(answer)

    with Answering(scratch / "sock", serve) as server, pytest.raises(ScannerFailure):
        scan(scanner(server.address), message())


def test_names_of_viruses_are_made_fit():
    result = read_reply(b"stream: Bad\r\nX-Evil: \xff" + b"x" * 500 + b" FOUND")
    assert result.status is ScanStatus.VIRUS
    assert result.viruses[0].startswith("Bad__X-Evil:__xxx")
    assert len(result.viruses[0]) == 100


def test_an_error_of_clamd_is_told_to_the_log_alone():
    with pytest.raises(ScannerFailure, match=r"^could not scan the message$") as failed:
        read_reply(b"stream: Can't allocate memory ERROR")
    assert failed.value.told == "stream: Can't allocate memory ERROR"


def test_what_is_beyond_the_limits_of_clamav_is_not_a_virus():
    with pytest.raises(ScannerDeclined, match="limits"):
        read_reply(b"stream: Heuristics.Limits.Exceeded.MaxFiles FOUND")
