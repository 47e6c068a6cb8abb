# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.actions.decision import DecisionSettings, decide
from postward.actions.submission import (
    FROM_REFUSED,
    SENDER_NOT_LOOKED_UP,
    SENDER_REFUSED,
    SEVERAL_AUTHORS,
    Mismatch,
    MultipleFrom,
    SubmissionSettings,
    decide_outbound,
    envelope_reply,
    may_sign,
)
from postward.model.header import HeaderField
from postward.model.origin import Direction, Origin
from postward.model.sender_rights import Permission, SenderRights
from postward.model.transaction import Transaction
from postward.model.verdict import Decision, Verdict

DEFAULT = SubmissionSettings()
ALLOWED, DENIED = Permission.ALLOWED, Permission.DENIED
NOT_JUDGED, UNAVAILABLE = Permission.NOT_JUDGED, Permission.UNAVAILABLE


def rights(envelope=ALLOWED, header_from=ALLOWED, **more):
    values = {"from_addresses": ("alice@example.com",), "from_fields": 1, "own_address": "alice@example.com"} | more
    return SenderRights(envelope=envelope, header_from=header_from, **values)


SEVERAL = {"from_addresses": ("alice@example.com", "bob@example.com")}
TWO_FIELDS = {"from_fields": 2}


@pytest.mark.parametrize(
    ("envelope", "settings", "reply"),
    [
        (ALLOWED, {}, None),
        (NOT_JUDGED, {}, None),
        (DENIED, {}, SENDER_REFUSED),
        (DENIED, {"on_envelope_mismatch": Mismatch.HOLD}, None),
        (DENIED, {"on_envelope_mismatch": Mismatch.ACCEPT}, None),
        (DENIED, {"on_envelope_mismatch": Mismatch.REPLACE}, None),
        (UNAVAILABLE, {}, SENDER_NOT_LOOKED_UP),
        (UNAVAILABLE, {"defer_on_directory_failure": False}, None),
    ],
)
def test_the_answer_to_a_recipient(envelope, settings, reply):
    assert envelope_reply(rights(envelope, NOT_JUDGED), SubmissionSettings(**settings)) == reply


def test_what_cannot_be_replaced_is_refused():
    replacing = SubmissionSettings(on_envelope_mismatch=Mismatch.REPLACE, on_from_mismatch=Mismatch.REPLACE)
    homeless = {"own_address": ""}
    assert envelope_reply(rights(DENIED, NOT_JUDGED, **homeless), replacing) == SENDER_REFUSED
    assert decide_outbound(rights(DENIED, **homeless), replacing).reply == SENDER_REFUSED
    assert decide_outbound(rights(ALLOWED, DENIED, **homeless), replacing).reply == FROM_REFUSED


@pytest.mark.parametrize(
    ("found", "settings", "verdict", "reply"),
    [
        (rights(), {}, Verdict.HAM, None),
        (rights(DENIED), {}, Verdict.REJECT, SENDER_REFUSED),
        (rights(DENIED), {"on_envelope_mismatch": Mismatch.HOLD}, Verdict.QUARANTINE, None),
        (rights(DENIED), {"on_envelope_mismatch": Mismatch.REPLACE}, Verdict.HAM, None),
        (rights(DENIED), {"on_envelope_mismatch": Mismatch.ACCEPT}, Verdict.HAM, None),
        (rights(ALLOWED, DENIED), {}, Verdict.HAM, None),
        (rights(ALLOWED, DENIED), {"on_from_mismatch": Mismatch.REJECT}, Verdict.REJECT, FROM_REFUSED),
        (rights(ALLOWED, DENIED), {"on_from_mismatch": Mismatch.HOLD}, Verdict.QUARANTINE, None),
        (rights(ALLOWED, DENIED), {"on_from_mismatch": Mismatch.REPLACE}, Verdict.HAM, None),
        (rights(UNAVAILABLE, UNAVAILABLE), {}, Verdict.DEFER, SENDER_NOT_LOOKED_UP),
        (rights(ALLOWED, UNAVAILABLE), {}, Verdict.DEFER, SENDER_NOT_LOOKED_UP),
        (rights(UNAVAILABLE, UNAVAILABLE), {"defer_on_directory_failure": False}, Verdict.HAM, None),
        (rights(**SEVERAL), {}, Verdict.REJECT, SEVERAL_AUTHORS),
        (rights(**TWO_FIELDS), {}, Verdict.REJECT, SEVERAL_AUTHORS),
        (rights(**SEVERAL), {"on_multiple_from": MultipleFrom.ACCEPT}, Verdict.HAM, None),
        (
            rights(NOT_JUDGED, NOT_JUDGED, **SEVERAL),
            {"on_multiple_from": MultipleFrom.REJECT},
            Verdict.REJECT,
            SEVERAL_AUTHORS,
        ),
        (rights(UNAVAILABLE, UNAVAILABLE, **SEVERAL), {}, Verdict.DEFER, SENDER_NOT_LOOKED_UP),
        (rights(ALLOWED, UNAVAILABLE, **TWO_FIELDS), {"defer_on_directory_failure": False}, Verdict.HAM, None),
    ],
)
def test_verdicts(found, settings, verdict, reply):
    decision = decide_outbound(found, SubmissionSettings(**settings))
    assert (decision.verdict, decision.reply) == (verdict, reply)
    assert decision.reason


