# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
import yaml
from click.testing import CliRunner

from postward.cli.main import postward
from postward.errors import UsageError
from tests.unit.cli.separate_output import command_runner

ZONE = {
    "evil.example": [{"TXT": "v=spf1 ip4:192.0.2.1 -all"}],
    "_dmarc.bank.example": [{"TXT": "v=DMARC1; p=reject"}],
    "1.2.0.192.in-addr.arpa": [{"PTR": "mx.evil.example"}],
    "mx.evil.example": [{"A": "192.0.2.1"}],
}
FORGED = b"Authentication-Results: mx.example.net; dkim=pass\r\nFrom: a@bank.example\r\n\r\nbody\r\n"
CLIENT = ("--ip", "192.0.2.1", "--helo", "mx.evil.example", "--mail-from", "a@evil.example")


@pytest.fixture
def scan(tmp_path):
    def run(*options, message=FORGED, config=""):
        (tmp_path / "zone.yaml").write_text(yaml.safe_dump(ZONE))
        (tmp_path / "postward.yaml").write_text(f"authserv_id: mx.example.net\n{config}")
        arguments = ["--dns", str(tmp_path / "zone.yaml"), "--config", str(tmp_path / "postward.yaml"), *options, "-"]
        result = CliRunner().invoke(postward, ["scan", *arguments], input=message)
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


def test_json_has_every_documented_key(scan):
    report = json.loads(scan("--json", *CLIENT))
    assert {"result": "pass", "domain": "evil.example", "scope": "mfrom"}.items() <= report["spf"].items()
    assert report["spf_helo"]["result"] == "none"
    assert report["dkim"] == []
    assert {"result": "none", "sealer": None}.items() <= report["arc"].items()
    assert {
        "result": "fail",
        "domain": "bank.example",
        "org_domain": "bank.example",
        "policy": "reject",
        "policy_domain": "bank.example",
        "disposition": "quarantine",
    }.items() <= report["dmarc"].items()
    assert {"result": "pass", "name": "mx.evil.example"}.items() <= report["iprev"].items()
    assert report["authentication_results"].startswith("mx.example.net;")
    assert {
        "name": "SPF_PASS",
        "score": -0.5,
        "detail": "evil.example",
        "group": "spf",
        "meaning": "the client may send for the envelope sender's domain",
        "uncapped_score": -0.5,
    } in report["symbols"]
    assert report["thresholds"] == {"suspect": 3.0, "junk": 5.0, "reject": None}
    assert (report["scans"], report["greylisting"]) == ({}, None)
    assert report["score"] == pytest.approx(sum(symbol["score"] for symbol in report["symbols"]))
    assert (report["verdict"], report["rules"], report["reply"]) == ("junk", [], None)
    assert {"type": "add_header", "name": "X-Spam-Flag", "value": "YES"} in report["actions"]
    assert report["modified_message"]


def test_a_check_that_was_not_made_has_the_same_keys(scan):
    judged, own = json.loads(scan("--json", *CLIENT)), json.loads(scan("--json", "--auth-user", "alice"))
    for name in ("spf", "arc", "dmarc", "iprev"):
        assert own[name].keys() == judged[name].keys()
        assert (own[name]["result"], own[name]["reason"]) == ("none", "not checked")
    assert own["thresholds"] is None


@pytest.mark.parametrize(("sender", "scope"), [("<>", "helo"), ("a@evil.example", "mfrom")])
def test_the_scope_of_spf_is_told_even_where_it_was_not_checked(scan, sender, scope):
    assert json.loads(scan("--json", "--mail-from", sender))["spf"]["scope"] == scope


def test_the_thresholds_of_the_recipients_domain_are_told(scan, tmp_path):
    (tmp_path / "domains.d").mkdir()
    (tmp_path / "domains.d" / "example.com.yaml").write_text(
        "domain: example.com\nsettings: {junk_threshold: 7, reject_threshold: 20, weights: {SPF_PASS: 0.25}}\n"
    )
    config = f"directory: {{domains_dir: {tmp_path}/domains.d}}\n"
    report = json.loads(scan("--json", *CLIENT, "--rcpt", "bob@example.com", config=config))
    assert report["thresholds"] == {"suspect": 3.0, "junk": 7.0, "reject": 20.0}
    (passed,) = (symbol for symbol in report["symbols"] if symbol["name"] == "SPF_PASS")
    assert passed["score"] == 0.25
    assert "junk from 7 on, refused from 20 on." in scan(*CLIENT, "--rcpt", "bob@example.com", config=config)


