# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.recipient_in_link import CHECK
from tests.unit.checks.content.body.attaching import anchor
from tests.unit.checks.content.letters import found


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/owa/#bob@example.com",
        "https://evil.example/#Bob%40Example.com",
        "https://evil.example/x?y#/m/Ym9iQGV4YW1wbGUuY29t",
    ],
)
def test_the_page_fills_in_who_reads(url):
    assert found(CHECK, anchor(url)) == ["LINK_HOLDS_RECIPIENT"]


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/unsubscribe?mail=bob@example.com",
        "https://news.example/#article-7",
        "https://news.example/#carol@example.com",
        "https://news.example/#:~:text=bob@example.com",
        "https://news.example/#",
    ],
)
def test_near_misses(url):
    assert found(CHECK, anchor(url)) == []


def test_a_recipient_without_an_address():
    assert found(CHECK, anchor("https://news.example/#postmaster", recipients=("postmaster",))) == []
