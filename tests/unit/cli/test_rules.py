# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from postward.cli.main import postward
from postward.errors import ConfigErrors, UsageError

RULES = """\
rules:
  - id: closed
    direction: inbound
    when: {recipient.address: ceo@example.com}
    do: [{reject: {text: "Closed"}}]
    tests:
      - {message: "From: a@example.org", recipients: ceo@example.com, expect: {reply: 550 5.7.1 Closed}}
  - id: prizes
    direction: inbound
    when: {subject: {matches: '(?i)win a (?P<what>\\w+)'}}
    unless: {auth.dmarc: pass}
    do: [{tag: prize}]
    tests:
      - {name: a prize, message: "Subject: win a car", expect: {matches: TRUTH}}
"""
MESSAGE = b"From: joe@example.org\nMessage-ID: <1@x>\nSubject: you win a car \x1b[2J\n\nbody\n"
SENT = ("--rcpt", "bob@example.com", "--rcpt", "ceo@example.com")


@pytest.fixture
def folder(tmp_path):
    rules = tmp_path / "rules.d"
    rules.mkdir()
    (rules / "10.yaml").write_text(RULES.replace("TRUTH", "true"))
    (tmp_path / "postward.yaml").write_text(f"state_dir: {tmp_path}\nrules: {{folder: {rules}}}\n")
    (tmp_path / "m.eml").write_bytes(MESSAGE)
    return tmp_path


@pytest.fixture
def run(folder):
    def rules(command: str, *arguments: object):
        words = ["rules", command, "--config", str(folder / "postward.yaml"), *map(str, arguments)]
        result = CliRunner().invoke(postward, words)
        if isinstance(result.exception, Exception) and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return rules


class TestLint:
    def test_rules_without_a_fault_are_counted(self, run):
        result = run("lint")
        assert (result.stdout, result.exit_code) == ("2 rules can be used\n", 0)

    def test_every_fault_is_told_with_its_place_and_the_status_is_2(self, run, folder):
        (folder / "rules.d" / "20.yaml").write_text(
            "rules:\n  - {id: a, direction: up, when: {subject: {matches: '(?=x)'}}, do: [{tag: x}]}\n"
            "  - {id: b, do: [{tga: x}]}\n"
        )
        result = run("lint")
        lines = result.stdout.splitlines()
        assert result.exit_code == 2
        assert len(lines) >= 4
        assert all(line.startswith(f"error    {folder}/rules.d/20.yaml:") for line in lines)
        report = json.loads(run("lint", "--json").stdout)
        assert {fault["line"] for fault in report["faults"]} == {2, 3}

    def test_a_warning_is_no_fault_unless_that_is_asked_for(self, run, folder):
        (folder / "rules.d" / "20.yaml").write_text(
            "rules:\n"
            "  - {id: old, direction: any, active: {until: 2020-01-01, tz: UTC}, when: {tag: x}, do: [{tag: y}]}\n"
        )
        assert (run("lint").exit_code, run("lint", "--strict").exit_code) == (0, 1)
        assert "warning" in run("lint").stdout

    def test_a_file_that_is_not_read_for_its_name_is_told(self, run, folder):
        for file in (folder / "rules.d").iterdir():
            file.rename(file.with_suffix(".yml"))
        result = run("lint", "--strict")
        assert result.exit_code == 1
        assert "10.yml: is not read (give it a name that ends in .yaml)" in result.stdout
        assert result.stdout.endswith("\n0 rules can be used\n")

    def test_rules_that_are_switched_off_are_counted_apart(self, run, folder):
        (folder / "rules.d" / "20.yaml").write_text("rules: [{id: a, enabled: false, direction: any, do: [junk]}]\n")
        assert run("lint").stdout.endswith("2 rules can be used, 1 is switched off (enabled: false)\n")
        assert json.loads(run("lint", "--json").stdout)["switched_off"] == 1

    def test_a_folder_that_is_named_and_not_there_is_told(self, run, folder):
        (folder / "rules.d").rename(folder / "elsewhere")
        result = run("lint", "--strict")
        assert result.exit_code == 1
        assert "rules.d: rules.folder: there is no such folder" in result.stdout

    def test_other_rules_than_those_of_the_configuration(self, run, folder):
        other = folder / "other.yaml"
        other.write_text("rules: []\n")
        assert run("lint", "--rules", other).stdout == "0 rules can be used\n"
        with pytest.raises(ConfigErrors, match="there is no such file or folder"):
            run("order", "--rules", folder / "absent")


class TestOrder:
    def test_rules_come_as_they_are_asked(self, run, folder):
        assert run("order").stdout.splitlines()[:4] == [
            f"rcpt    100  closed  ({folder}/rules.d/10.yaml:2)",
            "             enforce, inbound: reject",
            "             on error defer",
            "             looked up by recipient ceo@example.com",
        ]
        listed = json.loads(run("order", "--json").stdout)
        assert [rule["id"] for rule in listed["rules"]] == ["closed", "prizes"]
        assert listed["digest"]


