# SPDX-License-Identifier: GPL-3.0-or-later
"""A genuine, signed message passes everything and arrives unchanged below the new fields."""

from __future__ import annotations

import dkim

from tests.e2e.delivered import Delivered
from tests.mailhost.letters import genuine


def test_passes_all_checks(host):
    delivered = Delivered(host.deliver(genuine(host.world)))
    assert delivered.results("spf") == ["pass"]
    assert delivered.results("dkim") == ["pass"]
    assert delivered.results("dmarc") == ["pass"]
    assert delivered.results("iprev") == ["pass"]
    assert not delivered.is_junk


def test_arrives_octet_for_octet(host):
    letter = genuine(host.world)
    assert Delivered(host.deliver(letter)).ends_with(letter.content)


def test_signature_still_verifies_in_the_delivered_file(host):
    delivered = Delivered(host.deliver(genuine(host.world)))
    assert dkim.verify(delivered.as_sent, dnsfunc=host.world.txt)


def test_new_fields_stand_above_postfix_own_received(host):
    delivered = Delivered(host.deliver(genuine(host.world)))
    assert delivered.content.index(b"\nAuthentication-Results:") < delivered.content.index(b"\nReceived:")
