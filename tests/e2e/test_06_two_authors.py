# SPDX-License-Identifier: GPL-3.0-or-later
"""Two From fields: no author can be named, so nothing passes in anybody's name."""

from __future__ import annotations

from tests.e2e.delivered import Delivered
from tests.mailhost.letters import Letter, compose, genuine, two_authors


def test_is_junk_and_never_a_dmarc_pass(host):
    delivered = Delivered(host.deliver(two_authors(host.world)))
    assert "pass" not in delivered.results("dmarc")
    assert delivered.is_junk
    assert "FROM_MULTIPLE" in delivered.field("X-Spam-Status")


def test_a_second_from_put_on_a_signed_message_spoils_it(host):
    signed = genuine(host.world)
    delivered = Delivered(host.deliver(signed.with_content(b"From: You <you@example.net>\r\n" + signed.content)))
    assert "pass" not in delivered.results("dmarc")
    assert delivered.is_junk


def test_missing_from(host):
    content = compose(subject="no author", author="Shop <orders@shop.example>")
    without = content.replace(b"From: Shop <orders@shop.example>\r\n", b"")
    letter = Letter(content=without, mail_from="orders@shop.example", client=host.world.shop_host)
    delivered = Delivered(host.deliver(letter))
    assert "pass" not in delivered.results("dmarc")
    assert "FROM_MISSING" in delivered.field("X-Spam-Status")
