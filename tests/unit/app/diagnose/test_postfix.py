# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os

import pytest

from postward.app.diagnose.finding import Level
from postward.app.diagnose.postfix import check_postfix
from postward.app.mta_lines.postconf import find_postconf
from postward.app.mta_lines.postfix_host import read_postfix_host
from postward.config import load

MASTER = "smtp inet n - y - - smtpd\ncleanup unix n - y - 0 cleanup\n"
ASKED = "smtpd_milters = unix:pw/m.sock\n"
SET_UP = f"{ASKED}non_smtpd_milters = $smtpd_milters\nmilter_default_action = tempfail\n"


@pytest.fixture
def findings_of(tmp_path):
    """The findings about a private instance of Postfix, with Postward's socket in its queue directory."""
    postconf = find_postconf()
    assert postconf is not None, "Postfix is needed for these tests; it need not run"

    def check(main: str, master: str = MASTER):
        (tmp_path / "main.cf").write_text(f"compatibility_level = 3.6\nqueue_directory = {tmp_path}\n{main}")
        (tmp_path / "master.cf").write_text(master)
        (tmp_path / "postward.yaml").write_text(f"listen: unix:{tmp_path}/pw/m.sock\n")
        # Postfix waits until a file that was just written is two seconds old.
        for file in tmp_path.iterdir():
            os.utime(file, (1_000_000_000, 1_000_000_000))
        found = check_postfix(read_postfix_host(postconf, tmp_path), load(tmp_path / "postward.yaml"))
        return [(item.check.removeprefix("postfix."), item.level) for item in found]

    return check


def test_a_host_that_is_set_up(findings_of):
    assert findings_of(SET_UP) == [("postfix", Level.OK)]


@pytest.mark.parametrize("main", ["", "smtpd_milters = inet:127.0.0.1:8891\n", "smtpd_milters = unix:other\n"])
def test_a_host_that_does_not_ask_postward(findings_of, main):
    assert findings_of(main) == [("smtpd_milters", Level.ERROR)]


def test_no_milters_for_all(findings_of):
    assert findings_of(SET_UP + "receive_override_options = no_milters\n") == [("smtpd_milters", Level.ERROR)]


def test_mail_that_passes_while_postward_is_away(findings_of):
    accept = SET_UP.replace("tempfail", "accept")
    assert findings_of(accept) == [("milter_default_action", Level.WARNING)]
    entry = "smtpd_milters = { unix:pw/m.sock, default_action=accept }\n"
    assert findings_of(SET_UP.replace(ASKED, entry)) == [("milter_default_action", Level.WARNING)]
    entry = "smtpd_milters = { unix:pw/m.sock, default_action=tempfail }\n"
    assert findings_of(accept.replace(ASKED, entry)) == [("postfix", Level.OK)]


@pytest.mark.parametrize("option", ["smtpd_milters=", "smtpd_milters=inet:h:1", "receive_override_options=no_milters"])
def test_a_service_that_leaves_postward_out(findings_of, option):
    master = f"{MASTER}submission inet n - y - - smtpd -o {option}\n"
    assert findings_of(SET_UP, master) == [("smtpd_milters", Level.WARNING)]


def test_mail_that_comes_back_is_judged_once(findings_of):
    back = f"{MASTER}127.0.0.1:10025 inet n - n - - smtpd -o content_filter="
    assert findings_of(SET_UP, f"{back}\n") == [("reinjection", Level.WARNING)]
    assert findings_of(SET_UP, f"{back} -o smtpd_milters=\n") == [("postfix", Level.OK)]


def test_local_mail(findings_of):
    without = SET_UP.replace("non_smtpd_milters = $smtpd_milters\n", "")
    assert findings_of(without) == [("non_smtpd_milters", Level.WARNING)]


def test_an_old_protocol(findings_of):
    assert findings_of(SET_UP + "milter_protocol = 2\n") == [("milter_protocol", Level.ERROR)]


def test_a_before_queue_filter(findings_of):
    assert findings_of(SET_UP + "smtpd_proxy_filter = 127.0.0.1:10024\n") == [("smtpd_proxy_filter", Level.ERROR)]


def test_a_filter_that_gives_mail_back_as_local(findings_of):
    master = f"{MASTER}f unix - n n - 1 pipe user=nobody argv=/bin/true\n"
    assert findings_of(SET_UP + "content_filter = f:dummy\n", master) == [("content_filter", Level.WARNING)]


def test_maps_that_switch_milters_off(findings_of):
    assert findings_of(SET_UP + "smtpd_milter_maps = cidr:/etc/postfix/m\n") == [("smtpd_milter_maps", Level.WARNING)]


def test_an_absolute_path_that_only_works_without_chroot(findings_of, tmp_path):
    main = SET_UP.replace("unix:pw/m.sock", f"unix:{tmp_path}/pw/m.sock")
    assert findings_of(main) == [("smtpd_milters", Level.ERROR)]
    assert findings_of(main, MASTER.replace("- y -", "- n -")) == [("postfix", Level.OK)]
