# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reader sees, and what is there all the same; in each case "seen" is seen and "not" is not."""

from __future__ import annotations

import pytest

from tests.unit.mime.html.test_lxml_reader import view

HIDDEN = {
    "display": '<p style="display:none">not</p>seen',
    "important": '<p style="Display : NONE !important">not</p>seen',
    "with a comment": '<p style="display:/* x */none">not</p>seen',
    "within": '<div style="display:none"><p style="display:block">not</p></div>seen',
    "visibility": '<div style="visibility:hidden">not<b style="visibility:visible">seen</b></div>',
    "opacity": '<span style="opacity:0.0">not</span>seen',
    "attribute": "<p hidden>not</p>seen",
    "font of no size": '<span style="font-size:0">not</span>seen',
    "font of a pixel": '<span style="font-size:1px">not</span>seen',
    "half a pixel": '<span style="font-size:.5px">not</span>seen',
    "share of nothing": '<div style="font-size:0px">not<p style="font-size:1.5em">not</p></div>seen',
    "short form of fonts": '<span style="font:0/0 a">not</span>seen',
    "box of no height": '<div style="max-height:0px;overflow:hidden">not</div>seen',
    "far to the left": '<div style="text-indent:-9999px">not</div>seen',
    "white on white": '<font color="#ffffff">not</font>seen',
    "a name and a number": '<table bgcolor=white><tr><td><font color="#FFF">not</font>seen',
    "nearly": '<div style="background-color:#f4f4f4"><p style="color:#f3f4f5">not</p>seen</div>',
    "function": '<span style="color:rgb(255, 254, 255)">not</span>seen',
    "transparent": '<span style="color:transparent">not</span>seen',
    "no alpha": '<span style="color:rgba(0,0,0,0)">not</span>seen',
    "hexadecimal alpha": '<span style="color:#00000000">not</span>seen',
    "of the body": '<body text=black bgcolor="#000000">not<font color=white>seen</font>',
    "link": '<a href=x style="color:#fff">not</a>seen',
    "class": '<style>p{color:red} .x, td.y {display:none} #z{visibility:hidden}</style><b class="a x">not</b>seen',
    "id": "<style>/* x */#z { display : none }</style><b id=z>not</b><i class=z>seen</i>",
    "class of an element": "<style>.x,td.y{display:none}</style><table><tr><td class=y>not</td><td>seen",
    "style over class": '<style>.x{visibility:hidden}</style><b class=x>not<i style="visibility:visible">seen</i></b>',
    "sheet in a comment": "<style><!-- .x{display:none} --></style>seen<b class=x>not</b>",
}
SEEN = {
    "wrappers without a size": '<td style="font-size:0px"><div style="font-size:14px">seen</div></td>',
    "words for sizes": '<div style="font-size:0"><p style="font-size:small">seen</p></div>',
    "small print": '<p style="font-size:8px;color:#999999">seen</p>',
    "white on black": "<table><tr><td bgcolor=black><font color=white>seen</font></table>",
    "white on a picture": '<div style="background:#fff url(x.png);color:#fff">seen</div>',
    "white on an old picture": '<table background="x.png"><tr><td style="color:#fff">seen</table>',
    "white on a gradient": '<div style="background-image:linear-gradient(red,blue);color:#fff">seen</div>',
    "back again": '<div style="background:#000;color:#fff"><p style="background:#fff;color:#000">seen</p></div>',
    "links have their own colour": '<body bgcolor=white text=white><a href="http://a.example/">seen</a>',
    "on narrow screens": "<style>@media (max-width:480px){.x{display:none !important}}</style><b class=x>seen</b>",
    "more than a class": "<style>.a .x{display:none} .x:hover{display:none}</style><b class=x>seen</b>",
    "other boxes": '<div style="max-height:0;overflow:visible">seen</div><div style="height:0">seen</div>',
    "font": '<p style="font:normal 400 16px/20px Arial">seen</p>',
    "half": '<p style="opacity:0.5;color:rgba(0,0,0,.5)">seen</p>',
    "hidden from Outlook": '<div style="mso-hide:all">seen</div>',
    "rubbish": '<p style="display;none:;:;color:;font-size:x;background:;opacity:-">seen</p>',
    "other values": '<p style="display:none-x;content:display:none">seen</p>',
}


@pytest.mark.parametrize("source", HIDDEN.values(), ids=HIDDEN)
def test_hidden(source):
    seen = view(source)
    assert "not" in seen.hidden_text
    assert "seen" not in seen.hidden_text
    assert "seen" in seen.visible_text
    assert "not" not in seen.visible_text


@pytest.mark.parametrize("source", SEEN.values(), ids=SEEN)
def test_seen(source):
    seen = view(source)
    assert seen.hidden_text == ""
    assert "seen" in seen.visible_text


def test_the_line_before_the_letter_of_a_newsletter():
    seen = view(
        '<body style="background-color:#f4f4f4"><div style="display:none;font-size:1px;color:#f4f4f4;line-height:1px;'
        'max-height:0px;max-width:0px;opacity:0;overflow:hidden;">Three offers</div><p>Hello'
    )
    assert (seen.hidden_text, seen.visible_text) == ("Three offers", "Hello")


def test_tracking_pictures_hide_no_text():
    seen = view('Hello <img src="http://a.example/o.gif" width=1 height=1 style="display:none">you')
    assert (seen.visible_text, seen.hidden_text) == ("Hello you", "")


def test_words_within_words():
    seen = view('vi<span style="font-size:0">xq</span>ag<span style="display:none">zz</span>ra')
    assert (seen.visible_text, seen.hidden_text) == ("viagra", "xqzz")
