# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.unsigned_freemail import CHECK
from postward.model.dkim import DkimResult, DkimStatus
from postward.model.dmarc import DmarcResult, DmarcStatus
from tests.unit.checks.content.letters import found, letter


def _signed(domain, status=DkimStatus.PASS):
    return (DkimResult(status=status, domain=domain, selector="s"),)


@pytest.mark.parametrize(
    ("author", "dkim", "names"),
    [
        ("x@gmail.com", (), ["FREEMAIL_NOT_SIGNED"]),
        ("x@yahoo.co.uk", _signed("evil.example"), ["FREEMAIL_NOT_SIGNED"]),
        ("x@gmail.com", _signed("gmail.com"), []),
        # A forwarder has changed it, or the key could not be asked for.
        ("x@gmail.com", _signed("gmail.com", DkimStatus.FAIL), []),
        ("x@gmail.com", _signed("gmail.com", DkimStatus.TEMPERROR), []),
        # Nobody has looked.
        ("x@gmail.com", None, []),
        ("x@sender.example", (), []),
        ("x@laposte.net", (), []),
    ],
)
def test_signatures_of_providers(author, dkim, names):
    assert found(CHECK, letter(f"From: {author}\n\n", sender=author, dkim=dkim)) == names


def test_a_list_takes_signatures_off():
    text = "From: x@gmail.com\nList-Id: <l.lists.example>\n\n"
    assert found(CHECK, letter(text, sender="l-bounces@lists.example", dkim=())) == []


def test_sent_from_a_free_mailbox_for_another_domain():
    text = "From: Bank <service@bank.example>\n"
    assert found(CHECK, letter(f"{text}\n", sender="x9@gmail.com")) == ["SENT_BY_FREEMAIL"]
    # A small firm that writes through its mailbox.
    assert found(CHECK, letter(f"{text}Sender: x9@gmail.com\n\n", sender="x9@gmail.com")) == []
    dmarc = DmarcResult(status=DmarcStatus.PASS)
    assert found(CHECK, letter(f"{text}\n", sender="x9@gmail.com", dmarc=dmarc)) == []
    assert found(CHECK, letter(f"{text}\n", sender="bounces@mailer.example")) == []
