# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward scan`` of mail of our own users: what the milter would sign, complete and refuse."""

from __future__ import annotations

import json

import pytest
import yaml
from click.testing import CliRunner

from postward.cli.main import postward
from tests.signatures import keys
from tests.unit.pipeline.passing import OWN, RAW, verdicts, without

DOMAIN_FILE = {
    "domain": "example.org",
    "recipients": ["alice", "sales"],
    "senders": [{"logins": ["alice"], "may_use": [OWN]}],
}
INCOMPLETE = without(RAW, b"Date", b"Message-ID")
ALICE = ("--auth-user", "alice", "--mail-from", OWN)
FOREIGN = RAW.replace(b"alice@example.org", b"chief@example.com")


@pytest.fixture
def site(tmp_path):
    """Options that name a configuration with a key and a domain."""
    key_file = tmp_path / "keys" / "example.org" / "rsa2048.pem"
    key_file.parent.mkdir(parents=True)
    key_file.write_bytes(keys.pem("rsa2048"))
    key_file.chmod(0o600)
    manifest = {"domain": "example.org", "keys": [{"selector": "rsa2048", "file": "rsa2048.pem"}]}
    (key_file.parent / "keys.yaml").write_text(yaml.safe_dump(manifest))
    (tmp_path / "domains.d").mkdir()
    (tmp_path / "domains.d" / "example.org.yaml").write_text(yaml.safe_dump(DOMAIN_FILE))
    configuration = {
        "authserv_id": "mx.example.org",
        "signing": {"keys_dir": str(tmp_path / "keys")},
        "directory": {"domains_dir": str(tmp_path / "domains.d")},
        "submission": {"on_envelope_mismatch": "replace"},
    }
    path = tmp_path / "postward.yaml"
    path.write_text(yaml.safe_dump(configuration))
    return "--config", str(path)


@pytest.fixture
def scan(tmp_path):
    def run(*options, message=INCOMPLETE):
        (tmp_path / "zone.yaml").write_text("{}")
        output = tmp_path / "delivered"
        arguments = ["scan", "--dns", str(tmp_path / "zone.yaml"), "--output", str(output), *options, "-"]
        result = CliRunner().invoke(postward, arguments, input=message)
        assert result.exit_code == 0, result.output
        return result.stdout, output.read_bytes()

    return run


def test_the_message_comes_out_complete_and_signed(scan, site):
    _, raw = scan(*site, *ALICE)
    assert raw.startswith(b"DKIM-Signature: v=1; a=rsa-sha256;")
    assert verdicts(raw) == ["pass"]
    assert raw.count(b"\r\nDate: ") == raw.count(b"\r\nMessage-ID: ") == 1
    assert raw.endswith(RAW.partition(b"\r\n\r\n")[2])


def test_json_tells_who_signed_and_what_was_added(scan, site):
    report = json.loads(scan(*site, *ALICE, "--json")[0])
    assert report["signing"] == {
        "signed_by": ["example.org:rsa2048"],
        "unsigned_reason": "",
        "sealed_by": "",
        "unsealed_reason": "",
    }
    assert (report["sender_rights"]["envelope"], report["sender_rights"]["header_from"]) == ("allowed", "allowed")
    added = {action["name"] for action in report["actions"] if action["type"] == "add_header"}
    assert added == {"DKIM-Signature", "Date", "Message-ID"}
    assert (report["direction"], report["reply"]) == ("outbound", None)


def test_what_the_sender_may_not_use_is_replaced_or_let_through_unsigned(scan, site):
    options = (*site, "--auth-user", "alice", "--mail-from", "chief@example.com", "--json")
    text, raw = scan(*options, message=FOREIGN)
    report = json.loads(text)
    assert {"type": "change_sender", "address": OWN} in report["actions"]
    assert {"type": "add_header", "name": "Sender", "value": OWN} in report["actions"]
    assert report["signing"]["unsigned_reason"] == "the sender may not use the address in From"
    assert b"DKIM-Signature:" not in raw


def test_the_same_is_told_in_words(scan, site):
    words = " ".join(scan(*site, *ALICE)[0].split())
    assert "signed by example.org:rsa2048" in words
    assert "add header DKIM-Signature: v=1;" in words
    refused = " ".join(scan(*site, "--auth-user", "alice", "--mail-from", "x@example.com", message=FOREIGN)[0].split())
    assert "of the envelope sender: denied, of the address in From: denied" in refused
    assert "not signed: the sender may not use the address in From" in refused
    assert f"change sender {OWN}" in refused


def test_mail_from_outside_is_not_signed(scan, site):
    text, raw = scan(*site, "--ip", "192.0.2.7", "--mail-from", OWN, "--json", message=RAW)
    report = json.loads(text)
    assert (report["direction"], report["signing"], report["sender_rights"]) == ("inbound", None, None)
    assert b"DKIM-Signature:" not in raw


@pytest.mark.parametrize("options", [(), ("--ip", "192.0.2.7")])
def test_without_a_configuration_nobody_signs_or_judges(scan, options):
    text, raw = scan("--auth-user", "alice", "--mail-from", "chief@example.com", "--json", *options, message=RAW)
    report = json.loads(text)
    assert raw == RAW
    assert (report["actions"], report["reply"], report["modified_message"]) == ([], None, None)
    assert report["sender_rights"]["envelope"] == "not judged"
    assert report["signing"]["signed_by"] == []
