# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.attached_program import CHECK
from tests.unit.checks.content.body.attaching import PDF, PNG, PROGRAM, with_file
from tests.unit.checks.content.letters import found
from tests.unit.mime.making import zipped


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("setup.exe", PROGRAM),
        ("invoice.pdf", PROGRAM),
        ("Order.js", b"var x = new ActiveXObject('WScript.Shell')"),
        ("scan.pdf.vbs ", b"x"),
        ("offer.hta", b"<script>"),
        ("", PROGRAM),
        ("tool", b"\x7fELF\x02\x01\x01" + bytes(60)),
    ],
)
def test_programs(name, content):
    assert found(CHECK, with_file(name, content)) == ["FILE_PROGRAM"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("invoice.pdf", PDF),
        ("photo.png", PNG),
        ("Mail from shop.example.com", b"text"),
        ("exe", b"text"),
        ("Job.application", b"text"),
        ("how-to-exe.txt", b"MZ is how programs begin"[3:]),
        ("run.sh", b"#!/bin/sh\n"),
    ],
)
def test_other_files(name, content):
    assert found(CHECK, with_file(name, content)) == []


def test_programs_in_archives():
    assert found(CHECK, with_file("a.zip", zipped(("invoice.exe", PROGRAM)))) == ["FILE_PROGRAM_PACKED"]
    assert found(CHECK, with_file("a.zip", zipped(("b.zip", zipped(("c.scr", b"x")))))) == ["FILE_PROGRAM_PACKED"]
    assert found(CHECK, with_file("a.zip", zipped(("invoice.js", b"x")))) == ["FILE_PROGRAM_PACKED"]


def test_the_work_of_somebody_who_makes_web_sites():
    site = zipped(("index.html", b"x"), ("a.js", b"x"), ("b.js", b"x"), ("style.css", b"x"))
    assert found(CHECK, with_file("site.zip", site)) == []
