# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.carrier_file import CHECK
from tests.unit.checks.content.body.attaching import PDF, with_file
from tests.unit.checks.content.letters import found
from tests.unit.mime.making import zipped

LNK = bytes.fromhex("4c0000000114020000000000c000000000000046") + bytes(60)
ISO = bytes(32_769) + b"CD001" + bytes(100)


@pytest.mark.parametrize(
    ("name", "content", "names"),
    [
        ("DHL.img", ISO, ["FILE_DISK_IMAGE"]),
        ("scan.pdf", ISO, ["FILE_DISK_IMAGE"]),
        ("a.zip", zipped(("scan.vhd", b"x")), ["FILE_DISK_IMAGE"]),
        ("report.pdf.lnk", LNK, ["FILE_SHORTCUT"]),
        ("a.zip", zipped(("report", LNK)), ["FILE_SHORTCUT"]),
        ("open.url", b"[InternetShortcut]\nURL=file://evil.example/x", ["FILE_SHORTCUT"]),
        ("quote.ace", b"x", ["FILE_RARE_ARCHIVE"]),
    ],
)
def test_what_carries_others(name, content, names):
    assert found(CHECK, with_file(name, content)) == names


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", PDF), ("a.zip", zipped(("a.txt", b"x"))), ("iso-9001.pdf", PDF), ("a.rar", b"Rar!\x1a\x07\x00")],
)
def test_near_misses(name, content):
    assert found(CHECK, with_file(name, content)) == []
