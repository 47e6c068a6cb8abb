# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.file_link import CHECK
from tests.unit.checks.content.body.attaching import anchor
from tests.unit.checks.content.letters import found


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("http://evil.example/Invoice_7731.scr", ["LINK_PROGRAM"]),
        ("https://evil.example/a/update.EXE#x", ["LINK_PROGRAM"]),
        ("https://evil.example/doc.pdf.lnk", ["LINK_PROGRAM"]),
        ("https://evil.example/dhl/label.zip", ["LINK_ARCHIVE"]),
        ("https://evil.example/scan.iso", ["LINK_ARCHIVE"]),
    ],
)
def test_links_that_fetch_files(url, names):
    assert found(CHECK, anchor(url)) == names


@pytest.mark.parametrize(
    "url",
    [
        "https://www.sender.example/setup.exe",
        "https://shop.example/cgi-bin/search.exe",
        "https://shop.example/isapi.exe?page=1",
        "https://shop.example/invoice.pdf",
        "https://evil.example/exe",
        "https://files.zip/",
        "https://shop.example/docs.zip/readme",
    ],
)
def test_near_misses(url):
    assert found(CHECK, anchor(url)) == []
