# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import pwd

import pytest

from postward.app.mta_lines.socket_folder import is_ready, is_runtime

ME = pwd.getpwuid(os.getuid())


@pytest.fixture
def folder(tmp_path):
    os.chown(tmp_path, -1, ME.pw_gid)
    return tmp_path


def test_a_folder_is_ready_that_gives_its_socket_the_group_of_postfix(folder):
    folder.chmod(0o2710)
    assert is_ready(folder, ME.pw_name)


@pytest.mark.parametrize("mode", [0o710, 0o2700])
def test_one_that_passes_no_group_on_or_lets_none_in_is_not(folder, mode):
    folder.chmod(mode)
    assert not is_ready(folder, ME.pw_name)


def test_one_of_another_group_or_owner_or_none_at_all_is_not(folder):
    folder.chmod(0o2710)
    other = next(entry.pw_name for entry in pwd.getpwall() if entry.pw_gid != ME.pw_gid)
    assert not is_ready(folder, other)
    assert not is_ready(folder, "no-such-account")
    assert not is_ready(folder / "absent", ME.pw_name)


def test_a_socket_of_the_service_alone():
    assert is_runtime("/run/postward/milter.sock")
    assert not is_runtime("/var/spool/postfix/postward/milter.sock")