def test_the_harshest_counts():
    settings = SubmissionSettings(on_envelope_mismatch=Mismatch.HOLD, on_from_mismatch=Mismatch.REJECT)
    assert decide_outbound(rights(DENIED, DENIED), settings).reply == FROM_REFUSED


def test_what_is_let_through_is_told():
    assert decide_outbound(rights(ALLOWED, DENIED), DEFAULT).reason == (
        "the sender may not use the address in From: let through"
    )


@pytest.mark.parametrize("found", [None, rights(NOT_JUDGED, NOT_JUDGED), rights(NOT_JUDGED, NOT_JUDGED, **TWO_FIELDS)])
def test_where_nobody_judges_nothing_is_refused(found):
    assert decide_outbound(found, DEFAULT) == Decision(verdict=Verdict.HAM, reason="")


def message(found, direction=Direction.OUTBOUND):
    transaction = Transaction("t", started_s=0)
    transaction.origin = Origin(direction=direction, reason="our own", client=None, helo="")
    transaction.facts.sender_rights = found
    return transaction


def test_the_one_decision_follows():
    assert decide(message(rights(DENIED)), DecisionSettings()).reply == SENDER_REFUSED
    assert decide(message(rights()), DecisionSettings()).reason == "the sender may use its addresses"
    assert decide(message(None), DecisionSettings()) == Decision(verdict=Verdict.HAM, reason="not judged: our own")
    lenient = DecisionSettings(submission=SubmissionSettings(on_envelope_mismatch=Mismatch.HOLD))
    assert decide(message(rights(DENIED)), lenient).verdict is Verdict.QUARANTINE


@pytest.mark.parametrize("direction", [Direction.INBOUND, Direction.REINJECTED, Direction.LOOPBACK])
def test_mail_of_others_is_not_held_to_it(direction):
    assert decide(message(rights(DENIED, DENIED), direction), DecisionSettings()).verdict is Verdict.HAM
    assert may_sign(message(rights(), direction)) == "not mail of our own users"


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (rights(), ""),
        (rights(DENIED), ""),
        (rights(NOT_JUDGED, NOT_JUDGED), ""),
        (rights(ALLOWED, DENIED, replaced_from="alice@example.com", **TWO_FIELDS), ""),
        (rights(ALLOWED, DENIED), "the sender may not use the address in From"),
        (rights(UNAVAILABLE, UNAVAILABLE), "the directory did not answer"),
        (rights(**TWO_FIELDS), "more than one From field"),
        (rights(from_fields=0, from_addresses=()), "no From field"),
        (rights(**SEVERAL), "more than one author"),
        (rights(from_addresses=()), "no author"),
        (rights(NOT_JUDGED, NOT_JUDGED, from_is_readable=False), "From cannot be read"),
        (rights(NOT_JUDGED, NOT_JUDGED, **TWO_FIELDS), "more than one From field"),
        (None, "its sender could not be judged"),
    ],
)
def test_what_is_signed(found, reason):
    assert may_sign(message(found)) == reason


@pytest.mark.parametrize("more", [{}, {"replaced_from": "alice@example.com"}])
@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\0", b"\r\r\n "])
def test_what_may_become_two_fields_on_the_way_is_not_signed(end, more):
    transaction = message(rights(**more))
    transaction.fields.append(HeaderField(b"Comments", b" a" + end + b"From: ceo@example.com"))
    assert may_sign(transaction) == "a header field holds a bare CR or LF, or a NUL"


def test_a_fold_is_one_field():
    transaction = message(rights())
    transaction.fields.append(HeaderField(b"Comments", b"\r\n a\r\n\tFrom: ceo@example.com"))
    assert may_sign(transaction) == ""


@pytest.mark.parametrize("verdict", Verdict)
def test_what_is_refused_is_not_signed(verdict):
    transaction = message(rights())
    transaction.decision = Decision(verdict=verdict, reason="r")
    assert may_sign(transaction) == ("refused" if verdict in {Verdict.DEFER, Verdict.REJECT} else "")


@pytest.mark.parametrize("setting", [Mismatch.ACCEPT, Mismatch.HOLD, Mismatch.REPLACE, Mismatch.REJECT])
def test_whatever_becomes_of_it_what_is_denied_is_not_signed(setting):
    transaction = message(rights(ALLOWED, DENIED))
    transaction.decision = decide_outbound(rights(ALLOWED, DENIED), SubmissionSettings(on_from_mismatch=setting))
    assert may_sign(transaction)
