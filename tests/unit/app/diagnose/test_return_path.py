# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os

import pytest

from postward.app.diagnose.finding import Level
from postward.app.diagnose.return_path import check_return_path
from postward.config import load


@pytest.fixture
def check(open_dir, stranger):
    def check(text):
        path = open_dir / "postward.yaml"
        path.write_text(f"state_dir: {open_dir}\nreturn_path:\n  {text}\n", encoding="utf-8")
        found = check_return_path(load(path), stranger.name)
        assert not (open_dir / "return-path.secret").exists()
        return found.level, found.message

    return check


def test_nothing_is_made(check):
    assert check("style: none") == (Level.OK, "neither return paths nor feedback fields are made")


def test_the_service_will_make_its_own_secret(check):
    assert check("cfbl_address: fbl@a.example") == (Level.OK, "can be made")


def test_a_secret_that_the_service_cannot_read(check, open_dir, stranger):
    file = open_dir / "shared.secret"
    file.write_text("s" * 32, encoding="utf-8")
    file.chmod(0o600)
    text = f"cfbl_address: fbl@a.example\n  secret_file: {file}"
    level, message = check(text)
    assert (level, message.endswith("cannot be read by the service's user")) == (Level.ERROR, True)
    assert f"{open_dir}/postward.yaml:4: return_path.secret_file: {file}" in message
    os.chown(file, stranger.uid, stranger.gid)
    assert check(text) == (Level.OK, "can be made")
