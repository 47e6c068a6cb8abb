# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail from outside that goes on is sealed, over what Postfix delivers; and a domain's archive gets a copy."""

from __future__ import annotations

import dkim
import pytest

from tests.e2e.delivered import Delivered
from tests.mailhost.host import AUTHSERV_ID, MailHost
from tests.mailhost.letters import genuine, through_list
from tests.mailhost.own_domain import DOMAIN, OwnDomain

ARCHIVE = f"archive@{DOMAIN}"


@pytest.fixture(scope="module")
def sealing_host():
    own = OwnDomain(entry={"settings": {"archive_address": ARCHIVE}}, seals=("always",))
    with MailHost(own_domain=own) as running:
        yield running


def _arc(host, delivered):
    """What dkimpy, which is not ours, says of the chain of the message in the mailbox."""

    def txt(name, timeout=5):
        records = {**host.world.zone(), **host.own_domain.zone()}.get(name.decode().rstrip("."), [])
        return next(("".join(record["TXT"]).encode() for record in records if "TXT" in record), None)

    status, sets, reason = dkim.arc_verify(delivered.as_sent, dnsfunc=txt)
    return status, len(sets), reason


def test_a_first_seal_tells_what_we_have_found(sealing_host):
    delivered = Delivered(sealing_host.deliver(genuine(sealing_host.world)))
    assert _arc(sealing_host, delivered)[:2] == (b"pass", 1)
    results = delivered.field("ARC-Authentication-Results")
    assert results.startswith(f"i=1; {AUTHSERV_ID};")
    assert "dkim=pass" in results
    assert "dmarc=pass" in results


def test_a_seal_over_anothers(sealing_host):
    delivered = Delivered(sealing_host.deliver(through_list(sealing_host.world)))
    assert _arc(sealing_host, delivered)[:2] == (b"pass", 2)
    assert "cv=pass" in delivered.fields("ARC-Seal")[0]


def test_the_archive_of_the_domain_gets_a_copy(sealing_host):
    before = len(sealing_host.postfix.mailbox.wait_for(ARCHIVE))
    recipient = sealing_host.new_recipient()
    sealing_host.send(genuine(sealing_host.world), recipient)
    sealing_host.postfix.mailbox.wait_for(recipient)
    assert len(sealing_host.postfix.mailbox.wait_for(ARCHIVE, count=before + 1)) == before + 1
