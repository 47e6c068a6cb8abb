# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.app.diagnose.milter_probe import knock
from postward.config import InetSocket, UnixSocket


def test_a_milter_answers(open_dir, listener, milter_answer):
    assert knock(UnixSocket(path=str(listener(open_dir / "m.sock", milter_answer)))) == ""


def test_something_else_answers(open_dir, listener):
    problem = knock(UnixSocket(path=str(listener(open_dir / "m.sock", b"220 mx.example.com ESMTP\r\n"))))
    assert "not answer as a milter" in problem


def test_it_hangs_up(open_dir, listener):
    assert knock(UnixSocket(path=str(listener(open_dir / "m.sock", b"")))) != ""


def test_nothing_is_there(open_dir):
    assert knock(UnixSocket(path=f"{open_dir}/none")) == "No such file or directory"
    assert knock(InetSocket(host="127.0.0.1", port=1)) == "Connection refused"
