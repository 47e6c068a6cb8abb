# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.mta_lines.postfix_host import assumed_postfix_host


def test_parameters_are_expanded_and_what_is_written_is_not(host_of):
    host = host_of("mine = inet:127.0.0.1:8891\nsmtpd_milters = $mine\n")
    assert host.parameter("smtpd_milters") == "inet:127.0.0.1:8891"
    assert host.written["smtpd_milters"] == "$mine"
    assert "milter_default_action" not in host.written
    assert host.parameter("milter_default_action") != ""
    assert host.parameter("no_such_parameter") == ""


def test_a_service_has_its_own_parameters(host_of):
    host = host_of(
        "content_filter = scan:[127.0.0.1]:10024\n",
        "smtp inet n - y - - smtpd\n"
        "[::1]:10026 inet n - n - - smtpd -o content_filter= -o { smtpd_milters = inet:h:1, inet:h:2 }\n"
        "cleanup unix n - y - 0 cleanup\n",
    )
    smtp, back = host.smtpd_services()
    assert (smtp.name, smtp.type, smtp.chrooted, smtp.overrides) == ("smtp", "inet", True, {})
    assert (back.key, back.chrooted) == ("[::1]:10026/inet", False)
    assert back.line == "[::1]:10026 inet n - n - - smtpd"
    assert host.parameter("content_filter", smtp) == "scan:[127.0.0.1]:10024"
    assert host.parameter("content_filter", back) == ""
    assert host.parameter("smtpd_milters", back) == "inet:h:1, inet:h:2"


@pytest.mark.parametrize(
    ("level", "column", "chrooted"),
    [("3.6", "-", False), ("0", "-", True), ("0", "n", False), ("3.6", "y", True), ("2", "-", False)],
)
def test_what_a_dash_in_the_chroot_column_means(host_of, level, column, chrooted):
    host = host_of(f"compatibility_level = {level}\n", f"smtp inet n - {column} - - smtpd\n")
    assert host.is_chrooted is chrooted


def test_a_chrooted_cleanup_counts_too(host_of):
    assert host_of("", "smtp inet n - n - - smtpd\ncleanup unix n - y - 0 cleanup\n").is_chrooted
    assert not host_of("", "smtp inet n - n - - smtpd\nqmgr unix n - y 300 1 qmgr\n").is_chrooted


def test_the_assumed_host_says_that_it_is_one():
    host = assumed_postfix_host()
    assert not host.installed
    assert host.is_chrooted
    assert [service.name for service in host.smtpd_services()] == ["smtp", "submission", "submissions"]
