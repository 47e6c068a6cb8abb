# SPDX-License-Identifier: GPL-3.0-or-later
"""What was sent is what arrives: simple canonicalization forgives nothing."""

from __future__ import annotations

import dkim
import pytest

from tests.e2e.delivered import Delivered
from tests.mailhost.letters import Letter, compose

AUTHOR = "Example Bank <service@bank.example>"

HEADERS = {
    "plain": [],
    "no space after the colon": ["X-Tight:value"],
    "two spaces and a tab": ["X-Wide:  \tvalue  inside\t."],
    "trailing space": ["X-Trailing: value  "],
    "folds of all kinds": ["X-Folded: one\r\n two\r\n\tthree\r\n    four"],
    "fold before the value": ["X-Late:\r\n value"],
    "empty value": ["X-Empty:"],
    "raw eight-bit": ["X-Eight: Gr\u00fc\u00dfe"],
    "odd case": ["x-OdD-CaSe: value"],
    "long field": ["X-Long: " + "\r\n ".join("x" * 70 for _ in range(300))],
}
BODIES = {
    "plain": "Hello,\nall is well.\n",
    "trailing spaces": "Hello,   \n\t\n \nend \t\n",
    "empty lines at the end": "Hello\n\n\n\n",
    "dots": ".\n..\n.leading\n",
    "eight-bit": "Gr\u00fc\u00dfe, \u65e5\u672c\u8a9e, \U0001f4ee\n",
    "long line": "y" * 900 + "\n",
    "from line": "From here on\n>From there\n",
}


def _letter(world, content):
    return Letter(content=content, mail_from="service@bank.example", client=world.bank_host)


def _assert_intact(host, content):
    delivered = Delivered(host.deliver(_letter(host.world, content)))
    assert delivered.ends_with(content)
    assert delivered.results("dkim") == ["pass"]
    assert dkim.verify(delivered.as_sent, dnsfunc=host.world.txt)


@pytest.mark.parametrize("kind", HEADERS)
def test_header_signed_with_simple_canonicalization(host, kind):
    content = compose(*HEADERS[kind], subject=kind, author=AUTHOR)
    _assert_intact(host, host.world.bank.sign(content, canonicalization=(b"simple", b"simple"), headers=_signed(kind)))


@pytest.mark.parametrize("kind", BODIES)
def test_body_signed_with_simple_canonicalization(host, kind):
    content = compose(subject=kind, author=AUTHOR, body=BODIES[kind])
    _assert_intact(host, host.world.bank.sign(content, canonicalization=(b"simple", b"simple")))


def test_line_feed_alone_is_the_end_of_a_line_to_postfix(host):
    content = host.world.bank.sign(compose(subject="line feed", author=AUTHOR, body="one\ntwo\n"))
    delivered = Delivered(host.deliver(_letter(host.world, content.replace(b"one\r\n", b"one\n"))))
    assert delivered.ends_with(content)
    assert delivered.results("dkim") == ["pass"]


def test_large_message(host):
    content = compose(subject="large", author=AUTHOR, body="0123456789 abcdef\n" * 200_000)
    _assert_intact(host, host.world.bank.sign(content))


def test_field_as_long_as_postfix_shows_a_milter(host):
    """Postfix itself cuts fields at 60,000 octets where there is a milter."""
    content = compose("X-Huge: " + "\r\n ".join("z" * 900 for _ in range(64)), subject="huge field", author=AUTHOR)
    _assert_intact(host, host.world.bank.sign(content))


def _signed(kind):
    names = [field.partition(":")[0] for field in HEADERS[kind]]
    return [name.encode() for name in ("From", "To", "Subject", "Date", *names)]
