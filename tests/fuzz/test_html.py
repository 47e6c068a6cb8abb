# SPDX-License-Identifier: GPL-3.0-or-later
"""HTML and URLs: what strangers write to hide where they lead."""

from __future__ import annotations

import time

from hypothesis import strategies as st

from postward.dns.public_suffix import open_suffixes
from postward.mime.html.elements import MAX_LINKS
from postward.mime.html.old_parser import made_ready
from postward.mime.html.style import read_style
from postward.mime.html.tag_bounds import MAX_ATTRIBUTES, bound_tags
from postward.mime.html.view import MAX_SHOWN_CHARACTERS, MAX_URL_CHARACTERS, view_of
from postward.mime.links.in_text import urls_in
from postward.mime.links.link import LinkSource
from postward.mime.links.links import LinkBounds, links_of
from postward.mime.links.read_url import read_url
from postward.mime.links.relative import absolute
from tests.fuzz.effort import fuzz
from tests.fuzz.grammar import OCTETS, TEXT
from tests.unit.mime.making import part

MARKS = st.sampled_from([
    "<", ">", "</", "<a href='http://a.example/'>", "</a>", "<p style='", "display:none", "color:#fff", ";", ":", "'",
    '"',
    "=", " ", "/", "<b>", "</b>", "</html>", "</body>", "<body bgcolor=white text=", "<!--", "-->", "<!-->", "--!>",
    "<![if x]>", "<style>", "</style>", ".x{display:none}", "<b class=x>", "<script>", "</script", "<title>",
    "<table><td>",
    "<svg><a xlink:href=x>", "<base href=", "<meta http-equiv=refresh content='0;url=", "<form action=x>",
    "<img src=x ",
    "onload=", "hidden", "&amp;", "&#0;", "&#x", "\0", "\u20ac", "\ufeff", "\u0130", "text", "<font color=", "<iframe>",
    "url(", "/*", "*/", "{", "}", "@media", "<xmp>", "<plaintext>", "<select><option>", "<!DOCTYPE", "<?", "]]>",
])  # fmt: skip
# Text that was decoded has no lone surrogates.
WORDS = TEXT.map(lambda text: text.encode("utf-8", "replace").decode())
MARKUP = st.lists(st.one_of(MARKS, MARKS, WORDS), max_size=40).map("".join)
URL_PIECES = st.sampled_from([
    "http", "https:", "HTTP:", "//", "\\\\", "/", "\\", ":", "@", "?", "#", "www.", "WWW.", "a.example", "com", ".",
    "%2e",
    "%41", "%", "\u3002", "\uff0e", "xn--", "xn--a", "\u00fc", "\u0130", "[", "]", "[::1]", "0x7f", "1", "255.",
    "99999999999",
    "mailto:", "javascript:", "data:", "\t", "\n", " ", "(", ")", "<", ">", '"', "'", ",", "a_b", "-", "\0", "\u202e",
    "\u200b", "\U0001f4a9", "bit.ly/", "tel:", "ftp:",
])  # fmt: skip
URLS = st.lists(st.one_of(URL_PIECES, URL_PIECES, WORDS), max_size=15).map("".join)
SUFFIXES = open_suffixes()


def check_link(link):
    assert len(link.url) <= MAX_URL_CHARACTERS
    assert link.scheme == link.scheme.lower()
    assert link.host.isascii()
    assert link.host == link.host.lower()
    assert len(link.host) <= 253
    assert not (link.host and link.address)
    assert not set(link.host) & set("/\\@:?#%[] \t\r\n\0<>")
    assert link.port is None or 0 <= link.port <= 65_535
    domain = SUFFIXES.organizational_domain(link.host)
    assert domain in {"", link.host} or link.host.endswith(f".{domain}")
    assert not (domain and SUFFIXES.is_suffix(link.host))


def check_view(view):
    for text in (view.visible_text, view.hidden_text, view.base, *(link.shown for link in view.links)):
        text.encode("utf-8")
        assert "  " not in text or text == view.base
    assert len(view.links) <= MAX_LINKS
    for link in view.links:
        assert link.url
        assert len(link.url) <= MAX_URL_CHARACTERS
        assert len(link.shown) <= MAX_SHOWN_CHARACTERS
        assert not any(character < " " for character in link.url)


@fuzz(source=st.one_of(MARKUP.map(str.encode), OCTETS), limit=st.integers(0, 300), share=4)
def test_any_document(source, limit):
    only = part("Content-Type: text/html; charset=utf-8", source)
    for view in (view_of(only, 100_000), view_of(only, limit)):
        check_view(view)
        for link in links_of([only], {only.path: view}, LinkBounds(links=5)):
            check_link(link)


@fuzz(source=MARKUP, share=2)
def test_what_is_in_front_is_never_lost(source):
    document = f"<p>seen <a href='http://first.example/'>first</a></p>{source}"
    view = view_of(part("Content-Type: text/html; charset=utf-8", document), 100_000)
    assert view.visible_text.startswith("seen first")
    assert view.links[0].url == "http://first.example/"


@fuzz(source=MARKUP, share=2)
def test_preparing_for_old_parsers_is_bounded_and_done_once(source):
    ready = made_ready(source)
    assert ready is not None
    assert len(ready) <= len(source)
    assert bound_tags(source) == source, MAX_ATTRIBUTES


@fuzz(url=URLS, base=URLS, share=3)
def test_any_url(url, base):
    for written in (
        url,
        f"http://{url}",
        f"mailto:{url}",
        absolute(url, base),
        absolute(url, f"https://a.example/{base}"),
    ):
        link = read_url(written, source=LinkSource.ANCHOR)
        if link is not None:
            check_link(link)
            assert read_url(link.url, source=LinkSource.ANCHOR) == link


@fuzz(text=URLS, before=TEXT, share=3)
def test_any_text_with_urls(text, before):
    found = list(urls_in(f"{before} http://a.example/ {text}"))
    assert "http://a.example/" in found or "://" in before
    for url in found:
        assert len(url) <= MAX_URL_CHARACTERS + len("http://")
        assert not set(url) & set(' \t\r\n<>"')
        link = read_url(url)
        assert link is not None
        check_link(link)


@fuzz(declarations=st.lists(st.one_of(MARKS, TEXT, st.sampled_from([
    "font-size:", "opacity:", "0", "0px", "1e9", "-", ".", "rgb(", "rgba(1,2,3,", ")", "%", "#ff", "url(", "!important",
    "background:", "visibility:hidden",
])), max_size=12).map("".join))  # fmt: skip
def test_any_style(declarations):
    style = read_style(declarations)
    for colour in (style.colour, style.ground):
        assert colour is None or isinstance(colour, str) or all(0 <= channel <= 255 for channel in colour)


ALLOWED_S = 10.0
"""Of the processor: far more than any needs, and far less than the square of the length would take."""
SIZE_BYTES = 300_000


@fuzz(head=MARKUP, piece=st.one_of(MARKUP, URLS).filter(bool), then=st.one_of(MARKUP, URLS), share=4)
def test_the_same_piece_over_and_over(head, piece, then):
    document = (
        head + piece * (SIZE_BYTES // 2 // len(piece.encode())) + then * (SIZE_BYTES // 2 // (len(then.encode()) + 1))
    )
    started_s = time.process_time()
    html = part("Content-Type: text/html; charset=utf-8", document)
    view = view_of(html, SIZE_BYTES)
    check_view(view)
    links_of([html], {html.path: view}, LinkBounds())
    links_of([part("Content-Type: text/plain; charset=utf-8", document)], {}, LinkBounds())
    made_ready(document)
    assert time.process_time() - started_s < ALLOWED_S
