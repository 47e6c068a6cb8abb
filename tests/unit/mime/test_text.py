# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.mime.text import body_text
from tests.unit.mime.making import message

MAIL = """\
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: multipart/alternative; boundary=c

--c

unsubscribe
   here
--c
Content-Type: text/html

<p>this is\tan<br>advert<b>isement</b></p>
--c
Content-Type: text/calendar

BEGIN:VCALENDAR
--c--
--b
Content-Type: text/plain; name=x.txt
Content-Disposition: attachment

not this
--b
Content-Type: text/plain

shown below
--b
Content-Type: message/rfc822

Subject: x

not this
--b--
"""


def test_bodies_only_and_blanks_collapsed():
    assert body_text(message(MAIL), 1_000) == "unsubscribe here this is an advertisement shown below"


def test_the_limit_is_of_what_is_given():
    assert body_text(message(MAIL), 20) == "unsubscribe here thi"
    assert body_text(message("Content-Type: text/plain\n\n" + " " * 10_000 + "x"), 10) == "x"


def test_a_text_that_claims_to_be_a_multipart_is_shown():
    assert body_text(message("Content-Type: multipart/mixed; boundary=b\n\nhello"), 10) == "hello"


def test_no_body():
    assert body_text(message("Content-Type: image/png\n\nx"), 10) == ""
    assert body_text(message("\n\n"), 10) == ""
