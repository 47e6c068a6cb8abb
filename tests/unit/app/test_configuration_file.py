# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.app.configuration_file import configuration_path


def test_the_named_file_wins_and_need_not_exist(tmp_path):
    assert configuration_path(tmp_path / "a", tmp_path / "b") == tmp_path / "a"


def test_the_installed_file_is_taken_where_there_is_one(tmp_path):
    default = tmp_path / "postward.yaml"
    assert configuration_path(None, default) is None
    default.touch()
    assert configuration_path(None, default) == default
