# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.web_page_file import CHECK
from tests.unit.checks.content.body.attaching import PDF, with_file
from tests.unit.checks.content.letters import found, letter
from tests.unit.mime.making import zipped

PAGE, ACTIVE, UNPACKS = "FILE_WEB_PAGE", "FILE_WEB_PAGE_ACTIVE", "FILE_WEB_PAGE_UNPACKS"


@pytest.mark.parametrize(
    ("name", "content", "names"),
    [
        ("report.html", b"<html><body>Report</body></html>", [PAGE]),
        ("login.htm", b"<form action='https://evil.example'><input type=password></form>", [PAGE, ACTIVE]),
        ("voice.shtml", b"<script>document.write(atob('PGI+'))</script>", [PAGE, ACTIVE, UNPACKS]),
        ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", [PAGE, ACTIVE]),
        ("", b"<html><meta http-equiv=\"refresh\" content='0;url=https://evil.example'></html>", [PAGE, UNPACKS]),
        ("wide.html", "<SCRIPT>EVAL(x)</SCRIPT>".encode("utf-16"), [PAGE, ACTIVE, UNPACKS]),
        ("page.zip", zipped(("invoice.html", b"x")), [PAGE]),
    ],
)
def test_pages_as_files(name, content, names):
    assert found(CHECK, with_file(name, content)) == names


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("table.xls", b"<html><table></table></html>"),
        ("invoice.pdf", PDF),
        ("html.txt", b"How to write <script> in HTML"),
        ("site.zip", zipped(*((f"{number}.html", b"x") for number in range(5)))),
    ],
)
def test_near_misses(name, content):
    assert found(CHECK, with_file(name, content)) == []


def test_a_body_is_no_file():
    assert found(CHECK, letter("Content-Type: text/html; name=message.html\n\n<form></form>\n")) == []
