# SPDX-License-Identifier: GPL-3.0-or-later
"""The secrets: the operator's or our own, kept, private, and never made where nothing is to be left behind."""

from __future__ import annotations

import os

import pytest

from postward.app.return_path_secrets import FeedbackSecrets, load_feedback_secrets
from postward.config import load
from postward.signing.key_file import ServiceAccount

ME = ServiceAccount(uid=os.geteuid(), gid=os.getegid())
OLD, NEW = "o" * 32, "n" * 32


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path)


class Site:
    """A configuration and a state directory."""

    def __init__(self, base):
        self.base = base
        self.state = base / "state"
        self.state.mkdir()
        self.shared = base / "shared.secret"

    @property
    def kept(self):
        return self.state / "return-path.secret"

    def write(self, content, mode=0o600):
        self.shared.write_text(content, encoding="utf-8")
        self.shared.chmod(mode)

    def load(self, text="style: batv\n  domains: [a.example]", *, account=ME, makes_secret=True, shared=False):
        path = self.base / "postward.yaml"
        file = f"  secret_file: {self.shared}\n" if shared else ""
        path.write_text(f"state_dir: {self.state}\nreturn_path:\n  {text}\n{file}", encoding="utf-8")
        return load_feedback_secrets(load(path), account, makes_secret=makes_secret)


def message(loaded):
    (fault,) = loaded.faults
    assert loaded.keys is None
    assert fault.key == "return_path.secret_file"
    return fault.message


def test_nothing_is_made_where_nothing_asks_for_it(site):
    assert site.load("style: none") == FeedbackSecrets()
    assert not site.kept.exists()


@pytest.mark.parametrize(
    "text", ["style: batv\n  domains: [a.example]", "cfbl_address: fbl@a.example", "feedback_id: a-example"]
)
def test_ours_is_made_once_and_read_from_then_on(site, text):
    made = site.load(text)
    assert made.keys is not None
    assert site.load(text) == made
    assert [path.name for path in site.state.iterdir()] == [site.kept.name]
    assert site.kept.stat().st_mode & 0o777 == 0o600


def test_each_host_makes_another(site, tmp_path):
    first = site.load().keys
    site.kept.unlink()
    assert site.load().keys != first


def test_without_leave_none_is_made_but_one_that_is_there_is_used(site):
    passing = site.load(makes_secret=False)
    assert passing.keys is not None
    assert passing.faults == ()
    assert not site.kept.exists()
    kept = site.load()
    assert site.load(makes_secret=False) == kept


def test_a_fleet_shares_the_operators(site):
    site.write(f"{NEW}\n{OLD}\n")
    keys = site.load(shared=True).keys
    assert [key.secret.decode() for key in keys] == [NEW, OLD]
    assert not site.kept.exists()


def test_ours_may_be_rotated_in_its_place(site):
    (old,) = site.load().keys
    site.kept.write_text(f"{NEW}\n{old.secret.decode()}\n", encoding="utf-8")
    assert site.load().keys.previous == old


def test_root_may_look_at_what_is_the_services(site):
    site.load()
    os.chown(site.kept, 65_534, 65_534)
    assert site.load(makes_secret=False).faults == ()


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        ("short\n", 0o600, "holds a secret of fewer than 32 characters"),
        ("", 0o600, "holds no secret"),
        (NEW, 0o604, "is open to everybody (mode 0604)"),
        (NEW, 0o620, "can be changed by its group (mode 0620)"),
    ],
)
def test_what_cannot_be_used_is_said_and_never_quoted(site, content, mode, words):
    site.write(content, mode)
    assert message(site.load(shared=True)) == f"{site.shared} {words}"


def test_the_operators_is_never_made(site):
    assert message(site.load(shared=True)) == f"{site.shared} does not exist"
    assert not site.shared.exists()


def test_one_of_another_user_is_none_for_the_service(site):
    site.write(NEW)
    os.chown(site.shared, 12_345, 0)
    stranger = ServiceAccount(uid=54_321, gid=54_321)
    assert "belongs to the user with the number 12345" in message(site.load(shared=True, account=stranger))


def test_ours_that_is_damaged_is_not_replaced(site):
    # What was made with it may be on its way.
    site.load()
    site.kept.write_text("", encoding="utf-8")
    assert message(site.load()) == f"{site.kept} holds no secret"
    assert site.kept.read_text(encoding="utf-8") == ""


def test_a_state_directory_that_is_not_there(site):
    site.state.rmdir()
    assert message(site.load()) == f"{site.kept} cannot be read or made: No such file or directory"
