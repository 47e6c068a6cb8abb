# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies in a maildir, as mail programs read it."""

from __future__ import annotations

import mailbox

import pytest

from postward.spool.errors import SpoolError, SpoolFullError
from postward.spool.maildir import Maildir
from tests.unit.spool.kept import CONTENT, NOW_S, files_of_at_most


def test_a_mail_program_reads_what_was_added(tmp_path):
    folder = tmp_path / "archive"
    Maildir(folder, host="mx/1:a").add(CONTENT)
    (message,) = mailbox.Maildir(folder, create=False)
    assert (message["subject"], message.get_payload()) == ("The minutes", "Hello.\n")
    assert list((folder / "tmp").iterdir()) == []


def test_names_differ_and_hold_nothing_that_a_path_could_be_made_of(tmp_path):
    maildir = Maildir(tmp_path, host="mx/1:a", clock=lambda: NOW_S)
    names = {maildir.add(CONTENT).name for _ in range(3)}
    assert len(names) == 3
    assert all(name.startswith("1800000000.R") and name.endswith(r".mx\0571\072a") for name in names)


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SpoolError, match="Not a directory"):
        Maildir(tmp_path / "file").add(CONTENT)


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path):
    with files_of_at_most(10), pytest.raises(SpoolFullError):
        Maildir(tmp_path).add(CONTENT)
    assert [list((tmp_path / name).iterdir()) for name in ("tmp", "new")] == [[], []]
