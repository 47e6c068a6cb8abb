# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.actions.emptied_envelope import as_discarded, is_emptied, without_vanishing
from postward.model.action import Hold, Plan, Reply
from postward.model.dmarc import DmarcDisposition
from postward.model.verdict import Decision, Verdict

GIVEN = ("a@example.com", "b@example.com")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"dropped_recipients": GIVEN}, True),
        ({"dropped_recipients": (*GIVEN, "c@example.com")}, True),
        ({"dropped_recipients": GIVEN[:1]}, False),
        ({}, False),
        ({"dropped_recipients": GIVEN, "new_recipients": ("c@example.com",)}, False),
        ({"dropped_recipients": GIVEN, "silent_recipients": ("c@example.com",)}, False),
        ({"dropped_recipients": GIVEN, "discards": True}, False),
        ({"dropped_recipients": GIVEN, "reply": Reply(code=550, enhanced="5.7.1", text="no")}, False),
    ],
)
def test_whether_anybody_is_left(change, expected):
    assert is_emptied(Plan(**change), GIVEN) is expected


def test_a_stored_message_without_recipients_is_not_emptied():
    assert not is_emptied(Plan(), ())


def test_an_emptied_message_is_discarded_and_told_so():
    assert without_vanishing(Plan(dropped_recipients=GIVEN)).discards
    decision = as_discarded(
        Decision(verdict=Verdict.HAM, reason="score 0", dmarc_disposition=DmarcDisposition.QUARANTINE)
    )
    assert (decision.verdict, decision.reason) == (Verdict.DISCARD, "no recipient is left")
    assert decision.dmarc_disposition is DmarcDisposition.QUARANTINE, "it stands in Authentication-Results"


def test_one_on_hold_keeps_its_recipients_for_there_is_somebody_to_look_at_it():
    plan = without_vanishing(Plan(dropped_recipients=GIVEN, hold=Hold(reason="why")))
    assert plan == Plan(hold=Hold(reason="why"))
