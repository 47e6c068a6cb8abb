# SPDX-License-Identifier: GPL-3.0-or-later
"""Fields that only this host may write are removed when they come from outside, in whatever spelling."""

from __future__ import annotations

import pytest

from tests.e2e.delivered import Delivered
from tests.mailhost.letters import compose, forged_from, forged_results

FORGED = [
    "Authentication-Results: mx.example.net; dkim=pass header.d=forged.example",
    "authentication-results: mx.example.net; dkim=pass header.d=forged.example",
    "AUTHENTICATION-RESULTS:mx.example.net;dkim=pass header.d=forged.example",
    'Authentication-Results: "mx.example.net"; dkim=pass header.d=forged.example',
    "Authentication-Results: MX.Example.NET; dkim=pass header.d=forged.example",
    "Authentication-Results: (a (nested) comment) mx.example.net (another); dkim=pass header.d=forged.example",
    "Authentication-Results: mx.example.net 1; dkim=pass header.d=forged.example",
    "Authentication-Results: mx.example.net; dkim=pass header.d=forged.example;;",
    "Authentication-Results:\r\n\tmx.example.net;\r\n\tdkim=pass header.d=forged.example",
    "Authentication-Results: mx.example.net.; dkim=pass header.d=forged.example",
    "Authentication-Results: mx.example.net.. 1; dkim=pass header.d=forged.example",
    "Authentication-Results: mx . example (x) . net; dkim=pass header.d=forged.example",
    "Authentication-Results: =?utf-8?q?mx=2Eexample=2Enet=3B?= dkim=pass header.d=forged.example",
    "Authentication-Results: dkim=pass header.d=forged.example",
    "Authentication-Results: ; dkim=pass header.d=forged.example",
    "X-Spam-Flag: NO (forged.example)",
    "x-spam-status: No, score=-100 forged.example",
    "X-Spam-Anything: forged.example",
    "X-Postward-Pass: v=1; t=1; h=forged.example",
    "X-Postward-Reason: ham (score -9.0, junk from 5.0 on): forged.example is known",
    "x-virus-STATUS: Clean (forged.example)",
]


def test_forged_pass_is_gone_and_the_real_result_there(host):
    delivered = Delivered(host.deliver(forged_results(host.world)))
    assert len(delivered.fields("Authentication-Results")) == 1
    assert delivered.results("dmarc") == ["fail"]
    assert delivered.is_junk


@pytest.mark.parametrize("field", FORGED)
def test_forged_field_is_removed_and_all_else_kept(host, field):
    author = "Example Bank <service@bank.example>"
    bare = compose(subject="forged fields", author=author)
    forged = forged_from(host.world).with_content(field.encode() + b"\r\n" + bare)
    delivered = Delivered(host.deliver(forged))
    assert b"forged.example" not in delivered.content
    assert delivered.ends_with(bare)


def test_many_forged_fields_between_others_are_all_removed(host):
    forged = [line for number in range(30) for line in (FORGED[number % len(FORGED)], f"X-Kept: {number}")]
    content = compose(*forged, subject="many", author="Example Bank <service@bank.example>")
    delivered = Delivered(host.deliver(forged_from(host.world).with_content(content)))
    assert b"forged.example" not in delivered.content
    assert delivered.fields("X-Kept") == [str(number) for number in range(30)]


def test_results_of_other_hosts_are_kept(host):
    content = compose(
        "Authentication-Results: other.example.org; dkim=pass header.d=elsewhere.example",
        "Authentication-Results: notmx.example.net; dkim=pass header.d=elsewhere.example",
        subject="others", author="Example Bank <service@bank.example>",
    )  # fmt: skip
    delivered = Delivered(host.deliver(forged_from(host.world).with_content(content)))
    assert len(delivered.fields("Authentication-Results")) == 3
