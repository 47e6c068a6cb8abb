# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import time

import pytest

from postward.cli.why_text import why_text
from postward.model.symbol import SymbolDefinition
from postward.observability.collector_settings import EventStoreSettings
from postward.observability.event_schema import store_path
from postward.observability.event_store import EventStore
from postward.observability.logger import EventLog
from tests.unit.cli.program import postward

EVENT = {
    "ts": "2026-11-24T04:00:12.500Z", "level": "info", "event": "message.verdict", "id": "18c.2a.1",
    "qid": "4ZxYab12cd", "msgid": "<1@example.com>", "client": "192.0.2.1", "client_name": "mail.example.com",
    "helo": "mail.example.com", "from": "joe@example.com", "rcpts": 3, "direction": "inbound", "size": 4321,
    "verdict": "junk", "score": 7.5, "reason": "DMARC fails and example.com asks for reject", "action": "junk",
    "mode": "enforce", "spf": "fail", "spf_domain": "example.com", "spf_mechanism": "-all", "spf_helo": "none",
    "dkim": ["pass:list.example:s1", "fail:example.com:s2"],
    "dkim_reasons": ["example.com:s2: the body was changed"], "arc": "pass", "arc_sealer": "list.example",
    "dmarc": "fail", "dmarc_policy": "reject", "dmarc_domain": "example.com", "dmarc_policy_domain": "example.com",
    "iprev": "pass", "iprev_name": "mail.example.com", "not_checked": ["arc: time is up"],
    "contributions": {"DKIM_PASS": -0.5, "DMARC_FAIL_REJECT": 6, "SPF_FAIL": 2}, "total_ms": 12.5,
}  # fmt: skip

TEXT = """\
4ZxYab12cd  <1@example.com>
  at       2026-11-24T04:00:12.500Z, id 18c.2a.1
  from     joe@example.com, 3 recipients, 4321 bytes
  client   192.0.2.1 (mail.example.com), HELO mail.example.com
  way      inbound
  verdict  junk: DMARC fails and example.com asks for reject
  done     let pass, marked as junk by header fields
What was found
  SPF      fail  example.com, -all
  HELO     none
  DKIM     pass  list.example, selector s1
  DKIM     fail  example.com, selector s2
           example.com:s2: the body was changed
  ARC      pass  list.example
  DMARC    fail  example.com
           the policy is reject, published by example.com
  iprev    pass  mail.example.com
  not checked: arc: time is up
What it counted
   +6.00   DMARC_FAIL_REJECT: DMARC fails, and the author's domain asks for rejection
   +2.00   SPF_FAIL: the envelope sender's domain says that the client may not send for it
   -0.50   DKIM_PASS: at least one DKIM signature is valid
   +7.50   in all"""


@pytest.fixture
def state(tmp_path):
    """A configuration file whose state directory holds an event store with two messages."""
    store = EventStore(EventStoreSettings(path=str(store_path(tmp_path / "state"))), EventLog(fd=-1))
    store.add([json.dumps(EVENT), json.dumps({**EVENT, "id": "x2", "qid": "OTHER", "msgid": "<2@x>"})], time.time())
    store.close()
    config = tmp_path / "postward.yaml"
    config.write_text(f"state_dir: {tmp_path / 'state'}\n")
    return config


def why(*arguments):
    return postward("why", *arguments)


def test_the_whole_answer_in_plain_words(state):
    answer = why("4ZxYab12cd", "--config", state)
    assert (answer.stdout, answer.stderr, answer.returncode) == (TEXT + "\n", "", 0)


@pytest.mark.parametrize("key", ["4ZxYab12cd", "<1@example.com>", "1@example.com", "18c.2a.1"])
def test_json_has_every_field(state, key):
    answer = why(key, "--config", state, "--json")
    assert json.loads(answer.stdout) == {"key": key, "events": [EVENT]}
    assert answer.returncode == 0


def test_an_unknown_message_is_exit_status_1(state):
    answer = why("NOPE\x1b[2J", "--config", state)
    assert (answer.stdout, answer.returncode) == ("", 1)
    assert answer.stderr == (
        "postward: nothing is known of NOPE\\x1b[2J: no message with such a queue id or Message-ID is stored\n"
    )
    answer = why("NOPE", "--config", state, "--json")
    assert (json.loads(answer.stdout), answer.returncode) == ({"key": "NOPE", "events": []}, 1)


