# SPDX-License-Identifier: GPL-3.0-or-later
"""The README's demo: verdicts in words, mail of its own user signed and refused; with KEEP=1 it stays up until told."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mailhost.scratch import Scratch

PACKAGING = Path(__file__).parents[2] / "packaging"
_TIMEOUT_S = 120


def _environment(scratch, **more):
    return os.environ | {"TMPDIR": str(scratch), "COLUMNS": "80", "TERM": "dumb", "KEEP": ""} | more


@pytest.fixture
def scratch():
    """The folder for all that the demo writes: its accounts may enter it, and its sockets have short names there."""
    with Scratch() as folder:
        folder.chmod(0o755)
        yield folder


def test_demo_tells_verdicts_and_reasons_and_leaves_nothing_behind(scratch):
    done = subprocess.run(
        [sys.executable, PACKAGING / "demo"], env=_environment(scratch),
        capture_output=True, text=True, timeout=_TIMEOUT_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    verdicts = re.findall(r"^│ [1-8]\. [^│]*│ (\w+)", done.stdout, re.MULTILINE)
    assert verdicts == ["ham", "junk", "ham", "ham", "junk", "junk", "junk", "quarantine"]
    words = " ".join(done.stdout.replace("│", " ").split())
    assert "signed by bank.example" in words
    assert "the trusted ARC sealer lists.example" in words
    assert "=> the author is not one domain" in words
    users = re.findall(r"^│ (?:9|10)\. [^│]*│ (\w+)", done.stdout, re.MULTILINE)
    assert users == ["signed", "refused"]
    assert "dkimpy, another verifier: the signature is valid" in words
    assert "550 5.7.1 You may not use this sender address" in words
    spammer = r"An ordinary letter from ham \+[\d.]+ the author's domain: 41 messages deals\.example, after \+"
    assert re.search(spammer, words)
    assert words.count("The same from the shop, ham nothing that counts is known") == 2
    assert re.search(r"^from:deals\.example$", done.stdout, re.MULTILINE)
    assert "with 95 % certainty not less than" in words
    assert "X-Spam-Flag: YES" in done.stdout
    assert "dkim=pass header.d=bank.example" not in done.stdout
    table = [line for line in done.stdout.splitlines() if line.startswith(("│", "┃"))]
    assert {len(line) for line in table} == {80}
    assert list(scratch.iterdir()) == []


def test_demo_that_stays_up_takes_mail_until_it_is_ended(scratch):
    with subprocess.Popen(
        [sys.executable, PACKAGING / "demo"], env=_environment(scratch, KEEP="1"), stdout=subprocess.PIPE, text=True
    ) as demo:
        try:
            assert demo.stdout is not None
            told = _read_until(demo.stdout, "Ctrl-C")
            done = subprocess.run(
                ["/bin/sh", "-c", _command_in(told)], capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
            )
            assert done.stdout.startswith("250 "), done.stderr
            demo.send_signal(signal.SIGTERM)
            assert "stopped and removed" in demo.stdout.read()
            assert demo.wait(_TIMEOUT_S) == 0
        finally:
            demo.terminate()
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(
    ("step", "program", "processes"),
    # Postfix's first process waits for a second, which stays.
    [
        ("Postfix with", "postfix/sbin/master", 2),
        ("Postward as", "postward run", 1),
        ("Postward as", "redis-server", 1),
    ],
)
def test_demo_that_is_ended_while_it_starts_leaves_nothing_behind(scratch, step, program, processes):
    with subprocess.Popen(
        [sys.executable, PACKAGING / "demo"], env=_environment(scratch), stdout=subprocess.PIPE, text=True
    ) as demo:
        assert demo.stdout is not None
        _read_until(demo.stdout, step)
        while len(_commands(program, scratch)) < processes:
            assert demo.poll() is None
        demo.terminate()
        assert "stopped and removed" in demo.stdout.read()
        assert demo.wait(_TIMEOUT_S) == 130
    assert list(scratch.iterdir()) == []
    assert _commands("", scratch) == []


def _commands(program, scratch):
    """The running command lines in which both appear."""
    return [line for line in _command_lines() if program in line and str(scratch) in line]


def _command_lines():
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            yield path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")


def _read_until(stream, text):
    lines = []
    for line in stream:
        lines.append(line)
        if text in line:
            break
    return "".join(lines)


def _command_in(told):
    """The command to send a message with, as a visitor would copy it."""
    (command,) = re.findall(r"^\S+ \S+/send\.py .*?^END$", told, re.MULTILINE | re.DOTALL)
    return command