def test_a_message_that_is_refused_has_its_results_in_the_report_and_a_reply(scan):
    report = json.loads(scan("--json", *CLIENT, config="dmarc: {on_reject: reject}\n"))
    assert "(p=reject dis=reject" in report["authentication_results"]
    assert report["reply"] == {"code": 550, "enhanced": "5.7.1", "text": "Message refused by policy"}
    assert (report["verdict"], report["actions"], report["modified_message"]) == ("reject", [], None)


def test_monitor_reports_everything_and_plans_nothing(scan):
    report = json.loads(scan("--json", *CLIENT, config="mode: monitor\n"))
    assert "dmarc=fail" in report["authentication_results"]
    assert (report["verdict"], report["actions"]) == ("junk", [])


@pytest.mark.parametrize(
    ("wanted", "results"),
    [("none", None), ("auth", "mx.example.net; auth=pass"), ("login", "mx.example.net; auth=pass smtp.auth=alice")],
)
def test_results_of_our_own_mail(scan, wanted, results):
    report = json.loads(scan("--json", "--auth-user", "alice", config=f"output: {{outbound_results: {wanted}}}\n"))
    assert report["authentication_results"] == results


def test_an_internationalized_sender_is_shown_whole(scan):
    report = json.loads(scan("--json", "--ip", "192.0.2.1", "--mail-from", "j\xf6rg@evil.example"))
    assert 'smtp.mailfrom="j\xf6rg@evil.example"' in report["authentication_results"]


def test_text_tells_of_every_method_and_action(scan):
    words = " ".join(scan(*CLIENT).split())
    assert words.startswith("JUNK DMARC fails and bank.example asks for reject")
    for row in ("spf pass evil.example", "dkim none", "arc none", "dmarc fail bank.example", "iprev pass"):
        assert row in words
    assert "remove header Authentication-Results: mx.example.net; dkim=pass" in words
    assert "add header X-Spam-Flag: YES" in words
    assert "not added" not in words


def test_text_of_a_refused_message_shows_the_results_all_the_same(scan):
    words = " ".join(scan(*CLIENT, config="dmarc: {on_reject: reject}\n").split())
    assert "answers 550 5.7.1" in words
    assert "not added Authentication-Results: mx.example.net; iprev=pass" in words


def test_what_users_of_a_hosted_domain_may_send_and_what_becomes_of_it(scan, tmp_path):
    domains = tmp_path / "domains.d"
    domains.mkdir()
    (domains / "example.com.yaml").write_text(
        "domain: example.com\nsettings: {archive_address: archive@example.com}\n"
        "senders: [{logins: [alice], may_use: [alice@example.com]}]\n"
    )
    config = f"directory: {{domains_dir: {domains}}}\nsubmission: {{on_envelope_mismatch: replace}}\n"
    sent = ("--auth-user", "alice", "--mail-from", "ceo@example.com", "--rcpt", "b@example.org")
    report = json.loads(scan("--json", *sent, message=b"From: alice@example.com\r\n\r\nbody\r\n", config=config))
    rights = {"envelope": "denied", "header_from": "allowed", "identity": "alice@example.com", "tenant": "example.com"}
    assert report["sender_rights"] == rights
    assert report["signing"]["unsigned_reason"] == "example.com has no key"
    assert {"type": "change_sender", "address": "alice@example.com"} in report["actions"]
    assert {"type": "add_recipient", "address": "archive@example.com"} in report["actions"]
    text = scan(*sent, message=b"From: alice@example.com\r\n\r\nbody\r\n", config=config)
    assert "use by alice@example.com of the envelope sender: denied, of the address in From: allowed" in text
    assert "not signed: example.com has no key" in text
    assert "add recipient  archive@example.com" in text


def test_recipients_that_would_be_refused_before_the_message_comes(scan, tmp_path):
    domains = tmp_path / "domains.d"
    domains.mkdir()
    (domains / "example.com.yaml").write_text(
        "domain: example.com\nsettings: {reject_unknown_recipients: true}\nrecipients: [alice]\n"
    )
    config = f"directory: {{domains_dir: {domains}}}\n"
    unknown = {"code": 550, "enhanced": "5.1.1", "text": "No such recipient here"}
    some = ("--rcpt", "alice@example.com", "--rcpt", "bob@example.com")
    report = json.loads(scan("--json", *CLIENT, *some, config=config))
    assert (report["refused_recipients"], report["reply"]) == ({"bob@example.com": unknown}, None)
    assert "refuses the recipient bob@example.com: 550 5.1.1" in scan(*CLIENT, *some, config=config)
    report = json.loads(scan("--json", *CLIENT, "--rcpt", "bob@example.com", config=config))
    assert report["reply"] == unknown


