# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.diagnose.finding import Level
from postward.app.diagnose.name_service import PROBE_NAME, check_authserv_id, check_dns
from postward.dns.answer import Answer, Outcome, RecordType


@pytest.mark.parametrize(
    ("outcome", "level"),
    [
        (Outcome.OK, Level.OK),
        (Outcome.NODATA, Level.OK),
        (Outcome.NXDOMAIN, Level.WARNING),
        (Outcome.SERVFAIL, Level.ERROR),
        (Outcome.TIMEOUT, Level.ERROR),
    ],
)
def test_what_an_answer_means(outcome, level):
    asked = []

    def resolve(name, kind):
        asked.append((name, kind))
        return Answer(outcome=outcome)

    finding = check_dns(resolve, ("192.0.2.1:53",))
    assert asked == [(PROBE_NAME, RecordType.TXT)]
    assert finding.level is level
    assert finding.message.startswith("192.0.2.1:53: ")
    assert bool(finding.advice) is (level is not Level.OK)


def test_the_servers_of_the_system_are_named():
    assert "/etc/resolv.conf" in check_dns(lambda *_: Answer(outcome=Outcome.OK), ()).message


def test_a_name_without_a_dot_is_no_host_name():
    assert check_authserv_id("mx.example.com").level is Level.OK
    assert check_authserv_id("localhost").level is Level.WARNING
