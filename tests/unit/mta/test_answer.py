# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

import milter
from postward.model.action import Reply
from postward.mta.answer import PlanRefusedError, give_reply, printable


class Context:
    """A context that remembers the reply that it was given."""

    def __init__(self):
        self.told = []

    def setreply(self, *words):
        self.told.append(words)


@pytest.fixture
def ctx():
    return Context()


def refusal(text, code=550, enhanced="5.7.1"):
    return Reply(code=code, enhanced=enhanced, text=text)


@pytest.mark.parametrize(("code", "result"), [(450, milter.TEMPFAIL), (451, milter.TEMPFAIL), (550, milter.REJECT)])
def test_the_class_of_a_reply_is_that_of_its_code(ctx, code, result):
    enhanced = f"{code // 100}.7.1"
    answer = give_reply(refusal("No 100% sure\r thing", code, enhanced), ctx)
    assert answer.code == result
    assert answer.reply == f"{code} {enhanced} No 100% sure? thing"
    assert ctx.told == [(str(code), enhanced, "No 100%% sure? thing")]


@pytest.mark.parametrize(
    ("code", "enhanced"), [(250, "2.0.0"), (399, "4.0.0"), (600, "5.0.0"), (550, "4.7.1"), (550, "5.7"), (550, "")]
)
def test_impossible_replies_are_refused(ctx, code, enhanced):
    with pytest.raises(PlanRefusedError):
        give_reply(refusal("x", code, enhanced), ctx)
    assert ctx.told == []


def test_a_reply_of_several_lines(ctx):
    answer = give_reply(refusal("Not here.\n\nAsk 100% of\tus: https://example.net/\u00e9"), ctx)
    assert ctx.told == [("550", "5.7.1", "Not here.", "", "Ask 100%% of?us: https://example.net/?")]
    assert answer.reply == "550 5.7.1 Not here.  Ask 100% of?us: https://example.net/?"


def test_a_reply_is_bounded_in_lines_and_in_their_length(ctx):
    answer = give_reply(refusal("\n".join(["x" * 2000] * 100)), ctx)
    ((_, _, *lines),) = ctx.told
    assert len(lines) == 32
    assert {len(line) for line in lines} == {480}
    assert len(answer.reply) < 500


def test_printable():
    assert printable("a\x00b\u00e9\udcff") == "a?b??"
