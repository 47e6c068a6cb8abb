# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64

import pytest

from postward.mime.html.elements import MAX_LINKS
from postward.mime.html.lxml_reader import MAX_DEPTH
from postward.mime.html.view import MAX_SHOWN_CHARACTERS, MAX_URL_CHARACTERS, HtmlLink, view_of
from tests.unit.mime.making import part

WHOLE = 524_288


def view(source: str | bytes, max_bytes: int = WHOLE, content_type: str = "text/html; charset=utf-8"):
    return view_of(part(f"Content-Type: {content_type}", source), max_bytes)


def urls(source: str) -> list[tuple[str, str]]:
    return [(link.tag, link.url) for link in view(source).links]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<a href="http://a.example/">x</a>', ("a", "http://a.example/")),
        ("<A HREF=http://a.example/>x</A>", ("a", "http://a.example/")),
        ('<a href=" \n http://a.example/x&amp;y\t\n ">x', ("a", "http://a.example/x&y")),
        ('<a href="java\tscr\nipt:x()">x', ("a", "javascript:x()")),
        ('<a href="\x01http://a.example/">x', ("a", "http://a.example/")),
        ('<map><area href="//a.example/"></map>', ("area", "//a.example/")),
        ('<form action="http://a.example/"></form>', ("form", "http://a.example/")),
        ('<button formaction="http://a.example/">x</button>', ("form", "http://a.example/")),
        ('<input type=image src="cid:1">', ("img", "cid:1")),
        ('<img src="http://a.example/1.gif" width=1 height=1>', ("img", "http://a.example/1.gif")),
        ('<iframe src="http://a.example/"></iframe>', ("iframe", "http://a.example/")),
        ('<link rel=stylesheet href="http://a.example/x.css">', ("link", "http://a.example/x.css")),
        ('<table background="http://a.example/b.png"><tr><td>x', ("table", "http://a.example/b.png")),
        ("<td style=\"background: url('http://a.example/c.png')\">x", ("td", "http://a.example/c.png")),
        ('<meta http-equiv="Refresh" content="0; URL=\'http://a.example/\'">', ("meta", "http://a.example/")),
        ('<svg><a xlink:href="http://a.example/">x</a></svg>', ("a", "http://a.example/")),
    ],
)
def test_what_leads_elsewhere(source, expected):
    source = f"<table><tr>{source}" if source.startswith("<td") else source
    assert urls(source) == [expected]


@pytest.mark.parametrize(
    "source", ["<a>x</a>", '<a href="">x</a>', '<a name="http://a.example/">x', "<!-- <a href=x> -->", "<form></form>"]
)
def test_what_leads_nowhere(source):
    assert urls(source) == []


def test_what_a_reader_sees_of_a_link():
    (link,) = view(
        '<a href="http://evil.example/"><img src="">\n www.<b>ba</b>nk.example <i style="display:none">no</i></a> more'
    ).links
    assert link == HtmlLink(url="http://evil.example/", tag="a", shown="www.bank.example")


def test_links_that_are_not_seen():
    hidden, seen = view(
        '<p style="display:none"><a href="http://a.example/">x</a></p><a href="http://b.example/">y'
    ).links
    assert (hidden.is_hidden, hidden.shown) == (True, "")
    assert (seen.is_hidden, seen.shown) == (False, "y")


def test_links_are_of_bounded_length_and_number():
    (link,) = view(f'<a href="http://a.example/{"x" * 5_000}">{"y" * 5_000}</a>').links
    assert len(link.url) == MAX_URL_CHARACTERS
    assert len(link.shown) == MAX_SHOWN_CHARACTERS
    many = view("<a href=http://a.example/>x</a>" * (MAX_LINKS + 1))
    assert (len(many.links), many.is_cut) == (MAX_LINKS, True)


def test_forms_and_fields():
    seen = view('<form action=/x><input type=" PASSWORD "><input type=text></form><form>x</form>')
    assert (seen.forms, seen.password_fields) == (1, 1)


@pytest.mark.parametrize(
    ("source", "has_script"),
    [
        ("<script>x</script>", True),
        ('<img src=x onerror="x()">', True),
        ('<BODY ONLOAD="x()">x', True),
        ('<a href=" JavaScript:x()">x</a>', True),
        ('<a href="vbscript:x">x</a>', True),
        ('<a href="http://a.example/javascript:">onclick="x"</a>', False),
        ('<p title="onclick=x" one=x on=x>x', False),
        ("<!-- <script></script> -->x", False),
    ],
)
def test_script(source, has_script):
    assert view(source).has_script is has_script


