# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.checks.content.body.removal_promise import CHECK
from postward.model.dmarc import DmarcResult, DmarcStatus
from tests.unit.checks.content.body.attaching import plain
from tests.unit.checks.content.letters import found, letter

PASS = DmarcResult(status=DmarcStatus.PASS)


def test_a_list_that_nobody_joined():
    text = "This is a one-time mailing, and you have opted in with our partners. To be removed, reply with REMOVE."
    assert found(CHECK, plain(text)) == ["TEXT_REMOVAL_PROMISE"]


def test_a_newsletter():
    text = "You get this newsletter because you subscribed on our site. To unsubscribe, follow the link below."
    assert found(CHECK, plain(text)) == []
    assert found(CHECK, plain("The old driver must be removed before you install the new one.")) == []


def test_the_footer_of_a_newsletter_that_keeps_the_promise():
    text = "From: a@shop.example\n{}\n\nYou get this because you opted in. To be removed, click unsubscribe.\n"
    field = "List-Unsubscribe: <https://shop.example/u>\n"
    assert found(CHECK, letter(text.format(field), dmarc=PASS)) == []
    assert found(CHECK, letter(text.format(field))) == ["TEXT_REMOVAL_PROMISE"]
    assert found(CHECK, letter(text.format(""), dmarc=PASS)) == ["TEXT_REMOVAL_PROMISE"]