class TestTest:
    def test_the_tests_beside_the_rules(self, run):
        result = run("test")
        assert result.exit_code == 0
        assert result.stdout.splitlines()[-1] == "2 tests passed, 0 failed"

    def test_one_that_fails_is_told_and_the_status_is_1(self, run, folder):
        (folder / "rules.d" / "10.yaml").write_text(RULES.replace("TRUTH", "false"))
        result = run("test", "--rule", "prizes")
        assert result.exit_code == 1
        first, problem, last = result.stdout.splitlines()
        assert first == f"fails  prizes  {folder}/rules.d/10.yaml:14  a prize"
        assert "it matches (" in problem
        assert last == "0 tests passed, 1 failed"
        report = json.loads(run("test", "--json").stdout)
        assert (report["passed"], report["failed"]) == (1, 1)
        assert [test["passed"] for test in report["tests"]] == [True, False]

    def test_one_message_with_its_session_and_given_results(self, run, folder):
        result = run("test", folder / "m.eml", *SENT)
        assert result.exit_code == 0
        assert "rule prizes matched for bob@example.com" in result.stdout
        assert "saw subject matches" in result.stdout
        assert "wants tag name=prize" in result.stdout
        assert "refuses the recipient ceo@example.com: 550 5.7.1 Closed" in result.stdout
        assert "\x1b" not in result.stdout
        report = json.loads(run("test", folder / "m.eml", *SENT, "--json").stdout)
        assert report["refused_recipients"]["ceo@example.com"]["code"] == 550
        assert [rule["id"] for rule in report["rules"]] == ["closed", "prizes"]
        assert (report["tags"], report["reply"]) == (["prize"], None)

    def test_lists_and_numbers_of_actions_are_told_as_in_the_log(self, run, folder):
        rules = folder / "held.yaml"
        do = "[{moderate: {by: [a@example.com, b@example.com], expire: 2d}}]"
        rules.write_text(f"rules: [{{id: held, direction: any, when: always, do: {do}}}]")
        told = run("test", "--rules", rules, folder / "m.eml", *SENT, "--mail-from", "c@example.com").stdout
        assert "wants moderate by=a@example.com,b@example.com expire_s=172800 on_expire=bounce\n" in told

    def test_given_results_count(self, run, folder):
        assert (
            run("test", folder / "m.eml", "--rcpt", "b@example.com", "--auth", "dmarc=pass").stdout
            == "no rule matches\n"
        )

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("--auth", "dmark=fail"), "--auth: 'dmark=fail' is not NAME=RESULT"),
            (("--auth", "dmarc=fial"), "--auth: 'dmarc=fial': dmarc must be one of none, pass, fail"),
            (("--ip", "1.2.3"), "--ip: '1.2.3' is no IP address"),
            (("--at", "noon"), "--at: 'noon' is no time such as 2026-11-24T10:00"),
        ],
    )
    def test_arguments_that_say_nothing(self, run, folder, arguments, words):
        with pytest.raises(UsageError, match=words):
            run("test", folder / "m.eml", *arguments)

    def test_a_rule_that_there_is_not(self, run):
        with pytest.raises(UsageError, match="there is no rule nope"):
            run("test", "--rule", "nope")


class TestExplain:
    def test_each_condition_says_what_was_asked_and_seen(self, run, folder):
        result = run("explain", folder / "m.eml", *SENT, "--rule", "prizes")
        assert result.stdout.splitlines() == [
            f"prizes matches  ({folder}/rules.d/10.yaml:8)",
            "    yes  direction inbound  saw: inbound",
            "    yes  when",
            "      yes  subject matches (?i)win a (?P<what>\\w+)  saw: you win a car \\x1b[2J",
            "             captured what: car",
            "    yes  unless",
            "      no   auth.dmarc is pass  saw: nothing",
        ]

    def test_what_is_known_of_the_sender_is_given(self, run, folder):
        (folder / "known.yaml").write_text(
            "rules: [{id: known, direction: any, when: {reputation: {of: ip, bad_percent: {lt: 5}}},"
            " unless: {correspondent: true}, do: [{tag: x}]}]"
        )
        about = ("explain", folder / "m.eml", "--rules", folder / "known.yaml", "--reputation")
        assert run(*about, "ip:bad_percent=2").stdout.startswith("known matches")
        assert "saw: ip: 12.0 % bad" in run(*about, "ip:bad_percent=12").stdout
        assert "yes  correspondent is true" in run(*about, "ip:messages=3", "--correspondent").stdout
        with pytest.raises(UsageError, match="--reputation: 'ip=2' is not KIND:NAME=NUMBER"):
            run(*about, "ip=2")

    def test_of_a_plugin_it_tells_whether_it_is_asked(self, run, folder):
        rules = folder / "marks.yaml"
        rules.write_text("rules: [{id: marks, direction: inbound, plugin: external_tag}]\n")
        lines = run("explain", "--rules", rules, folder / "m.eml", *SENT).stdout.splitlines()
        assert lines[0] == f"marks asks the plugin external_tag  ({rules}:1)"
        assert lines[-1] == "    what the plugin makes of the message, postward rules test MESSAGE says"
        (report,) = json.loads(run("explain", "--rules", rules, folder / "m.eml", "--json").stdout)["rules"]
        assert report["plugin"] == "external_tag"

    def test_a_rule_behind_a_refusal_is_not_asked(self, run, folder):
        result = run("explain", folder / "m.eml", "--rcpt", "ceo@example.com")
        assert "prizes is not asked: a rule before it has refused the message, or stopped" in result.stdout
        report = json.loads(run("explain", folder / "m.eml", "--rcpt", "ceo@example.com", "--json").stdout)
        assert [(rule["id"], rule["is_asked"], rule["matched"]) for rule in report["rules"]] == [
            ("closed", True, True),
            ("prizes", False, False),
        ]

    def test_a_rule_sees_the_message_as_those_before_it_have_made_it(self, run, folder):
        (folder / "rules.d" / "20.yaml").write_text(
            "rules:\n  - {id: tagged, direction: any, priority: 200, when: {tag: prize}, do: [junk]}\n"
        )
        result = run("explain", folder / "m.eml", "--rcpt", "bob@example.com", "--rule", "tagged")
        assert "tagged matches" in result.stdout
        assert "saw: prize" in result.stdout


