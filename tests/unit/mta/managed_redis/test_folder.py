# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import stat

import pytest

from postward.mta.managed_redis.folder import FolderTaken, FolderUnusable, take_folder


def test_it_is_made_private_and_taken_once(tmp_path):
    folder = tmp_path / "redis"
    lock = take_folder(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    with pytest.raises(FolderTaken, match="another process keeps the Redis in"):
        take_folder(folder)
    os.close(lock)
    os.close(take_folder(folder))


def test_it_stays_taken_while_a_copy_of_the_lock_is_open(tmp_path):
    lock = take_folder(tmp_path / "redis")
    copy = os.dup(lock)
    os.close(lock)
    with pytest.raises(FolderTaken):
        take_folder(tmp_path / "redis")
    os.close(copy)


def test_one_that_others_may_read_is_closed_to_them(tmp_path):
    folder = tmp_path / "redis"
    folder.mkdir(mode=0o755)
    os.close(take_folder(folder))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_file_in_its_place_is_refused(tmp_path):
    (tmp_path / "redis").write_text("")
    with pytest.raises(FolderUnusable, match="redis: File exists"):
        take_folder(tmp_path / "redis")


def test_without_the_directory_above_it_says_which(tmp_path):
    with pytest.raises(FolderUnusable, match="nowhere/redis: No such file or directory"):
        take_folder(tmp_path / "nowhere/redis")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_one_of_another_user_is_refused(tmp_path):
    folder = tmp_path / "redis"
    folder.mkdir()
    os.chown(folder, 65_534, 65_534)
    with pytest.raises(FolderUnusable, match="belongs to another user"):
        take_folder(folder)


def test_a_link_in_place_of_the_lock_is_not_followed(tmp_path):
    folder = tmp_path / "redis"
    folder.mkdir()
    (folder / "lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FolderUnusable):
        take_folder(folder)
    assert not (tmp_path / "elsewhere").exists()
