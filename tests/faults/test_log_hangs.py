# SPDX-License-Identifier: GPL-3.0-or-later
"""The log goes to a pipe that nobody reads: mail, reloads and the end do not wait for it."""

from __future__ import annotations

import fcntl
import os

import pytest

from tests.faults.accounting import settle
from tests.faults.changed_service import restarted
from tests.faults.smtp_load import SmtpLoad
from tests.mailhost.unprivileged import hand_over
from tests.milter.metrics_page import wait_for_page

PIPE_BYTES = 4096


@pytest.fixture
def unread_pipe(host):
    """A named pipe that is open and soon full."""
    path = host.root / "unread"
    os.mkfifo(path)
    hand_over(path)
    end = os.open(path, os.O_RDWR)
    fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    yield path
    os.close(end)
    path.unlink()


def test_nothing_waits_for_it(host, unread_pipe):
    with restarted(host, "sh", "-c", f'exec "$@" 2>{unread_pipe}', "sh"):
        with SmtpLoad(host) as load:
            load.wait_for_accepted(20)
            host.postward.reload()
            load.wait_for_accepted(20)
        assert load.ledger.refused == {}
        settle(host, load.ledger, survived=False)
        port = int(host.metrics_address.rpartition(":")[2])
        wait_for_page(port, lambda page: page["postward_log_lines_lost_total"] > 0, "the lines that were lost")
        assert host.postward.stop() == 0
