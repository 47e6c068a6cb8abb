# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os

import pytest

from postward.app.mta_lines.postconf import find_postconf
from postward.app.mta_lines.postfix_host import read_postfix_host

SMTP = "smtp inet n - y - - smtpd\n"
CLEANUP = "cleanup unix n - y - 0 cleanup\n"


@pytest.fixture
def postconf():
    found = find_postconf()
    assert found is not None, "Postfix is needed for these tests; it need not run"
    return found


@pytest.fixture
def postfix_dir(tmp_path):
    """Make the configuration directory of a private Postfix instance."""

    def make(main: str = "", master: str = SMTP + CLEANUP):
        directory = tmp_path / "postfix"
        queue = tmp_path / "queue"
        directory.mkdir(exist_ok=True)
        queue.mkdir(exist_ok=True)
        head = f"compatibility_level = 3.6\nqueue_directory = {queue}\n"
        (directory / "main.cf").write_text(head + main)
        (directory / "master.cf").write_text(master)
        # Postfix waits until a file that was just written is two seconds old.
        for file in directory.iterdir():
            os.utime(file, (1_000_000_000, 1_000_000_000))
        return directory

    return make


@pytest.fixture
def host_of(postconf, postfix_dir):
    """Read such an instance back with the real postconf."""

    def read(main: str = "", master: str = SMTP + CLEANUP):
        return read_postfix_host(postconf, postfix_dir(main, master))

    return read
