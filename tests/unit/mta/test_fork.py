from __future__ import annotations

import os
import signal
import sys

from postward.mta.fork import CRASHED, fork
from postward.mta.link import open_link


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
