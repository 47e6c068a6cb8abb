# SPDX-License-Identifier: GPL-3.0-or-later
"""A message that a list changed fails DMARC; the seal of a trusted list explains why, and it is not junk."""

from __future__ import annotations

from tests.e2e.delivered import Delivered
from tests.mailhost.letters import through_list


def test_trusted_seal_saves_the_message(host):
    delivered = Delivered(host.deliver(through_list(host.world)))
    assert delivered.results("arc") == ["pass"]
    assert not delivered.is_junk
    assert "DMARC_ARC_OVERRIDE" in delivered.field("X-Spam-Status")


def test_seal_never_turns_into_a_dkim_or_dmarc_pass_of_our_own(host):
    delivered = Delivered(host.deliver(through_list(host.world)))
    assert "pass" not in delivered.results("dkim")
    assert delivered.results("dmarc") == ["fail"]


def test_results_of_the_list_stay_in_place(host):
    letter = through_list(host.world)
    delivered = Delivered(host.deliver(letter))
    assert delivered.ends_with(letter.content)
    assert any(value.startswith("lists.example;") for value in delivered.fields("Authentication-Results"))
