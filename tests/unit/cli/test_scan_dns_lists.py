# SPDX-License-Identifier: GPL-3.0-or-later
"""A stored message is judged by the same lists, probed in the same way."""

from __future__ import annotations

import json

import pytest
import yaml
from click.testing import CliRunner

from postward.cli.main import postward

ZONE = {
    "2.0.0.127.zen.spamhaus.org": [{"A": "127.0.0.2"}, {"A": "127.0.0.4"}, {"A": "127.0.0.10"}],
    "9.113.0.203.zen.spamhaus.org": [{"A": "127.0.0.4"}, {"A": "127.0.0.11"}],
    "dbltest.com.k3y.dbl.dq.spamhaus.net": [{"A": "127.0.1.2"}],
    "evil.example.k3y.dbl.dq.spamhaus.net": [{"A": "127.0.1.4"}],
    # It would trust all the world.
    "2.0.0.127.list.dnswl.org": [{"A": "127.0.10.3"}],
    "9.113.0.203.list.dnswl.org": [{"A": "127.0.10.3"}],
}
CONFIG = """
authserv_id: mx.example.net
dns: {servers: [8.8.8.8]}
dns_lists: {use: [spamhaus_zen, spamhaus_dbl_dqs, dnswl], keys: {spamhaus: k3y}}
"""
LETTER = b"From: a@b.example\r\nSubject: x\r\n\r\nhttp://evil.example/pay\r\n"


@pytest.fixture
def scan(tmp_path):
    def run(*options, letter=LETTER, more=""):
        (tmp_path / "zone.yaml").write_text(yaml.safe_dump(ZONE))
        (tmp_path / "postward.yaml").write_text(CONFIG.replace("[8.8.8.8]", "[8.8.8.8]" + more))
        arguments = ["--dns", str(tmp_path / "zone.yaml"), "--config", str(tmp_path / "postward.yaml")]
        client = ["--ip", "203.0.113.9", "--helo", "mx.b.example", "--mail-from", "a@b.example"]
        result = CliRunner().invoke(postward, ["scan", *arguments, *client, *options, "-"], input=letter)
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


def test_listings_count_and_say_why(scan):
    report = json.loads(scan("--json"))
    found = {symbol["name"]: symbol for symbol in report["symbols"] if symbol["group"] == "dns_lists"}
    assert sorted(found) == ["DBL_PHISH", "ZEN_PBL", "ZEN_XBL"]
    assert found["ZEN_XBL"]["detail"] == "203.0.113.9 (the client) is on spamhaus_zen"
    assert found["DBL_PHISH"]["detail"] == "evil.example (a link) is on spamhaus_dbl_dqs"
    assert report["score"] > 5


def test_a_list_that_cannot_be_believed_is_named(scan):
    told = json.loads(scan("--json"))["not_checked"]["dns_lists"]
    assert told == "dnswl: probed with 2.0.0.127, it refused the question (127.0.10.3)"


def test_no_key_is_shown(scan):
    assert "k3y" not in scan("--json") + scan()


def test_questions_to_lists_leave_those_of_authentication_their_allowance(scan):
    links = b"".join(b"http://d%d.example/\r\n" % number for number in range(100))
    report = json.loads(scan("--json", letter=LETTER + links, more=", queries_per_message: 10"))
    assert report["spf"]["result"] == "none"
    assert report["iprev"]["result"] != "temperror"
    assert [symbol for symbol in report["symbols"] if symbol["name"] == "ZEN_XBL"]