REFERENCE = (Path(__file__).parents[3] / "docs" / "rules-reference.md").read_text(encoding="utf-8")


class TestAnswersForPrograms:
    @pytest.mark.parametrize(
        ("name", "arguments", "lists"),
        [
            ("lint", (), ()),
            ("order", (), ("rules",)),
            ("test", (), ("tests",)),
            ("test MESSAGE", ("MAIL",), ("rules",)),
            ("explain", ("MAIL",), ("rules",)),
            ("replay", ("MAIL", "--against", "OTHER"), ("changes",)),
        ],
    )
    def test_their_keys_are_documented(self, run, folder, name, arguments, lists):
        (folder / "other.yaml").write_text("rules: [{id: all, direction: any, do: [{tag: other}]}]\n")
        places = {"MAIL": folder / "m.eml", "OTHER": folder / "other.yaml"}
        words = [places.get(word, word) for word in arguments]
        session = SENT if name in {"test MESSAGE", "explain"} else ()
        report = json.loads(run(name.split()[0], *words, *session, "--json").stdout)
        (row,) = [line for line in REFERENCE.splitlines() if line.startswith(f"| `{name}` | `")]
        documented = re.findall(r"`([a-z_]+)`", row.split(" | ")[1])
        items = [key for each in lists for key in report[each][0]]
        assert set(report) | set(items) <= set(documented)
        if lists:
            assert set(documented) == set(report) | set(items)

    def test_faults_have_the_documented_keys(self, run, folder):
        (folder / "rules.d" / "20.yaml").write_text("rules: [{id: a}]\n")
        report = json.loads(run("lint", "--json").stdout)
        assert set(report["faults"][0]) == {"path", "line", "key", "message", "hint"}


class TestReplay:
    @pytest.fixture
    def maildir(self, folder):
        maildir = folder / "Maildir"
        for part in ("cur", "new", "tmp"):
            (maildir / part).mkdir(parents=True)
        (maildir / "cur" / "1").write_bytes(b"Delivered-To: bob@example.com\n" + MESSAGE)
        (maildir / "cur" / "2").write_bytes(MESSAGE.replace(b"win a", b"lose no"))
        return maildir

    def test_what_matches_is_counted(self, run, maildir):
        result = run("replay", maildir)
        assert result.stdout.splitlines() == ["      1  prizes", "2 messages, 0 not read"]

    def test_what_would_fare_otherwise_is_told(self, run, folder, maildir):
        old = folder / "old.yaml"
        old.write_text(RULES.replace("TRUTH", "true").replace("tag: prize", "tag: car"))
        result = run("replay", maildir, "--against", old)
        assert result.stdout.splitlines() == [
            f"{maildir}/cur/1  <1@x>",
            "  before  tag name=car  (prizes)",
            "  now     tag name=prize  (prizes)",
            "      1 ->       1  prizes",
            "2 messages, 1 would be treated otherwise, 0 not read",
        ]
        report = json.loads(run("replay", maildir, "--against", old, "--json").stdout)
        assert (report["messages"], report["changed"]) == (2, 1)
        assert report["changes"][0]["after"] == ["tag name=prize"]

    def test_changes_beyond_the_limit_are_counted_alone(self, run, folder, maildir):
        old = folder / "old.yaml"
        old.write_text("rules: []\n")
        lines = run("replay", maildir, "--against", old, "--limit", "0").stdout.splitlines()
        assert lines[0] == "… and 1 more (--limit)"
        assert lines[-1] == "2 messages, 1 would be treated otherwise, 0 not read"

    def test_what_cannot_be_read_is_counted(self, run, folder):
        mbox = folder / "mbox"
        mbox.write_bytes(b"From a@x\n" + MESSAGE + b"\nFrom b@x\nSubject: huge\n\n" + b"x\n" * (40 << 20))
        result = run("replay", mbox)
        assert f"{mbox}:2  not read: larger than 67108864 bytes" in result.stdout
        assert result.stdout.endswith("1 message, 1 not read\n")
