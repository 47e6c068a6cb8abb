# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.checks.content.body.empty_body import CHECK
from tests.unit.checks.content.body.attaching import PDF, html, plain, with_file
from tests.unit.checks.content.letters import found, letter


def test_nothing_at_all():
    assert found(CHECK, plain("")) == ["BODY_EMPTY"]
    assert found(CHECK, html("<p>&nbsp;</p>")) == ["BODY_EMPTY"]


def test_a_file_and_not_a_word():
    assert found(CHECK, with_file("scan.pdf", PDF, text="")) == ["BODY_ONLY_FILE"]


def test_near_misses():
    assert found(CHECK, plain("Yes.")) == []
    assert found(CHECK, html('<img src="cid:photo">')) == []
    assert found(CHECK, with_file("scan.pdf", PDF, text="Here")) == []


def test_what_is_encrypted_has_no_text():
    text = "Content-Type: multipart/encrypted; boundary=b\n\n--b\nContent-Type: application/pgp-encrypted\n\nx\n--b--\n"
    assert found(CHECK, letter(text)) == []


def test_a_message_that_is_encrypted_as_a_whole():
    text = 'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"\n\nMIIB\n'
    assert found(CHECK, letter(text)) == []