def test_no_store_yet_is_said_and_is_exit_status_1(tmp_path):
    config = tmp_path / "postward.yaml"
    config.write_text(f"state_dir: {tmp_path}\n")
    answer = why("X", "--config", config)
    assert answer.returncode == 1
    assert "there is no" in answer.stderr


def test_a_store_that_cannot_be_read_is_exit_status_75(tmp_path):
    store_path(tmp_path).write_bytes(b"no database" * 1000)
    config = tmp_path / "postward.yaml"
    config.write_text(f"state_dir: {tmp_path}\n")
    answer = why("X", "--config", config)
    assert (answer.stdout, answer.returncode) == ("", 75)
    assert "Traceback" not in answer.stderr


def test_where_no_events_are_kept_it_is_said(tmp_path):
    config = tmp_path / "postward.yaml"
    config.write_text("events: {max_messages: 0}\n")
    answer = why("X", "--config", config)
    assert answer.returncode == 2
    assert "events.max_messages is 0" in answer.stderr


def test_a_message_that_could_not_be_judged():
    event = {"id": "a", "ts": "t", "action": "error", "outcome": "timed_out", "from": "", "rcpts": 1, "mode": "monitor"}
    text = why_text({**event, "reply": "451 4.7.1 later"})
    assert "  from     <> (a bounce), 1 recipient, 0 bytes\n" in text
    assert "  problem  the evaluation was not done by the deadline\n" in text
    assert "took the failure action, with the answer 451 4.7.1 later (mode: monitor" in text


def test_mail_of_our_own_users_and_mail_that_goes_on():
    event = {"id": "a", "ts": "t", "action": "accept", "from": "a@example.com", "rcpts": 1}
    own = {"envelope_right": "allowed", "from_right": "denied", "unsigned_reason": "the sender may not use it"}
    text = why_text({**event, **own})
    assert "  sender   use of the envelope sender allowed, of the address in From denied\n" in text
    assert "  signed   no: the sender may not use it" in text
    assert "  signed   by example.com:s1, example.com:s2" in why_text(
        {**event, "signed": ["example.com:s1", "example.com:s2"]}
    )
    assert "  sealed   by example.com:s1" in why_text({**event, "sealed": "example.com:s1"})
    assert "  sealed   no: it has 50 sets" in why_text({**event, "unsealed_reason": "it has 50 sets"})


def test_what_other_programs_said_and_whether_it_has_to_come_again():
    event = {"id": "a", "ts": "t", "action": "quarantine", "from": "a@example.com", "rcpts": 1}
    told = why_text(
        {
            **event,
            "scans": ["clamav:virus", "rspamd:clean", "spamassassin:failed"],
            "viruses": ["Eicar"],
            "scan_scores": {"rspamd": 7.25},
            "scan_reasons": ["spamassassin: no answer"],
            "greylisting": "delayed",
            "greylisting_reason": "seen for the first time",
            "greylisting_wait_s": 300,
        }
    )
    assert told.splitlines()[-7:] == [
        "What was found",
        "  clamav: found a virus",
        "  rspamd: counts 7.25 on its own scale",
        "  spamassassin: gave no answer of use",
        "           Eicar",
        "           spamassassin: no answer",
        "  greylisting: delayed (passes after 300 s), seen for the first time",
    ]


SENDER = {
    "reputation": {"ip": 34.57, "net": 2},
    "reputation_points": 1.25,
    "reputation_reason": "this address: 40 messages seen, 34.6 % bad",
    "correspondent": True,
    "quota": "login:messages_per_hour",
    "quota_name": "ann",
    "quota_limit": 100,
    "quota_used": 100,
    "quota_wait_s": 61.5,
    "quota_local": True,
}


def test_what_is_known_of_the_sender_and_what_he_has_used_up():
    event = {"id": "a", "ts": "t", "action": "defer", "from": "a@example.com", "rcpts": 1}
    assert why_text({**event, **SENDER}).splitlines()[-6:] == [
        "What was found",
        "  reputation: counts +1.25: this address: 40 messages seen, 34.6 % bad",
        "           of its mail is expected to be bad: ip 34.57 %, net 2 %",
        "           its recipients have written to the author",
        "  quota: too much for the login ann: 100 of 100 messages an hour are used; there is room again in 62 s",
        "           counted by this worker alone: Redis did not answer",
    ]
    assert "reputation: counts nothing" in why_text({**event, "reputation_points": 0.0})


