# SPDX-License-Identifier: GPL-3.0-or-later
"""A forged From under p=reject is delivered as junk: the default marks and never refuses."""

from __future__ import annotations

from tests.e2e.delivered import Delivered
from tests.mailhost.letters import forged_from


def test_is_marked_as_junk(host):
    delivered = Delivered(host.deliver(forged_from(host.world)))
    assert delivered.results("dmarc") == ["fail"]
    assert "policy.dmarc=reject" in delivered.own_results
    assert delivered.is_junk
    assert "DMARC_FAIL_REJECT" in delivered.field("X-Spam-Status")


def test_spf_pass_of_the_stranger_is_told_but_counts_for_nothing(host):
    delivered = Delivered(host.deliver(forged_from(host.world)))
    assert delivered.results("spf") == ["pass"]
    assert "bulk.example" in delivered.own_results
