# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import math

import pytest

from postward.model import rule_action as act
from postward.rules.message.content import TOO_LARGE, Content
from postward.rules.message.stored import message_from
from tests.unit.rules.making import evaluate, rule

ANN = "ann@corp.example"
RAW = b"From: s@foreign.example\r\nSubject: Hello\r\nX-A: 1\r\n\r\nbody\r\n"
PROGRAM = (
    b"From: s@foreign.example\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream; name=a.exe\r\n"
    b"Content-Disposition: attachment; filename=a.exe\r\nContent-MD5: x\r\n\r\nMZ\r\n"
)


def inbound(raw=RAW):
    return message_from(raw, mail_from="s@foreign.example", recipients=[ANN], hosted=["corp.example"])


@pytest.mark.parametrize("kind", [act.AddScore, act.SetScore])
@pytest.mark.parametrize("points", [math.inf, -math.inf, math.nan, 1e300])
def test_what_cannot_be_added_up_is_no_number_of_points(kind, points):
    outcome = evaluate(inbound(), rule("s", kind(points=points), act.AddScore(points=1.5)))
    assert dict(outcome.points) == {"s": 1.5}
    assert outcome.matches[0].refused[0].reason == "that is no number of points"


def test_a_pattern_of_a_plugin_that_is_none_removes_nothing():
    outcome = evaluate(inbound(), rule("r", act.RemoveHeader(name="X-A", when_matches="("), act.Tag(name="on")))
    assert outcome.result.removed_positions == ()
    assert outcome.tags == {"on"}
    assert outcome.matches[0].refused[0].reason.startswith("when_matches is no pattern of RE2")


def test_of_a_program_nothing_stays_in_the_header_when_it_is_taken_out():
    result = evaluate(inbound(PROGRAM), rule("s", act.StripAttachment(paths=("1",)))).result
    assert result.removed_positions == (2, 3, 4)
    assert {field.name: field.value for field in result.added} == {
        "Content-Type": b"text/plain; charset=utf-8",
        "Content-Transfer-Encoding": b"7bit",
    }
    assert b"MZ" not in result.new_body


def test_what_is_taken_out_twice_is_described_once():
    stripping = act.StripAttachment(paths=("1",))
    result = evaluate(inbound(PROGRAM), rule("s", stripping), rule("t", act.StripAttachment(paths=("1",), notice="x")))
    assert [field.name for field in result.result.added] == ["Content-Type", "Content-Transfer-Encoding"]
    assert result.result.new_body.strip() == b"x"


def test_a_message_too_large_to_be_stripped_is_a_failure_of_the_rule():
    came = inbound(PROGRAM)
    large = Content(came.content.headers, came.content.body, max_inspected_bytes=1, text_bytes=10)
    object.__setattr__(came, "content", large)
    stripping = rule("s", act.StripAttachment(paths=("1",)), on_error="reject")
    outcome = evaluate(came, stripping)
    assert outcome.matches[0].refused[0].reason == TOO_LARGE
    assert outcome.result.reply.code == 550
