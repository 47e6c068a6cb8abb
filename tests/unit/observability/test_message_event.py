# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from postward.model.action import NOTHING, Hold, Plan, Reply
from postward.model.envelope import EnvelopeAddress, Sender
from postward.model.greylisting import GreylistResult, GreylistStatus
from postward.model.header import HeaderField
from postward.model.override import ArcOverride
from postward.model.scan_result import ScanResult, ScanStatus
from postward.model.transaction import Transaction
from postward.observability.event import Level, LineLimits
from postward.observability.logfmt import format_logfmt
from postward.observability.message_event import MessageEventSettings, action_of, message_event
from postward.observability.privacy import AddressPrivacy

NOW_S = 1_700_000_000.5


def describe(transaction, *, outcome="evaluated", reply="accept", **settings):
    return message_event(transaction, MessageEventSettings(**settings), outcome=outcome, reply=reply, now_s=NOW_S)


def test_one_line_tells_the_whole_message(judged):
    assert format_logfmt(describe(judged), LineLimits()) == (
        "ts=2023-11-14T22:13:20.500Z level=info event=message.verdict id=18c.2a.1 qid=4ZxYab12cd"
        " msgid=<1@example.com> client=192.0.2.1 client_name=mail.example.com helo=mail.example.com"
        " from=joe@example.com rcpts=3 direction=inbound size=29"
        ' verdict=junk score=8 reason="DMARC fails and example.com asks for reject" action=junk mode=enforce'
        " spf=fail spf_domain=example.com spf_mechanism=-all spf_helo=none"
        ' dkim=pass:list.example:s1,fail:example.com:s2 dkim_reasons="example.com:s2: the body was changed"'
        " arc=pass arc_sealer=list.example"
        " dmarc=fail dmarc_policy=reject dmarc_domain=example.com dmarc_policy_domain=example.com"
        ' dmarc_reason="nothing aligned with joe@example.com"'
        " iprev=pass iprev_name=mail.example.com"
        ' envelope_right=allowed from_right=denied tenant=acme signed=example.com:s1 unsealed_reason="it has 50 sets"'
        " contributions=SPF_FAIL:2,DMARC_FAIL_REJECT:6 ms=spf:1.25,dkim:0.5,scoring:0.125 total_ms=500"
    )


def test_a_message_from_nobody_is_told_all_the_same():
    event = describe(Transaction("1", started_s=NOW_S), outcome="failed", reply="451 4.7.1 Service unavailable")
    known = {key for key, value in event.fields.items() if value is not None}
    assert known == {"id", "rcpts", "size", "action", "outcome", "reply", "mode", "total_ms"}


def test_facts_that_were_never_established_are_left_out(bare):
    event = describe(bare, outcome="failed", reply="451 4.7.1 Service unavailable")
    assert {key for key, value in event.fields.items() if value is not None} == {
        "id", "client", "client_name", "from", "rcpts", "size", "action", "outcome", "reply", "mode", "total_ms",
    }  # fmt: skip
    assert (event.fields["action"], event.fields["reply"]) == ("error", "451 4.7.1 Service unavailable")
    assert event.level is Level.WARNING


def test_checks_that_could_not_run_are_named_with_the_cause(judged):
    judged.facts.dkim = ()
    judged.facts.not_checked = {"arc": "time is up"}
    fields = describe(judged).fields
    assert fields["not_checked"] == ["arc: time is up"]
    assert fields["dkim"] == ["none"]


def test_an_override_by_arc_is_told_as_such(judged):
    judged.facts.arc_override = ArcOverride(sealer="list.example", instance=1, aligned_by=("dmarc",))
    fields = describe(judged).fields
    assert (fields["dmarc"], fields["override"]) == ("fail", "arc:list.example")


@pytest.mark.parametrize(
    ("privacy", "sender", "reason"),
    [
        (AddressPrivacy.DOMAIN, "@example.com", "nothing aligned with …@example.com"),
        (AddressPrivacy.NONE, None, "nothing aligned with …"),
    ],
)
def test_addresses_are_reduced_everywhere(judged, privacy, sender, reason):
    event = describe(judged, addresses=privacy)
    assert (event.fields["from"], event.fields["dmarc_reason"]) == (sender, reason)
    line = format_logfmt(event, LineLimits()).replace("<1@example.com>", "")
    assert "joe" not in line


