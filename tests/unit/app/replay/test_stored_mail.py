# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os

import pytest

from postward.app.replay.stored_mail import mail_files, stored_mail

MESSAGE = b"Subject: one\n\nbody\n"


@pytest.fixture
def maildir(tmp_path):
    for folder in ("", ".Sent", ".Sent.2026"):
        for part in ("cur", "new", "tmp"):
            (tmp_path / folder / part).mkdir(parents=True)
    (tmp_path / "cur" / "1.host:2,S").write_bytes(MESSAGE)
    (tmp_path / "new" / "2.host").write_bytes(MESSAGE)
    (tmp_path / ".Sent" / "cur" / "3.host:2,").write_bytes(MESSAGE)
    (tmp_path / "tmp" / "4.host").write_bytes(b"half")
    (tmp_path / "dovecot.index").write_bytes(b"\0index")
    (tmp_path / ".Sent" / "maildirfolder").write_bytes(b"")
    return tmp_path


def names(mail) -> set[str]:
    return {one.name.rpartition("/")[2] for one in mail}


def test_of_a_maildir_and_its_folders_what_has_been_delivered(maildir):
    found = list(stored_mail(maildir, max_bytes=1000))
    assert names(found) == {"1.host:2,S", "2.host", "3.host:2,"}
    assert {one.content for one in found} == {MESSAGE}
    assert len(list(mail_files(maildir))) == 3


def test_of_any_other_folder_every_file(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.eml").write_bytes(MESSAGE)
    (tmp_path / "sub" / "b").write_bytes(MESSAGE)
    (tmp_path / ".hidden").write_bytes(MESSAGE)
    assert names(stored_mail(tmp_path, max_bytes=1000)) == {"a.eml", "b"}


def test_an_mbox_gives_its_messages_with_their_numbers(tmp_path):
    path = tmp_path / "mbox"
    path.write_bytes(b"From a@x\n" + MESSAGE + b"\nFrom b@x\n" + MESSAGE + b"x" * 2000 + b"\n\nFrom c@x\n" + MESSAGE)
    found = list(stored_mail(path, max_bytes=1000))
    assert [(one.name, one.problem) for one in found] == [
        (f"{path}:1", ""),
        (f"{path}:2", "larger than 1000 bytes"),
        (f"{path}:3", ""),
    ]
    assert found[-1].position == path.stat().st_size


def test_a_single_file_is_one_message(tmp_path):
    path = tmp_path / "a.eml"
    path.write_bytes(MESSAGE)
    assert [one.content for one in stored_mail(path, max_bytes=1000)] == [MESSAGE]


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(maildir):
    (maildir / "cur" / "large").write_bytes(b"x" * 2000)
    found = {one.name.rpartition("/")[2]: one.problem for one in stored_mail(maildir, max_bytes=1000)}
    assert found["large"] == "larger than 1000 bytes"
    assert found["1.host:2,S"] == ""


def test_links_and_pipes_are_not_followed(maildir):
    (maildir / "cur" / "link").symlink_to("/etc/passwd")
    (maildir / "cur" / "folder").symlink_to("/etc")
    os.mkfifo(maildir / "cur" / "pipe")
    assert names(stored_mail(maildir, max_bytes=1000)) == {"1.host:2,S", "2.host", "3.host:2,"}


def test_a_path_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        list(stored_mail(tmp_path / "absent", max_bytes=1000))
