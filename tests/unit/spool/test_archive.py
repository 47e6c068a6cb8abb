# SPDX-License-Identifier: GPL-3.0-or-later
"""An archive keeps the message octet for octet, and the envelope above it."""

from __future__ import annotations

from postward.spool.archive import MaildirArchive, UploadedArchive
from postward.spool.archived_form import archived_form
from postward.spool.maildir import Maildir
from postward.spool.message_store import MessageStore
from tests.unit.spool.kept import CONTENT, kept


def test_the_envelope_stands_above_the_message():
    form = archived_form(CONTENT, sender="", recipients=("bob@example.com", "carol@example.net"), rule="legal")
    assert form == (
        b"Return-Path: <>\r\nX-Envelope-To: <bob@example.com>\r\nX-Envelope-To: <carol@example.net>\r\n"
        b"X-Postward-Archived: rule=legal\r\n" + CONTENT
    )


def test_an_address_ends_no_field():
    form = archived_form(CONTENT, sender="a\r\nBcc: x@y\udcff>", recipients=(), rule="r\r\n\r\n")
    assert form.removesuffix(CONTENT) == b"Return-Path: <a??Bcc:?x@y\xff?>\r\nX-Postward-Archived: rule=r????\r\n"


def test_a_copy_in_a_maildir_can_be_taken_back(tmp_path):
    undo = MaildirArchive(Maildir(tmp_path)).add(kept(), CONTENT)
    (path,) = (tmp_path / "new").iterdir()
    assert path.read_bytes().endswith(CONTENT.replace(b"\r\n", b"\n"))
    undo()
    assert list((tmp_path / "new").iterdir()) == []


def test_a_copy_that_waits_to_be_uploaded_can_be_taken_back(tmp_path):
    pending = MessageStore(tmp_path)
    undo = UploadedArchive(pending).add(kept(), CONTENT)
    (message,) = pending.listing().messages
    assert pending.content(message).endswith(CONTENT)
    undo()
    assert pending.listing().messages == ()
