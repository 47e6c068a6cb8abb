# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

import milter
from postward.mta.negotiation import MACROS, NOTHING_AGREED, Agreements, agree

EVERYTHING = 0xFFFFFFFF


def test_never_more_than_is_offered():
    assert agree(0, 0) == NOTHING_AGREED
    offered = milter.ADDHDRS | 0x40
    assert agree(offered, milter.P_NR_HDR | milter.P_NODATA).actions == milter.ADDHDRS


def test_never_all_that_is_offered():
    agreed = agree(EVERYTHING, EVERYTHING)
    assert agreed.may_add_headers
    assert agreed.may_change_headers
    assert agreed.may_hold
    assert agreed.may_choose_macros
    assert agreed.keeps_leading_space
    assert not agreed.steps & 0x0800, "rejected recipients are none of our business"


def test_what_a_generation_cannot_use_is_not_asked_for():
    plain = agree(EVERYTHING, EVERYTHING)
    assert not (plain.may_replace_body)
    assert not (plain.may_add_recipients)
    assert not plain.may_add_silently
    assert agree(EVERYTHING, 0, changes_body=True).may_replace_body
    assert agree(EVERYTHING, 0, changes_envelope=True).may_add_silently
    assert not agree(milter.ADDRCPT, 0, changes_envelope=True).may_add_silently
    assert not agree(0, 0, changes_envelope=True, changes_body=True).may_replace_body


@pytest.mark.parametrize("flag", [milter.P_NR_CONN, milter.P_NR_HDR, milter.P_NR_BODY])
def test_an_answer_is_left_out_only_where_that_was_agreed(flag):
    assert agree(0, EVERYTHING).reply(flag) == milter.NOREPLY
    assert agree(0, 0).reply(flag) == milter.CONTINUE
    assert agree(0, EVERYTHING).reply(0) == milter.CONTINUE


def test_senders_and_recipients_are_answered_where_they_may_be_refused():
    plain = agree(0, EVERYTHING)
    assert plain.reply(milter.P_NR_MAIL) == plain.reply(milter.P_NR_RCPT) == milter.NOREPLY
    assert agree(0, EVERYTHING, answers_senders=True).reply(milter.P_NR_MAIL) == milter.CONTINUE
    assert agree(0, EVERYTHING, answers_senders=True).reply(milter.P_NR_RCPT) == milter.NOREPLY
    assert agree(0, EVERYTHING, answers_recipients=True).reply(milter.P_NR_RCPT) == milter.CONTINUE


def test_macro_lists_are_text_and_short_enough_for_every_mta():
    assert all(isinstance(names, str) and len(names) < 256 for names in MACROS.values())


def test_what_all_mtas_have_agreed_to_holds_where_nothing_is_negotiated():
    agreements = Agreements()
    assert agreements.common == NOTHING_AGREED
    agreements.add(agree(EVERYTHING, EVERYTHING))
    assert agreements.common == agree(EVERYTHING, EVERYTHING)
    agreements.add(agree(EVERYTHING, EVERYTHING & ~milter.P_HDR_LEADSPC))
    agreements.add(agree(milter.ADDHDRS | milter.QUARANTINE, EVERYTHING))
    common = agreements.common
    assert (common.may_add_headers, common.may_hold) == (True, True)
    assert not common.may_change_headers
    assert not common.keeps_leading_space
    assert common.reply(milter.P_NR_BODY) == milter.NOREPLY
