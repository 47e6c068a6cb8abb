# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.free_hosting_link import CHECK
from tests.unit.checks.content.body.attaching import anchor
from tests.unit.checks.content.letters import found


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("https://mail-verify-3f2.pages.dev/login", ["LINK_FREE_HOSTING"]),
        ("https://portal.web.app/", ["LINK_FREE_HOSTING"]),
        ("https://storage.googleapis.com/xk2/index.html#x", ["LINK_STORED_PAGE"]),
        ("https://a1.blob.core.windows.net/$web/office.htm?x=y", ["LINK_STORED_PAGE"]),
        ("https://ipfs.io/ipfs/bafybeid/", ["LINK_STORED_PAGE"]),
        ("https://bucket.s3.us-east-1.amazonaws.com/doc.html", ["LINK_STORED_PAGE"]),
    ],
)
def test_pages_that_are_gone_tomorrow(url, names):
    assert found(CHECK, anchor(url)) == names


@pytest.mark.parametrize(
    "url",
    [
        "https://storage.googleapis.com/shop/catalogue.pdf",
        "https://bucket.s3.amazonaws.com/invoice.pdf",
        "https://pages.dev/",
        "https://web.app.example/",
        "https://shop.example/ipfs.html",
    ],
)
def test_near_misses(url):
    assert found(CHECK, anchor(url)) == []
