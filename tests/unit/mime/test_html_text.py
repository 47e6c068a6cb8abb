# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.mime.html_text import charset_of_html, html_to_text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("plain", "plain"),
        ("un<b>sub</b>scribe <i>here</i>", "unsubscribe here"),
        ("<p>a</p><p>b</p>", "\na\n\nb\n"),
        ("a<br>b<BR/>c", "a\nb\nc"),
        ("<td>a</td><td>b", "\na\n\nb"),
        ("a<!-- <b>c</b> -->d", "ad"),
        ("a<!-->b<!--->c<!--x--!>d", "abcd"),
        ("a<!--[if mso]>no<![endif]-->b<![if !mso]>c<![endif]>", "abc"),
        ("a<!-- never ends", "a"),
        ("a<style>p { color: red }</style >b", "ab"),
        ("a<STYLE><p></STYLE>b", "ab"),
        ("a<script>if (a</b/) '</scripty>' </script>b", "ab"),
        ("a<script>never ends", "a"),
        ("<title>no</title>yes", "yes"),
        ("<styled>yes", "yes"),
        ('<a title="<!--">yes</a> <a title="x>y">yes</a>', "yes yes"),
        ("<a title='\"'>yes</a>", "yes"),
        ('<a title="\'">yes', "yes"),
        ("<a title=a'b>yes", "yes"),
        ('<a title = "never ends> no', ""),
        ("a <3 b < c <", "a <3 b < c <"),
        ("a</>b</ x>c<?php no ?>d<!DOCTYPE html>e", "abcde"),
        ("a<p", "a\n"),
        ("&lt;b&gt; &amp;amp; &nbsp;&#65;&#x42;&#x43;&copy &unknown; &", "<b> &amp; \xa0ABC\xa9 &unknown; &"),
        ("&#0;&#xD800;&#99999999999;&#x110000;", "\ufffd" * 4),
        ("&#" + "0" * 5_000 + "65;&#" + "9" * 5_000 + ";", "A\ufffd"),
        ("", ""),
    ],
)
def test_text(source, text):
    assert html_to_text(source, 1_000) == text


def test_many_attributes_hide_nothing():
    assert html_to_text("<a" + " b='c'" * 5_000 + ">shown", 100) == "shown"
    assert html_to_text("<!--" + "-x" * 10_000 + "-->shown", 100) == "shown"
    assert html_to_text("<style>" + "<x" * 10_000 + "</style>shown", 100) == "shown"


def test_text_is_bounded_and_goes_on_behind_many_marks():
    assert html_to_text("x<i></i>" * 50_000, 45_000) == "x" * 45_000
    assert html_to_text("<i>" * 100_000 + "x", 10) == "x"


@pytest.mark.parametrize(
    ("source", "charset"),
    [
        (b'<meta charset="UTF-8">', "UTF-8"),
        (b"<META http-equiv=x content='text/html; charset=windows-1251'>", "windows-1251"),
        (b"<p charset=x>", ""),
        (b" " * 2_000 + b"<meta charset=x>", ""),
    ],
)
def test_charset(source, charset):
    assert charset_of_html(source) == charset
