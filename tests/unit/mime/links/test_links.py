# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.mime.html.view import view_of
from postward.mime.links.link import LinkSource
from postward.mime.links.links import LinkBounds, links_of
from tests.unit.mime.making import message

TWO_PARTS = """\
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain

Go to http://a.example/ or www.b.example, http://a.example/
--b
Content-Type: text/html

{html}
--b
Content-Disposition: attachment; filename=x.txt
Content-Type: text/plain

http://attached.example/
--b--
"""


def links(html: str, bound: int = 200):
    parts = message(TWO_PARTS.format(html=html)).parts
    views = {part.path: view_of(part, 10_000) for part in parts if part.content_type == "text/html"}
    return links_of(parts, views, LinkBounds(links=bound))


def test_text_and_html_each_once_for_each_source():
    found = links(
        '<a href="http://a.example/">here</a><a href="http://a.example/">there</a><img src="http://i.example/">'
    )
    assert [(link.source, link.host) for link in found] == [
        (LinkSource.TEXT, "a.example"),
        (LinkSource.TEXT, "www.b.example"),
        (LinkSource.ANCHOR, "a.example"),
        (LinkSource.RESOURCE, "i.example"),
    ]
    assert found[2].shown == "here"


def test_text_of_html_and_what_nobody_sees():
    found = links('<p>http://c.example/ <p style="display:none">http://d.example/ <a href="http://e.example/">x</a>')
    assert {(link.host, link.source, link.is_hidden) for link in found[2:]} == {
        ("c.example", LinkSource.TEXT, False),
        ("d.example", LinkSource.TEXT, True),
        ("e.example", LinkSource.ANCHOR, True),
    }


def test_forms_and_bases():
    found = links('<base href="http://base.example/x/"><form action="y"></form><a href="//c.example">z</a>')
    assert [(link.source, link.url) for link in found[2:]] == [
        (LinkSource.FORM, "http://base.example/x/y"),
        (LinkSource.ANCHOR, "http://c.example"),
        (LinkSource.RESOURCE, "http://base.example/x/"),
    ]


def test_what_leads_nowhere_else():
    assert len(links('<a href="#x">x</a><a href="">x</a><img src="cid:1"><a href="mid:1">x</a><a href="x.html">')) == 2
    assert [link.scheme for link in links('<a href="javascript:x()">x</a><a href="data:,x">y</a>')[2:]] == [
        "javascript",
        "data",
    ]


def test_they_are_bounded_and_what_is_clicked_comes_before_pictures():
    html = "".join(f'<img src="http://i{n}.example/">' for n in range(50)) + '<a href="http://c.example/">x</a>'
    assert [link.host for link in links(html, 4)] == ["a.example", "www.b.example", "c.example", "i0.example"]


def test_html_that_was_not_read_has_no_links():
    parts = message("Content-Type: text/html\n\nhttp://a.example/").parts
    assert links_of(parts, {}, LinkBounds()) == ()