def test_symbols_are_told_with_their_meaning():
    definitions = {"OWN_THING": SymbolDefinition(name="OWN_THING", score=1, group="composites", meaning="it is odd")}
    event = {"id": "a", "ts": "t", "action": "junk", "contributions": {"NO": 0, "OWN_THING": 1, "OTHER": 2}, "score": 3}
    assert why_text(event, (), definitions).splitlines()[-5:] == [
        "What it counted",
        "   +2.00   OTHER",
        "   +1.00   OWN_THING: it is odd",
        "   +3.00   in all",
        "           found as well, and counted for nothing: NO",
    ]


def test_nothing_in_an_event_can_move_the_cursor():
    hostile = "\x1b[2J\r\n\u202e"
    event = {
        key: [hostile] if isinstance(value, list) else {hostile: 1.0} if isinstance(value, dict) else hostile
        for key, value in {**EVENT, **SENDER}.items()
        if not isinstance(value, int | float)
    }
    event["reputation_points"] = 1.0
    assert all(line.isprintable() for line in why_text(event).split("\n"))
    assert why_text({"contributions": {"A": None}, "dkim": "x", "score": None})


RULES = [
    {
        "event": "rule.matched", "id": "18c.2a.1", "qid": "4ZxYab12cd", "rule": "external", "mode": "enforce",
        "severity": "low", "digest": "0123456789abcdef", "rcpts": 1, "rcpt": ["r@example.net"],
        "seen": ["subject contains win: you win\x1b[2J"], "actions": ["tag name=outside"],
        "refused": ["prefix_subject text=[EXT]: it is signed"], "ms": 1.5,
    },
    {
        "event": "rule.matched", "id": "18c.2a.1", "rule": "trial", "mode": "audit", "rcpts": 0,
        "actions": ["reject code=550"], "ms": 0.1,
    },
    {
        "event": "rule.matched", "id": "18c.2a.1", "rule": "broken", "mode": "enforce", "rcpts": 0,
        "error": "the directory does not answer", "ms": 0.1,
    },
]  # fmt: skip

RULES_TEXT = """\
Which rules matched
  external  (severity low, rules 0123456789ab)
    for      r@example.net
    saw      subject contains win: you win\\x1b[2J
    did      tag name=outside
    refused  prefix_subject text=[EXT]: it is signed
  trial  (audit: nothing was done)
    would have  reject code=550
  broken
    failed   the directory does not answer"""


def test_the_rules_that_matched_are_told_with_their_message(state):
    store = EventStore(EventStoreSettings(path=str(store_path(state.parent / "state"))), EventLog(fd=-1))
    store.add([json.dumps(rule) for rule in RULES], time.time())
    store.close()
    assert why("4ZxYab12cd", "--config", state).stdout == f"{TEXT}\n{RULES_TEXT}\n"
    assert json.loads(why("18c.2a.1", "--config", state, "--json").stdout)["events"] == [EVENT, *RULES]
    assert "Which rules" not in why("OTHER", "--config", state).stdout


def test_rules_are_told_where_the_message_never_came(state):
    store = EventStore(EventStoreSettings(path=str(store_path(state.parent / "state"))), EventLog(fd=-1))
    store.add([json.dumps({**RULES[1], "id": "gone"})], time.time())
    store.close()
    assert why("gone", "--config", state).stdout == (
        "id gone: no such message came in whole\nWhich rules matched\n"
        "  trial  (audit: nothing was done)\n    would have  reject code=550\n"
    )


@pytest.mark.parametrize(
    ("action", "mode", "done"),
    [
        ("quarantine own_store=true reason=x", "enforce", "taken, and kept in quarantine (postward quarantine list)"),
        ("moderate by=a@example.com", "enforce", "taken, and held for a moderator (postward moderation list)"),
        ("quarantine own_store=true", "audit", "taken, and delivered to nobody"),
        ("discard", "enforce", "taken, and delivered to nobody"),
    ],
)
def test_what_rules_keep_back_is_not_told_as_lost(action, mode, done):
    rule = {"event": "rule.matched", "rule": "r", "mode": mode, "actions": [action]}
    assert f"  done     {done}\n" in why_text({**EVENT, "verdict": "discard", "action": "discard"}, [rule])