def test_nothing_in_a_message_reaches_the_terminal_as_a_control(scan):
    message = b"X-Spam-Flag: \x1b[2J[bold]\x9b\r\nFrom: \x1b]0;x\x07 <a@b\x1b.example>\r\n\r\n"
    text = scan("--mail-from", "a\x1b[1m@evil.example", "--ip", "192.0.2.1", "--helo", "h\x1b[2J", message=message)
    assert not any(char in text for char in "\x1b\x07\x9b")
    assert "[bold]" in text


def test_an_output_that_cannot_be_written_is_said_in_words(tmp_path):
    target = tmp_path / "absent" / "message"
    zone = tmp_path / "zone.yaml"
    zone.write_text("{}")
    result = CliRunner().invoke(postward, ["scan", "--dns", str(zone), "--output", str(target), "-"], input=FORGED)
    assert isinstance(result.exception, UsageError)
    assert str(result.exception) == f"{target}: No such file or directory"


def test_rules_that_match_at_a_recipient_and_at_the_end_are_told_with_what_they_saw(scan, tmp_path):
    rules = tmp_path / "rules.d"
    rules.mkdir()
    (rules / "10.yaml").write_text("""\
rules:
  - {id: closed, direction: inbound, when: {recipient.address: ceo@example.com}, do: [{reject: {text: "Closed"}}]}
  - {id: score, direction: inbound, when: {from.domain: bank.example}, do: [{score: 2}, {tag: bank}]}
  - {id: trial, direction: inbound, mode: audit, severity: low, when: {tag: bank}, do: [junk]}
""")
    config = f"rules: {{folder: {rules}}}\n"
    sent = (*CLIENT, "--rcpt", "ceo@example.com", "--rcpt", "bob@example.com")
    report = json.loads(scan("--json", *sent, config=config))
    assert [(rule["id"], rule["mode"], rule["recipients"]) for rule in report["rules"]] == [
        ("closed", "enforce", ["ceo@example.com"]),
        ("score", "enforce", ["bob@example.com"]),
        ("trial", "audit", ["bob@example.com"]),
    ]
    assert report["rules"][1]["actions"] == [{"type": "score", "points": 2.0}, {"type": "tag", "name": "bank"}]
    assert report["rules"][1]["seen"] == [{"asked": "from.domain is bank.example", "seen": "bank.example"}]
    (counted,) = (symbol for symbol in report["symbols"] if symbol["name"] == "RULE_SCORE")
    assert (counted["score"], counted["detail"], counted["group"]) == (2.0, "score", "rules")
    text = scan(*sent, config=config)
    assert "rule closed matched for ceo@example.com" in text
    assert "rule trial matched for bob@example.com (audit: nothing is done)" in text
    assert "\x1b" not in text


def test_a_zone_file_that_makes_no_sense_is_named_with_each_entry(tmp_path):
    zone = tmp_path / "zone.yaml"
    zone.write_text("a.example: [{TEXT: x}]\nb.example: [{AAA: y}]\n")
    result = CliRunner().invoke(postward, ["scan", "--dns", str(zone), "-"], input=FORGED)
    assert isinstance(result.exception, UsageError)
    first, second = str(result.exception).splitlines()
    assert first.startswith(f"{zone}: zone: 'a.example'")
    assert second.startswith(f"{zone}: zone: 'b.example'")


def test_scanners_that_a_zone_file_keeps_from_being_asked_are_named(tmp_path):
    zone, config = tmp_path / "zone.yaml", tmp_path / "postward.yaml"
    zone.write_text("{}")
    config.write_text(
        f"state_dir: {tmp_path}\nclamav: {{socket: 'unix:/no/such'}}\nrspamd: {{socket: 'inet:1@127.0.0.1'}}\n"
    )
    result = command_runner().invoke(postward, ["scan", "--dns", str(zone), "--config", str(config), "-"], input=FORGED)
    assert result.stderr == "postward: not asked, for --dns answers all: clamav, rspamd\n"
