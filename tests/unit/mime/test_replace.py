# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.mime.message import MimeMessage
from postward.mime.replace import with_parts_replaced
from tests.unit.mime.making import message

MAIL = """\
Content-Type: multipart/mixed; boundary=b

preamble
--b
Content-Type: text/plain; charset=utf-8

text \u00e4
--b
Content-Type: application/octet-stream; name=evil.exe
Content-Disposition: attachment

MZ
--b
Content-Type: message/rfc822

Subject: inner
Content-Type: application/pdf;
\tname=x.pdf
Content-Transfer-Encoding: 8bit
X-Kept: yes

%PDF
--b--
epilogue
"""
PLAIN = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"


def test_every_other_octet_is_kept():
    mime = message(MAIL)
    old = mime.by_path["2"]
    change = with_parts_replaced(mime, {"2": "evil.exe was removed.", "7.7": "nothing"})
    assert change.body == mime.body[: old.header_start] + PLAIN + b"evil.exe was removed." + mime.body[old.end :]
    assert change.header == {}
    again = MimeMessage(mime.headers, change.body)
    assert [part.content_type for part in again.parts] == [
        "text/plain",
        "text/plain",
        "message/rfc822",
        "application/pdf",
    ]
    assert again.by_path["2"].text() == "evil.exe was removed."
    assert not again.by_path["2"].is_attachment


def test_the_header_of_an_attached_message_stays():
    mime = message(MAIL)
    change = with_parts_replaced(mime, {"3.1": "removed"})
    inner = b"Subject: inner\r\nX-Kept: yes\r\n" + PLAIN + b"removed"
    assert change.body == mime.body[: mime.by_path["3.1"].header_start] + inner + b"\r\n--b--\r\nepilogue\r\n"


def test_what_is_within_a_replaced_part_goes_with_it():
    mime = message(MAIL)
    assert with_parts_replaced(mime, {"3": "x", "3.1": "y"}) == with_parts_replaced(mime, {"3": "x"})


def test_a_message_of_one_part_needs_another_header():
    mime = message("Content-Type: application/x; name=a.exe\nContent-Disposition: attachment; filename=a.exe\n\nMZ")
    change = with_parts_replaced(mime, {"1": "removed"})
    assert change.body == b"removed\r\n"
    assert change.header == {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "7bit",
        "MIME-Version": "1.0",
        "Content-Disposition": "",
    }


@pytest.mark.parametrize(
    "notice",
    [
        "--b--\n--b\nContent-Type: x/y\n\nx",
        "\u00e4\u00f6\r\n--b",
        "x" * 2_000,
        "From me\n.\n-",
        "a\0b\x1b",
        "",
        "tab\tis kept",
    ],
)
def test_a_notice_never_makes_parts(notice):
    mime = message(MAIL)
    change = with_parts_replaced(mime, {"2": notice})
    again = MimeMessage(mime.headers, change.body)
    assert [part.path for part in again.parts] == [part.path for part in mime.parts]
    wanted = "".join(letter for letter in "\n".join(notice.splitlines()) if letter in "\n\t" or letter.isprintable())
    assert again.by_path["2"].text().replace("\r\n", "\n") == wanted
    assert max(map(len, change.body.split(b"\r\n"))) <= 80


def test_nothing_to_replace():
    mime = message(MAIL)
    assert with_parts_replaced(mime, {}).body == mime.body
