# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.mime.html.view import MAX_URL_CHARACTERS
from postward.mime.links.in_text import urls_in


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("see https://www.Example.com/a?b=1, please", ["https://www.Example.com/a?b=1"]),
        ("HTTP://A.example", ["HTTP://A.example"]),
        ("(http://a.example/x_(y)). (http://b.example/x)", ["http://a.example/x_(y)", "http://b.example/x"]),
        ("<http://a.example/>\"http://b.example/\"'http://c.example/'", [
            "http://a.example/", "http://b.example/", "http://c.example/",
        ]),
        ("\u201chttp://a.example/\u201d \u300chttp://b.example/\u300d", ["http://a.example/", "http://b.example/"]),
        ("[http://a.example/] {http://b.example/}", ["http://a.example/", "http://b.example/"]),
        ("clickhttp://a.example", ["http://a.example"]),
        ("http:\\\\a.example\\x http:/b.example", ["http:\\\\a.example\\x", "http:/b.example"]),
        ("http://a.example/?to=http://b.example/", ["http://a.example/?to=http://b.example/"]),
        ("www.a.example WWW.B.EXAMPLE/x, (www.c.example)", [
            "http://www.a.example", "http://WWW.B.EXAMPLE/x", "http://www.c.example",
        ]),
        ("awww.a.example ann@www.a.example x=www.a.example", []),
        ("a.com/b Evil.Com/x b\u00fccher.com/x", ["http://a.com/b", "http://Evil.Com/x"]),
        ("sub.a.co.uk/x (bit.ly/2x)", ["http://sub.a.co.uk/x", "http://bit.ly/2x"]),
        ("and/or 1/2 24/7 a.txt/b e.g./i.e. ./x.com/ 1.2.3.4/8 a..com/b -a.com/b ann@a.com/b", []),
        ("a.com b.de", []),
        ("mailto:ann@a.example?subject=x Mailto:b@b.example", ["mailto:ann@a.example?subject=x", "Mailto:b@b.example"]),
        ("ftp://a.example/ file:///etc/x C:\\a.com\\b", ["ftp://a.example/"]),
        ("http://\u65e5\u672c.example/\u65e5", ["http://\u65e5\u672c.example/\u65e5"]),
        ("\u0130 http://a.example/ WWW.b.example", ["http://a.example/"]),
        ("http://a.example/\nb", ["http://a.example/"]),
        ("", []),
    ],
)  # fmt: skip
def test_urls(text, urls):
    assert list(urls_in(text)) == urls


def test_a_long_one_is_cut_and_not_taken_for_several():
    (url,) = urls_in("http://a.example/" + "x" * 5_000 + "/www.b.example/")
    assert len(url) == MAX_URL_CHARACTERS


@pytest.mark.parametrize("text", ["mailto:", "www.", "WWW. x", "(www.)", "http", "://x", "x:/"])
def test_beginnings_with_nothing_behind_them(text):
    assert list(urls_in(text)) == []


def test_a_slash_at_the_very_beginning():
    assert list(urls_in("//x http://a.example/")) == ["http://a.example/"]
