# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.diagnose.finding import Level
from postward.app.diagnose.scanners import check_scanners
from postward.config import load
from tests.mailhost.clamd import Clamd
from tests.mailhost.scratch import Scratch
from tests.mailhost.spamd import Spamd


@pytest.fixture
def findings(tmp_path):
    def check(text, user="nobody"):
        path = tmp_path / "postward.yaml"
        path.write_text(text)
        return [(finding.check, finding.level, finding.message) for finding in check_scanners(load(path), user)]

    return check


def test_those_that_are_switched_off_are_not_told_of(findings):
    assert findings("") == []


@pytest.mark.parametrize("user", ["nobody", "no-such-user"])
def test_each_is_asked_whether_it_lives(findings, user):
    with Scratch() as folder, Clamd(folder / "clamd") as clamd, Spamd(folder / "spamd") as spamd:
        text = f"{{clamav: {{socket: '{clamd.socket}'}}, spamassassin: {{socket: '{spamd.address}'}}}}"
        assert findings(text, user) == [
            ("clamav", Level.OK, f"{clamd.socket} answers"),
            ("spamassassin", Level.OK, f"{spamd.address} answers"),
        ]
        swapped = f"{{rspamd: {{socket: '{clamd.socket}'}}}}"
        ((check, level, _message),) = findings(swapped, user)
        assert (check, level) == ("rspamd", Level.ERROR)


def test_one_that_does_not_run_is_an_error(findings):
    assert findings("{clamav: {socket: 'unix:/nonexistent/clamd'}}") == [
        ("clamav", Level.ERROR, "unix:/nonexistent/clamd cannot be reached: [Errno 2] No such file or directory")
    ]


def test_one_to_which_the_service_may_not_connect_is_an_error(findings):
    with Scratch() as folder, Clamd(folder / "clamd") as clamd:
        (folder / "clamd" / "sock").chmod(0o600)
        ((_, level, message),) = findings(f"{{clamav: {{socket: '{clamd.socket}'}}}}", "daemon")
    assert level is Level.ERROR
    assert message.endswith("cannot be reached: [Errno 13] Permission denied")
