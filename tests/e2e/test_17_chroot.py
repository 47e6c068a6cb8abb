# SPDX-License-Identifier: GPL-3.0-or-later
"""A chrooted smtpd, as Debian configures it, reaches the socket in the queue folder."""

from __future__ import annotations

from tests.e2e.delivered import Delivered
from tests.mailhost.letters import genuine


def test_chrooted_smtpd_reaches_the_milter(host):
    delivered = Delivered(host.deliver(genuine(host.world), service="chrooted"))
    assert delivered.results("dmarc") == ["pass"]
