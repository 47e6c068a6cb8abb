# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.diagnose.dns_lists import check_dns_lists
from postward.app.diagnose.finding import Level
from postward.config import load
from postward.dns.zone import ZoneLookup
from postward.dns_lists.asking import LookupAsking

ZONE = {
    "2.0.0.127.bl.spamcop.net": {"A": "127.0.0.2"},
    "2.0.0.127.psbl.surriel.com": {"A": "127.0.0.2"},
    "1.0.0.127.psbl.surriel.com": {"A": "127.0.0.2"},
}


@pytest.fixture
def findings(tmp_path):
    def check(text):
        path = tmp_path / "postward.yaml"
        path.write_text(text)
        return [
            (finding.level, finding.message) for finding in check_dns_lists(load(path), LookupAsking(ZoneLookup(ZONE)))
        ]

    return check


def test_each_list_is_probed(findings):
    assert findings("{dns: {servers: [192.0.2.53]}, dns_lists: {use: [spamcop, psbl]}}") == [
        (Level.OK, "spamcop: answers as it should"),
        (Level.ERROR, "psbl: 1.0.0.127 is listed and cannot be"),
    ]


def test_one_that_cannot_be_asked_from_here_is_a_warning(findings):
    ((level, message),) = findings("{dns: {servers: [8.8.8.8]}, dns_lists: {use: [spamhaus_zen]}}")
    assert level is Level.WARNING
    assert message.startswith("spamhaus_zen: it does not answer through 8.8.8.8")


def test_without_lists_there_is_nothing_to_say(findings):
    assert findings("") == []
