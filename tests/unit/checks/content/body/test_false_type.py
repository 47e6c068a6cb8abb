# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.false_type import CHECK
from tests.unit.checks.content.body.attaching import PDF, PNG, PROGRAM, with_file
from tests.unit.checks.content.letters import found
from tests.unit.mime.making import zipped

HTML = b"<!DOCTYPE html><html><body><form></form></body></html>"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("invoice.pdf", PROGRAM, "application/pdf"),
        ("invoice.pdf", HTML, "application/pdf"),
        ("photo.jpg", zipped(("a.js", b"x")), "image/jpeg"),
        ("", HTML, "image/png"),
        ("readme.exe", PROGRAM, "audio/x-wav"),
        ("report.doc", PROGRAM, "application/msword"),
    ],
)
def test_what_is_something_else(name, content, kind):
    assert found(CHECK, with_file(name, content, kind=kind)) == ["FILE_FALSE_TYPE"]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("invoice.pdf", PDF, "application/pdf"),
        ("photo.jpg", PNG, "image/jpeg"),
        ("report.xls", HTML, "application/vnd.ms-excel"),
        ("report.doc", b"{\\rtf1 text}", "application/msword"),
        ("setup.exe", PROGRAM, "application/octet-stream"),
        ("invoice.pdf", b"rubbish", "application/pdf"),
        ("page.html", HTML, "text/html"),
        ("install.txt", b"#!/bin/sh\necho", "text/plain"),
    ],
)
def test_near_misses(name, content, kind):
    assert found(CHECK, with_file(name, content, kind=kind)) == []