def test_other_things():
    seen = view('<base href="http://a.example/"><base href="http://b.example/"><img><img><object data=x></object>')
    assert (seen.base, seen.images, seen.has_frame) == ("http://a.example/", 2, True)
    assert view('<meta http-equiv=refresh content="5">').refreshes_to == ""
    assert view("<meta http-equiv=refresh content='5;http://a.example/'>").refreshes_to == "http://a.example/"
    assert not view('<meta name=refresh content="0;url=http://a.example/">x').links


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("plain", "plain"),
        ("un<b>sub</b>scribe", "unsubscribe"),
        ("<p>a</p><p>b</p><table><tr><td>c<td>d</table>e<br>f", "a b c d e f"),
        ("<p>a<script>no</script>b<style>no{}</style>c<noscript>d</noscript>", "abcd"),
        ("<p>a<!-- no -->b<iframe>no</iframe>", "ab"),
        ("<!--[if mso]>no<![endif]--><!--[if !mso]><!-->yes<!--<![endif]-->", "yes"),
        ("&lt;b&gt; &amp; &nbsp;x", "<b> & x"),
        ("</b>x", "x"),
        ("</html>x", "x"),
        ("<html><body>x</body></html>y", "x y"),
        ("<p>x <!-->y <!--->z <!--x--!>. <!---->.", "x y z . ."),
        ("<!doctype html>x<?php y ?>", "x"),
        ("\0x\0", "\ufffdx\ufffd"),
        ("", ""),
        ("<!-- no", ""),
    ],
)
def test_what_is_seen(source, text):
    seen = view(source)
    assert (seen.visible_text, seen.hidden_text, seen.problem) == (text, "", "")


@pytest.mark.parametrize(
    "before",
    [
        "</b>", "</html>", "</body></html>", "<html></html>", "<!doctype html></b>", "<!--x--></b>", "<!-->", "<!--->",
        "</bo</body>dy>", "</ht</html>ml>", "</", "<!", "<?", "<!DOCTYPE x='", "</>",
        "<title>x</title></title>", "\ufeff",
        "<?xml version='1.0' encoding='utf-16'?>", "<meta charset=utf-16>", "<frameset></frameset>",
    ],
)  # fmt: skip
def test_nothing_is_lost_behind_what_should_not_be_there(before):
    seen = view(f"{before}<br><a href=http://a.example/>seen</a>")
    assert [link.url for link in seen.links if link.shown == "seen"] == ["http://a.example/"]


def test_charsets():
    assert view("<p>gr\u00fcn \u20ac".encode("cp1252"), content_type="text/html; charset=iso-8859-1").visible_text == (
        "gr\u00fcn \u20ac"
    )
    assert (
        view("<meta charset=koi8-r>\u043f\u0440".encode("koi8-r"), content_type="text/html").visible_text
        == "\u043f\u0440"
    )
    # What the document says of itself does not count where the header says something.
    assert view("<meta charset=utf-16><p>gr\u00fcn".encode()).visible_text == "gr\u00fcn"
    assert view("<p>gr\u00fcn".encode(), content_type="text/html").visible_text == "gr\u00fcn"


def test_a_character_that_lies_across_the_pieces_that_the_parser_is_given():
    text = "x" + "\u20ac" * 20_000
    assert view(text).visible_text == text


def test_transfer_encodings():
    octets = base64.encodebytes(b'<a href="http://a.example/">x</a>')
    (link,) = view_of(part("Content-Type: text/html\nContent-Transfer-Encoding: base64", octets), WHOLE).links
    assert link.url == "http://a.example/"


def test_what_is_longer_than_may_be_read():
    assert not view("<p>abc").is_cut
    seen = view("<p>abc", 5)
    assert (seen.visible_text, seen.is_cut) == ("ab", True)


def test_nothing_is_lost_behind_deep_nesting():
    seen = view("<div><span>" * 3 * MAX_DEPTH + '<a href="http://a.example/">deep</a>')
    assert [link.url for link in seen.links] == ["http://a.example/"]
    assert (seen.visible_text, seen.problem) == ("deep", "elements are nested too deep")
    answered = view("<blockquote><div>" * 400 + "deep")
    assert (answered.visible_text, answered.problem) == ("deep", "")
