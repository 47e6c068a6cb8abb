# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import select
import signal
import sys

from postward.mta.fork import CRASHED, fork
from postward.mta.link import open_link

PATIENCE_S = 20
STILL_OPEN = 1


def status_of(pid):
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_a_child_ends_with_what_its_body_returns():
    assert status_of(fork(lambda: 7)) == 7


def test_a_body_that_fails_never_comes_back(capfd):
    def body():
        raise ValueError("in the child")

    assert status_of(fork(body)) == CRASHED
    assert "in the child" in capfd.readouterr().err


def test_a_body_that_exits_never_comes_back():
    assert status_of(fork(lambda: sys.exit(3))) == CRASHED


def test_a_child_ignores_what_is_meant_for_the_supervisor():
    here, there = open_link()

    def body():
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            os.kill(os.getpid(), number)
        there.send("alive")
        return 0

    assert status_of(fork(body, close=(here,))) == 0
    assert here.receive() == [{"kind": "alive"}]
    here.close()
    there.close()


def sees_the_end(link):
    """Body of a child that waits for the other side of its line to go away."""
    select.select([link], [], [], PATIENCE_S)
    link.receive()
    return STILL_OPEN if link.is_open else 0


def test_a_child_does_not_hide_the_end_of_another_childs_line():
    one, ones = open_link()
    watcher = fork(lambda: sees_the_end(ones), close=(one,))
    ones.close()
    other, others = open_link()
    bystander = fork(lambda: sees_the_end(others), close=(one, other))
    others.close()
    # Only this process holds the line now, and the bystander lives.
    one.close()
    assert status_of(watcher) == 0
    other.close()
    assert status_of(bystander) == 0


def test_what_a_child_lets_go_of_stays_open_here():
    here, there = open_link()
    assert status_of(fork(lambda: 0, close=(here, there))) == 0
    assert there.send("still here")
    assert here.receive() == [{"kind": "still here"}]
    here.close()
    there.close()


def test_the_end_of_a_child_is_seen_at_its_line_however_it_ends():
    here, there = open_link()
    pid = fork(lambda: sees_the_end(there), close=(here,))
    there.close()
    os.kill(pid, signal.SIGKILL)
    assert status_of(pid) == -signal.SIGKILL
    assert here.receive() == []
    assert not here.is_open
    here.close()
