# SPDX-License-Identifier: GPL-3.0-or-later
"""A sender without DKIM is authenticated by SPF alone."""

from __future__ import annotations

from tests.e2e.delivered import Delivered
from tests.mailhost.letters import spf_only


def test_spf_makes_dmarc_pass(host):
    letter = spf_only(host.world)
    delivered = Delivered(host.deliver(letter))
    assert delivered.results("spf") == ["pass"]
    assert "pass" not in delivered.results("dkim")
    assert delivered.results("dmarc") == ["pass"]
    assert not delivered.is_junk
    assert delivered.ends_with(letter.content)
