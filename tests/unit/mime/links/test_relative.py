# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.mime.links.relative import absolute


@pytest.mark.parametrize(
    ("url", "base", "expected"),
    [
        ("http://a.example/", "http://b.example/", "http://a.example/"),
        ("mailto:x@y", "http://b.example/", "mailto:x@y"),
        ("//a.example/x", "", "http://a.example/x"),
        ("\\\\a.example\\x", "https://b.example/", "https:\\\\a.example\\x"),
        ("/x", "https://b.example/d/e?q", "https://b.example/x"),
        ("x", "https://b.example/d/e?q/r", "https://b.example/d/x"),
        ("x", "https://b.example", "https://b.example/x"),
        ("?q", "https://b.example/d/e?f", "https://b.example/d/e?q"),
        ("a.com/x", "https://b.example/", "https://b.example/a.com/x"),
        ("#x", "https://b.example/", "#x"),
        ("/x", "", "/x"),
        ("x", "javascript:", "x"),
        ("www.a.com", "", "http://www.a.com"),
        ("A.com:80/x", "", "http://A.com:80/x"),
        ("tel:12", "", "tel:12"),
        ("index.html", "", "index.html"),
        ("", "", ""),
    ],
)
def test_urls(url, base, expected):
    assert absolute(url, base) == expected