def test_the_null_sender_is_not_the_same_as_a_hidden_one(judged):
    judged.sender = Sender(address=EnvelopeAddress(""))
    assert describe(judged, addresses=AddressPrivacy.NONE).fields["from"] == ""


@pytest.mark.parametrize(
    ("plan", "outcome", "action"),
    [
        (NOTHING, "evaluated", "accept"),
        (Plan(hold=Hold(reason="x")), "evaluated", "quarantine"),
        (Plan(discards=True, hold=Hold(reason="x")), "evaluated", "discard"),
        (Plan(reply=Reply(code=550, enhanced="5.7.1", text="no")), "evaluated", "reject"),
        (Plan(reply=Reply(code=451, enhanced="4.7.1", text="later")), "evaluated", "defer"),
        (NOTHING, "timed_out", "error"),
        (NOTHING, "aborted", "aborted"),
        (None, "evaluated", "error"),
    ],
)
def test_the_action_says_what_was_done(judged, plan, outcome, action):
    judged.plan = plan
    assert action_of(judged, outcome) == action
    assert describe(judged, outcome=outcome).fields["action"] == action


def test_a_message_given_up_has_no_reply(judged):
    line = format_logfmt(describe(judged, outcome="aborted", reply=""), LineLimits())
    assert " outcome=aborted " in line
    assert "reply" not in line


def test_a_hostile_header_stays_on_its_line_and_within_bounds(judged):
    judged.fields.insert(0, HeaderField(b"message-id ", b" <\xff\r\n x=y\xe2\x80\xa8" + b'"' * 100_000))
    judged.helo = "a b=c\x1b[2J\u202e"
    line = format_logfmt(describe(judged), LineLimits())
    assert line.isprintable()
    assert len(line) < 4096
    assert r'msgid="<\xff\r\n x=y\u2028\"' in line
    assert r'helo="a b=c\x1b[2J\u202e"' in line


def test_the_size_is_what_was_received(judged):
    judged.body.append(b"1234\r\n")
    assert describe(judged).fields["size"] == len(b"Message-ID: <1@example.com>\r\n") + 6


def test_a_clock_that_was_set_back_gives_no_negative_time(bare):
    bare.started_s = NOW_S + 100
    assert describe(bare).fields["total_ms"] == 0


def test_the_rules_that_matched_are_named_each_once(ruled):
    ruled.rules = replace(ruled.rules, matches=(*ruled.rules.matches, ruled.rules.matches[0]))
    fields = describe(ruled).fields
    assert (fields["rules"], fields["tags"], fields["decided_by"]) == (
        ["external", "trial", "broken"],
        ["outside"],
        None,
    )


def test_scanners_are_told_with_what_they_said_and_why_not(judged):
    judged.facts.scans = {
        "clamav": ScanResult(status=ScanStatus.VIRUS, viruses=("Eicar", "Other")),
        "rspamd": ScanResult(status=ScanStatus.CLEAN, score=7.25, required=15.0),
        "spamassassin": ScanResult(status=ScanStatus.FAILED, reason="no answer for joe@example.com"),
    }
    fields = describe(judged, addresses=AddressPrivacy.DOMAIN).fields
    assert fields["scans"] == ["clamav:virus", "rspamd:clean", "spamassassin:failed"]
    assert fields["viruses"] == ["Eicar", "Other"]
    assert fields["scan_scores"] == {"rspamd": 7.25}
    assert fields["scan_reasons"] == ["spamassassin: no answer for …@example.com"]


def test_greylisting_is_told(judged):
    judged.facts.greylisting = GreylistResult(
        status=GreylistStatus.DELAYED, reason="joe@example.com is new", wait_s=300.0
    )
    fields = describe(judged, addresses=AddressPrivacy.NONE).fields
    assert (fields["greylisting"], fields["greylisting_wait_s"]) == ("delayed", 300.0)
    assert "joe" not in fields["greylisting_reason"]


def test_without_scanners_and_greylisting_nothing_is_told(judged):
    fields = {key for key, value in describe(judged).fields.items() if value is not None}
    assert not fields & {"scans", "viruses", "scan_scores", "scan_reasons", "greylisting", "greylisting_wait_s"}
    assert not any(name.startswith(("reputation", "quota", "correspondent")) for name in fields)
