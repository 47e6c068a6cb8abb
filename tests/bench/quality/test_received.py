# SPDX-License-Identifier: GPL-3.0-or-later
"""Received fields of the shapes that the corpus has."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from tests.bench.quality.received import read_date, read_received


@pytest.mark.parametrize(
    ("value", "address", "name", "helo"),
    [
        ("from a.example (b.example [192.0.2.1]) by mx.example (Postfix) with SMTP id 1", "192.0.2.1", "b.example",
         "a.example"),
        ("from a.example (root@b.example [192.0.2.1]) by mx.example (8.9.3) id 1", "192.0.2.1", "b.example",
         "a.example"),
        ("from a.example (b.example [192.0.2.1] (may be forged)) by mx.example id 1", "192.0.2.1", "", "a.example"),
        ("from a.example (unknown [192.0.2.1]) by mx.example id 1", "192.0.2.1", "", "a.example"),
        ("from 203.0.113.9 ([192.0.2.1]) by mx.example id 1", "192.0.2.1", "", "203.0.113.9"),
        ("from b.example ([192.0.2.1] helo=a.example) by mx.example with smtp (Exim 3.31)", "192.0.2.1", "b.example",
         "a.example"),
        ("from unknown (HELO a.example) (192.0.2.1) by mx.example with SMTP", "192.0.2.1", "", "a.example"),
        ("from a.example (192.0.2.1) by mx.example with SMTP", "192.0.2.1", "", "a.example"),
        ("(qmail 15208 invoked by alias); 25 Jun 2002 12:15:21 -0000", None, "", ""),
    ],
)  # fmt: skip
def test_client(value: str, address: str | None, name: str, helo: str) -> None:
    hop = read_received(value)
    assert (hop.address, hop.name, hop.helo) == (ip_address(address) if address else None, name, helo)


def test_what_the_receiving_host_says() -> None:
    hop = read_received(
        "from a [192.0.2.1] by MX.example with IMAP id <7> for <b@c.example>; 25 Jun 2002 12:15:21 +0200"
    )
    assert (hop.by, hop.queue_id, hop.recipient, hop.is_fetched) == ("mx.example", "7", "b@c.example", True)
    assert hop.time_s == 1025000121.0


def test_dates_that_are_none() -> None:
    assert read_date("30 Augustus 0102") is None
    assert read_date("") is None
